package preview

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"testing"
)

// square is a picture made square, held to what is promised of it.
func square(t *testing.T, content []byte) image.Image {
	t.Helper()
	made, err := blind().square(t.Context(), file(content))
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(made))
	if err != nil {
		t.Fatalf("it is no JPEG: %v", err)
	}
	if size := m.Bounds().Size(); size.X != size.Y || size.X > squareSide || size.X == 0 {
		t.Errorf("it is %v", size)
	}
	return m
}

func TestAnyPictureIsMadeSquare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content []byte
		side    int
		corners string
	}{
		"png":         {pngOf(quarters(650, 650)), 640, "RGBW"},
		"jpeg":        {jpegOf(quarters(100, 100)), 100, "RGBW"},
		"wide":        {pngOf(quarters(400, 100)), 100, "RGBW"},
		"high":        {jpegOf(quarters(100, 500)), 100, "RGBW"},
		"large":       {solidWebP(1930, 1921), 640, "RRRR"},
		"webp":        {solidWebP(80, 70), 70, "RRRR"},
		"transparent": {pngOf(image.NewNRGBA(image.Rect(0, 0, 10, 10))), 10, "WWWW"},
		"turned":      {withSegment(jpegOf(quarters(300, 100)), jpegAPP1, exif(binary.LittleEndian, 3)), 100, "WBGR"},
		"one pixel":   {pngOf(quarters(1, 1)), 1, ""},
	} {
		m := square(t, c.content)
		if m.Bounds().Dx() != c.side {
			t.Errorf("%s is %v", name, m.Bounds())
		}
		if got := corners(m); c.corners != "" && got != c.corners {
			t.Errorf("%s shows %s, want %s", name, got, c.corners)
		}
	}
}

func TestWhatIsMadeSquareStaysSmall(t *testing.T) {
	t.Parallel()
	noise := image.NewRGBA(image.Rect(0, 0, 520, 520))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Uint32())
	}
	made, err := blind().square(t.Context(), file(pngOf(noise)))
	if err != nil || len(made) >= squareBytes {
		t.Errorf("%d bytes, %v", len(made), err)
	}
}

func TestWhatIsNoPictureIsNotMadeSquare(t *testing.T) {
	t.Parallel()
	whole := jpegOf(quarters(300, 300))
	for name, content := range map[string][]byte{
		"nothing": nil, "a text": []byte("hello"), "half a picture": whole[:len(whole)/2], "its head": whole[:3], "a moving webp": extendedWebP(2, 100, 100),
		"a gif": []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "a film": film(3400, 640, 360),
	} {
		if _, err := blind().square(t.Context(), file(content)); !errors.Is(err, ErrNoPicture) {
			t.Errorf("%s: %v", name, err)
		}
	}
	e := blind()
	e.pixels = 300
	if _, err := e.square(t.Context(), file(pngOf(quarters(31, 10)))); !errors.Is(err, ErrVastPicture) {
		t.Errorf("more pixels than are decoded: %v", err)
	}
	away := errors.New("the store is away")
	if _, err := Square(t.Context(), func(context.Context) (io.ReadCloser, error) { return nil, away }); !errors.Is(err, away) {
		t.Errorf("a file that does not open: %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := Square(ended, file(whole)); !errors.Is(err, context.Canceled) {
		t.Errorf("for nobody: %v", err)
	}
}
