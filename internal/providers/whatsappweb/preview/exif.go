package preview

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how a camera was held, numbered as EXIF's tag 0x0112: where
// the first row and column of the file are to be shown.
type orientation int

const upright orientation = 1

// sideways tells whether width and height change places.
func (o orientation) sideways() bool { return o >= 5 && o <= 8 }

// apply turns a small picture the way it is to be shown.
func (o orientation) apply(from *image.RGBA) *image.RGBA {
	if o <= upright || o > 8 {
		return from
	}
	width, height := from.Rect.Dx(), from.Rect.Dy()
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	if o.sideways() {
		to = image.NewRGBA(image.Rect(0, 0, height, width))
	}
	for y := range height {
		for x := range width {
			toX, toY := o.moved(x, y, width, height)
			to.SetRGBA(toX, toY, from.RGBAAt(x, y))
		}
	}
	return to
}

// moved says where a pixel of the file is shown.
func (o orientation) moved(x, y, width, height int) (toX, toY int) {
	right, bottom := width-1-x, height-1-y
	switch o {
	case 2: // mirrored
		return right, y
	case 3: // upside down
		return right, bottom
	case 4: // upside down, mirrored
		return x, bottom
	case 5: // mirrored along the diagonal
		return y, x
	case 6: // to be turned clockwise
		return bottom, x
	case 7: // mirrored along the other diagonal
		return bottom, right
	case 8: // to be turned counter-clockwise
		return y, right
	default:
		return x, y
	}
}

const (
	jpegSOS  = 0xda // pixels follow: no more headers
	jpegAPP1 = 0xe1
)

// exifOrientation finds the orientation in the headers of a JPEG; upright when
// it says none.
func exifOrientation(head []byte) orientation {
	for rest := head[min(2, len(head)):]; len(rest) >= 4 && rest[0] == 0xff; {
		if rest[1] == 0xff { // fill
			rest = rest[1:]
			continue
		}
		marker, length := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == jpegSOS || length < 2 || 2+length > len(rest) {
			break
		}
		segment := rest[4 : 2+length]
		if tiff, is := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); is && marker == jpegAPP1 {
			return tiffOrientation(tiff)
		}
		rest = rest[2+length:]
	}
	return upright
}

// tiffOrientation reads the tag from the first directory of a TIFF structure.
func tiffOrientation(tiff []byte) orientation {
	const tag, typeShort, entrySize = 0x0112, 3, 12
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	}
	if order == nil || len(tiff) < 8 {
		return upright
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return upright
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entrySize {
			break
		}
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == typeShort {
			if o := orientation(order.Uint16(entries[8:])); o >= upright && o <= 8 {
				return o
			}
			break
		}
		entries = entries[entrySize:]
	}
	return upright
}
