package preview

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
)

// file opens the same bytes as often as it is asked to.
func file(content []byte) opener {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
}

// blind is an eye without ffmpeg.
func blind() *eye { return newEye(func() string { return "" }) }

func look(t *testing.T, kind providers.ContentType, content []byte) Facts {
	t.Helper()
	return blind().look(t.Context(), kind, "", int64(len(content)), file(content))
}

// counted counts what is read of a file.
type counted struct {
	io.Reader
	read   *atomic.Int64
	closed *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read.Add(int64(n))
	return n, err
}

func (c counted) Close() error {
	c.closed.Add(1)
	return nil
}

// quarters is a picture of four colours: red and green over blue and white.
func quarters(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetRGBA(x, y, paints[2*(2*y/height)+2*x/width])
		}
	}
	return m
}

var paints = []color.RGBA{{R: 255, A: 255}, {G: 255, A: 255}, {B: 255, A: 255}, {R: 255, G: 255, B: 255, A: 255}}

// corners are the names of the paints that a picture shows: top left, top
// right, bottom left, bottom right.
func corners(m image.Image) string {
	const names = "RGBW"
	var out []byte
	width, height := m.Bounds().Dx(), m.Bounds().Dy()
	for i := range 4 {
		r, g, b, _ := m.At(width/4+i%2*width/2, height/4+i/2*height/2).RGBA()
		distance := func(c color.RGBA) int {
			return abs(int(r>>8)-int(c.R)) + abs(int(g>>8)-int(c.G)) + abs(int(b>>8)-int(c.B))
		}
		nearest := slices.MinFunc(paints, func(a, b color.RGBA) int { return distance(a) - distance(b) })
		out = append(out, names[slices.Index(paints, nearest)])
	}
	return string(out)
}

func abs(n int) int { return max(n, -n) }

func pngOf(m image.Image) []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		panic(err) // into memory
	}
	return out.Bytes()
}

func jpegOf(m image.Image) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 95}); err != nil {
		panic(err) // into memory
	}
	return out.Bytes()
}

// withSegment puts a segment with headers behind the start of a JPEG.
func withSegment(picture []byte, marker byte, content []byte) []byte {
	segment := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(content)))
	return slices.Concat(picture[:2], segment, content, picture[2:])
}

// exif is a segment that says the orientation, behind another tag.
func exif(order binary.AppendByteOrder, turned uint16) []byte {
	out := []byte("Exif\x00\x00II")
	if order.String() == "BigEndian" {
		out = []byte("Exif\x00\x00MM")
	}
	out = order.AppendUint16(out, 42)
	out = order.AppendUint32(out, 8)
	out = order.AppendUint16(out, 2)
	for _, entry := range [][2]uint16{{0x0100, 640}, {0x0112, turned}} {
		out = order.AppendUint16(out, entry[0])
		out = order.AppendUint16(out, 3)
		out = order.AppendUint32(out, 1)
		out = order.AppendUint16(out, entry[1])
		out = order.AppendUint16(out, 0)
	}
	return out
}

func riff(form string, chunks ...[]byte) []byte {
	body := append([]byte(form), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func chunk(name string, body []byte) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body))), body...)
	if len(body)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

// solidWebP is a lossless webp of one colour: every code has one symbol, so a
// picture of any size takes no bits.
func solidWebP(width, height int) []byte {
	var bits, count uint64
	out := []byte{0x2f}
	put := func(value uint64, width uint64) {
		bits |= value << count
		for count += width; count >= 8; count -= 8 {
			out = append(out, byte(bits))
			bits >>= 8
		}
	}
	put(uint64(width-1), 14)
	put(uint64(height-1), 14)
	put(0, 1)                                            // alpha
	put(0, 3)                                            // version
	put(0, 3)                                            // no transform, no cache of colours, one group of codes
	for _, symbol := range []uint64{0, 255, 0, 255, 0} { // green, red, blue, alpha, distance
		put(0b101, 3) // simple, one symbol, of eight bits
		put(symbol, 8)
	}
	put(0, 7)
	return riff("WEBP", chunk("VP8L", out))
}

// extendedWebP has the header of a webp with a canvas; the frames are missing.
func extendedWebP(flags byte, width, height int) []byte {
	body := []byte{flags, 0, 0, 0}
	for _, side := range []int{width - 1, height - 1} {
		body = append(body, byte(side), byte(side>>8), byte(side>>16))
	}
	return riff("WEBP", chunk("VP8X", body))
}

func big32(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }
func big64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// box is one of a film's, of its parts.
func box(name string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return slices.Concat(big32(uint32(8+len(body))), []byte(name), body)
}

func mvhd(timescale, duration uint32) []byte {
	return box("mvhd", make([]byte, 12), big32(timescale), big32(duration), make([]byte, 80))
}

func mvhd64(timescale uint32, duration uint64) []byte {
	return box("mvhd", []byte{1, 0, 0, 0}, make([]byte, 16), big32(timescale), big64(duration), make([]byte, 80))
}

var (
	straight = []uint32{1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30}
	quarter  = []uint32{0, 1 << 16, 0, 0xffff0000, 0, 0, 0, 0, 1 << 30}
	half     = []uint32{0xffff0000, 0, 0, 0, 0xffff0000, 0, 0, 0, 1 << 30}
)

func tkhd(version byte, matrix []uint32, width, height uint32) []byte {
	times := 20
	if version == 1 {
		times = 32
	}
	out := [][]byte{{version, 0, 0, 7}, make([]byte, times+16)}
	for _, n := range append(slices.Clone(matrix), width<<16, height<<16) {
		out = append(out, big32(n))
	}
	return box("tkhd", out...)
}

func trak(handler string, head []byte) []byte {
	return box("trak", head, box("mdia", box("mdhd", make([]byte, 24)), box("hdlr", make([]byte, 8), []byte(handler), make([]byte, 12))))
}

// film is an mp4 with a sound before its pictures.
func film(duration uint32, width, height uint32) []byte {
	return slices.Concat(
		box("ftyp", []byte("isom\x00\x00\x02\x00isom")),
		box("mdat", make([]byte, 300)),
		box("moov", mvhd(1000, duration), trak("soun", tkhd(0, straight, 0, 0)), trak("vide", tkhd(0, straight, width, height))),
	)
}

// oggPage is a page of one packet under 255 bytes.
func oggPage(flags byte, stream uint32, granule int64, packet []byte) []byte {
	out := []byte{'O', 'g', 'g', 'S', 0, flags}
	out = binary.LittleEndian.AppendUint64(out, uint64(granule))
	out = binary.LittleEndian.AppendUint32(out, stream)
	out = append(out, make([]byte, 8)...) // number and checksum
	return append(append(out, 1, byte(len(packet))), packet...)
}

func opusHead(skips uint16) []byte {
	return slices.Concat([]byte("OpusHead\x01\x01"), binary.LittleEndian.AppendUint16(nil, skips), make([]byte, 7))
}

func vorbisHead(rate uint32) []byte {
	return slices.Concat([]byte("\x01vorbis\x00\x00\x00\x00\x02"), binary.LittleEndian.AppendUint32(nil, rate), make([]byte, 14))
}

// voiceNote is an Ogg of Opus with so many samples of 48 kHz.
func voiceNote(samples int64) []byte {
	return slices.Concat(
		oggPage(2, 7, 0, opusHead(312)), oggPage(0, 7, 0, []byte("OpusTags")),
		oggPage(0, 7, 960, make([]byte, 200)), oggPage(0, 7, -1, make([]byte, 200)), oggPage(4, 7, samples+312, make([]byte, 3)),
	)
}
