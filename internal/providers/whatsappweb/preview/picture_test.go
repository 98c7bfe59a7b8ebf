package preview

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
)

// shownBy decodes a thumbnail and holds it to its promise.
func shownBy(t *testing.T, facts Facts) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(facts.Thumbnail))
	if err != nil {
		t.Fatalf("the thumbnail is no JPEG: %v", err)
	}
	if m.Bounds().Dx() != facts.ThumbWidth || m.Bounds().Dy() != facts.ThumbHeight {
		t.Errorf("the thumbnail is %v, said to be %d x %d", m.Bounds(), facts.ThumbWidth, facts.ThumbHeight)
	}
	if len(facts.Thumbnail) >= thumbBytes || max(facts.ThumbWidth, facts.ThumbHeight) > thumbSide {
		t.Errorf("the thumbnail has %d bytes and %d x %d pixels", len(facts.Thumbnail), facts.ThumbWidth, facts.ThumbHeight)
	}
	return m
}

func TestPicturesShowTheirSizeAndThemselves(t *testing.T) {
	t.Parallel()
	moving := &bytes.Buffer{}
	frame := image.NewPaletted(image.Rect(0, 0, 300, 150), color.Palette{paints[0], paints[1], paints[2], paints[3]})
	for i := range frame.Pix {
		frame.Pix[i] = uint8(2*(2*(i/300)/150) + 2*(i%300)/300)
	}
	if err := gif.EncodeAll(moving, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content                   []byte
		width, height, tall, wide int
		corners                   string
	}{
		"png":         {pngOf(quarters(300, 150)), 300, 150, 50, 100, "RGBW"},
		"jpeg":        {jpegOf(quarters(150, 300)), 150, 300, 100, 50, "RGBW"},
		"gif":         {moving.Bytes(), 300, 150, 50, 100, "RGBW"},
		"webp":        {solidWebP(512, 256), 512, 256, 50, 100, "RRRR"},
		"small":       {pngOf(quarters(40, 20)), 40, 20, 20, 40, "RGBW"},
		"a line":      {pngOf(quarters(4000, 2)), 4000, 2, 1, 100, ""},
		"transparent": {pngOf(image.NewNRGBA(image.Rect(0, 0, 10, 10))), 10, 10, 10, 10, "WWWW"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, kind := range []providers.ContentType{providers.TypeImage, providers.TypeSticker, providers.TypeDocument} {
				facts := look(t, kind, c.content)
				if facts.Width != c.width || facts.Height != c.height || facts.ThumbWidth != c.wide || facts.ThumbHeight != c.tall {
					t.Errorf("as %s: %d x %d, thumbnail %d x %d", kind, facts.Width, facts.Height, facts.ThumbWidth, facts.ThumbHeight)
				}
				if got := corners(shownBy(t, facts)); c.corners != "" && got != c.corners {
					t.Errorf("as %s the thumbnail shows %s, want %s", kind, got, c.corners)
				}
				if facts.Animated || facts.Seconds != 0 || facts.Voice {
					t.Errorf("as %s: %+v", kind, facts)
				}
			}
		})
	}
}

// The corners follow from what EXIF says of row 0 and column 0, not from the code.
func TestPhotosAreShownAsTheCameraWasHeld(t *testing.T) {
	t.Parallel()
	for turned, want := range map[uint16]string{
		0: "RGBW", 1: "RGBW", 2: "GRWB", 3: "WBGR", 4: "BWRG", 5: "RBGW", 6: "BRWG", 7: "WGBR", 8: "GWRB", 9: "RGBW",
	} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			photo := withSegment(jpegOf(quarters(80, 40)), jpegAPP1, exif(order, turned))
			photo = withSegment(photo, 0xe0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"))
			facts := look(t, providers.TypeImage, photo)
			width, height := 80, 40
			if turned >= 5 && turned <= 8 {
				width, height = 40, 80
			}
			if facts.Width != width || facts.Height != height || facts.ThumbWidth != width || facts.ThumbHeight != height {
				t.Errorf("orientation %d, %s: %d x %d, thumbnail %d x %d", turned, order, facts.Width, facts.Height, facts.ThumbWidth, facts.ThumbHeight)
			}
			if got := corners(shownBy(t, facts)); got != want {
				t.Errorf("orientation %d, %s: shows %s, want %s", turned, order, got, want)
			}
		}
	}
}

func TestBrokenEXIFTurnsNothing(t *testing.T) {
	t.Parallel()
	whole := exif(binary.LittleEndian, 6)
	for name, segment := range map[string][]byte{
		"none": nil, "no TIFF": []byte("Exif\x00\x00"), "no order": []byte("Exif\x00\x00XX*\x00\x08\x00\x00\x00"),
		"no entries": whole[:16], "half an entry": whole[:len(whole)-6],
		"directory elsewhere": append([]byte("Exif\x00\x00II*\x00\xff\xff\xff\xff"), whole[14:]...),
		"another segment":     append([]byte("http"), whole...),
	} {
		facts := look(t, providers.TypeImage, withSegment(jpegOf(quarters(80, 40)), jpegAPP1, segment))
		if facts.Width != 80 || facts.Height != 40 || facts.Thumbnail == nil {
			t.Errorf("%s: %d x %d", name, facts.Width, facts.Height)
		}
	}
}

func TestNoiseStaysUnderTheLimitOfAThumbnail(t *testing.T) {
	t.Parallel()
	noise := image.NewRGBA(image.Rect(0, 0, 100, 100))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Uint32() | 0xff*uint32(i%4/3))
	}
	shownBy(t, look(t, providers.TypeImage, pngOf(noise)))
}

func TestAnimatedStickersAreMeasured(t *testing.T) {
	t.Parallel()
	const animation, alpha = 1 << 1, 1 << 4
	facts := look(t, providers.TypeSticker, extendedWebP(animation|alpha, 512, 400))
	if !facts.Animated || facts.Width != 512 || facts.Height != 400 || facts.Thumbnail != nil {
		t.Errorf("%+v", facts)
	}
	if facts := look(t, providers.TypeSticker, extendedWebP(alpha, 512, 400)); facts.Animated || facts.Width != 512 {
		t.Errorf("one that does not move: %+v", facts)
	}
}

// hugePNG says that it is huge; its pixels would follow.
func hugePNG(width, height uint32) []byte {
	header := append(append([]byte("IHDR"), append(big32(width), big32(height)...)...), 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), big32(13)...)
	return append(append(out, header...), big32(crc32.ChecksumIEEE(header))...)
}

func TestHugePicturesAreMeasuredOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ width, height uint32 }{{10_000, 5_001}, {1 << 17, 1}, {1, 1 << 30}} {
		var read, closed atomic.Int64
		endless := io.MultiReader(bytes.NewReader(hugePNG(c.width, c.height)), zeros{})
		facts := blind().look(t.Context(), providers.TypeImage, "image/png", 1<<40, func(context.Context) (io.ReadCloser, error) {
			return counted{endless, &read, &closed}, nil
		})
		if facts.Width != int(c.width) || facts.Height != int(c.height) || facts.Thumbnail != nil {
			t.Errorf("%v: %d x %d, a thumbnail of %d bytes", c, facts.Width, facts.Height, len(facts.Thumbnail))
		}
		if read.Load() > 2*headSize || closed.Load() != 1 {
			t.Errorf("%v: %d bytes were read, closed %d times", c, read.Load(), closed.Load())
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestTheLargestPictureIsDecodedAndNoneBeyond(t *testing.T) {
	t.Parallel()
	e := blind()
	e.pixels = 300
	for width, want := range map[int]bool{30: true, 31: false} {
		facts := e.look(t.Context(), providers.TypeImage, "", 0, file(pngOf(quarters(width, 10))))
		if facts.Width != width || (facts.Thumbnail != nil) != want {
			t.Errorf("%d pixels: width %d, a thumbnail of %d bytes", width*10, facts.Width, len(facts.Thumbnail))
		}
	}
}

func TestPicturesWaitForRoomNoLongerThanTheirContext(t *testing.T) {
	t.Parallel()
	e := blind()
	if err := e.decoding.Acquire(t.Context(), maxPixels); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var read, closed atomic.Int64
	picture := pngOf(quarters(300, 150))
	done := make(chan Facts)
	opened := make(chan struct{})
	go func() {
		done <- e.look(ctx, providers.TypeImage, "", 0, func(context.Context) (io.ReadCloser, error) {
			defer close(opened)
			return counted{bytes.NewReader(picture), &read, &closed}, nil
		})
	}()
	<-opened
	cancel()
	// The size is known only when the first read came before the end.
	if facts := <-done; facts.Thumbnail != nil || closed.Load() != 1 {
		t.Errorf("%d x %d, a thumbnail of %d bytes, closed %d times", facts.Width, facts.Height, len(facts.Thumbnail), closed.Load())
	}
	e.decoding.Release(maxPixels)
	if facts := e.look(t.Context(), providers.TypeImage, "", 0, file(picture)); facts.Thumbnail == nil {
		t.Error("no thumbnail once there is room")
	}
}

func TestCutPicturesKeepTheirSize(t *testing.T) {
	t.Parallel()
	for name, whole := range map[string][]byte{"png": pngOf(quarters(300, 150)), "jpeg": jpegOf(quarters(300, 150))} {
		cut := look(t, providers.TypeImage, whole[:len(whole)*9/10])
		if cut.Width != 300 || cut.Height != 150 || cut.Thumbnail != nil {
			t.Errorf("%s: %s", name, fmt.Sprint(cut.Width, cut.Height, len(cut.Thumbnail)))
		}
		if stump := look(t, providers.TypeImage, whole[:12]); stump.Width != 0 || stump.Thumbnail != nil {
			t.Errorf("12 bytes of a %s: %+v", name, stump)
		}
	}
}
