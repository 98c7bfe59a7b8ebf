package d360

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// sampleTypes are what a customer sends when nothing else is said.
var sampleTypes = map[string]string{
	"image": "image/jpeg", "video": "video/mp4", "audio": "audio/mpeg", "voice": "audio/ogg; codecs=opus",
	"document": "application/pdf", "sticker": "image/webp",
}

// sampleMedia makes a small file whose first bytes are those of its type, padded
// to size when that is larger. Salt makes two of them differ.
func sampleMedia(mimeType string, salt []byte, size int) []byte {
	var out []byte
	switch baseType(mimeType) {
	case "image/png":
		out = samplePicture(salt, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
	case "image/jpeg":
		out = samplePicture(salt, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })
	case "image/webp":
		out = sampleWebP(salt)
	case "video/mp4", "audio/mp4", "video/3gpp":
		out = sampleMP4(baseType(mimeType), salt)
	case "audio/ogg":
		out = sampleOgg(salt)
	case "audio/mpeg":
		out = append([]byte("ID3\x04\x00\x00\x00\x00\x00\x00\xFF\xFB\x90\x00"), salt...)
	case "audio/amr":
		out = append([]byte("#!AMR\n"), salt...)
	case "audio/aac":
		out = append([]byte("\xFF\xF1\x50\x80\x01\x3F\xFC"), salt...)
	case "application/pdf":
		out = fmt.Appendf(nil, "%%PDF-1.4\n%%%x\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n", salt)
	default:
		out = fmt.Appendf(nil, "sandbox file %x\n", salt)
	}
	if missing := size - len(out); missing > 0 {
		out = append(out, make([]byte, missing)...)
	}
	return out
}

func samplePicture(salt []byte, encodeInto func(*bytes.Buffer, image.Image) error) []byte {
	picture := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for i := range 256 {
		v := salt[i%len(salt)]
		picture.Set(i%16, i/16, color.RGBA{v, v ^ byte(i), byte(i), 255})
	}
	var b bytes.Buffer
	// Encoding into memory does not fail.
	_ = encodeInto(&b, picture)
	return b.Bytes()
}

// sampleWebP is one lossless pixel and a chunk that readers skip.
func sampleWebP(salt []byte) []byte {
	pixel := []byte("\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	body := append([]byte("WEBPVP8L"), le32(len(pixel)-1)...)
	body = append(body, pixel...)
	extra := append([]byte("SALT"), le32(len(salt)&^1)...)
	body = append(body, append(extra, salt[:len(salt)&^1]...)...)
	return append(append([]byte("RIFF"), le32(len(body))...), body...)
}

func le32(n int) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(n)) }

func box(name string, content []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(8+len(content)))
	return append(append(out, name...), content...)
}

func sampleMP4(mimeType string, salt []byte) []byte {
	brand := map[string]string{"video/mp4": "isom", "audio/mp4": "M4A ", "video/3gpp": "3gp4"}[mimeType]
	ftyp := append([]byte(brand+"\x00\x00\x02\x00"), brand...)
	return append(box("ftyp", ftyp), box("free", salt)...)
}

// sampleOgg is the first page of an ogg stream with mono opus.
func sampleOgg(salt []byte) []byte {
	head := append([]byte("OpusHead\x01\x01"), []byte("\x38\x01\x80\xBB\x00\x00\x00\x00\x00")...)
	page := append([]byte("OggS\x00\x02"), make([]byte, 20)...)
	page = append(page, 1, byte(len(head)))
	page = append(page, head...)
	return append(page, salt...)
}
