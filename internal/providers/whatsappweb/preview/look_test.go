package preview

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/cirrus/omnichannel/internal/providers"
)

func TestLook(t *testing.T) {
	t.Parallel()
	content := pngOf(quarters(300, 150))
	facts := Look(t.Context(), providers.TypeImage, "image/png", int64(len(content)), file(content))
	if facts.Width != 300 || facts.Height != 150 || facts.ThumbWidth != 100 || facts.ThumbHeight != 50 || corners(shownBy(t, facts)) != "RGBW" {
		t.Errorf("%d x %d, thumbnail %d x %d", facts.Width, facts.Height, facts.ThumbWidth, facts.ThumbHeight)
	}
}

func TestWhatHasNoFileIsNotOpened(t *testing.T) {
	t.Parallel()
	for _, kind := range []providers.ContentType{providers.TypeText, providers.TypeLocation, providers.TypeContacts, providers.TypeReaction, ""} {
		facts := Look(t.Context(), kind, "", 0, func(context.Context) (io.ReadCloser, error) {
			t.Errorf("%q was opened", kind)
			return nil, errors.New("no file")
		})
		if !equal(facts, Facts{}) {
			t.Errorf("%q: %+v", kind, facts)
		}
	}
}

func TestWhatCannotBeReadStaysUnknown(t *testing.T) {
	t.Parallel()
	broken := errors.New("the store is away")
	for name, c := range map[string]struct {
		kind providers.ContentType
		open opener
	}{
		"not opened":    {providers.TypeImage, func(context.Context) (io.ReadCloser, error) { return nil, broken }},
		"not read":      {providers.TypeImage, func(context.Context) (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(broken)), nil }},
		"empty":         {providers.TypeImage, file(nil)},
		"a short file":  {providers.TypeAudio, file([]byte("Og"))},
		"text":          {providers.TypeVideo, file(bytes.Repeat([]byte("just words "), 100))},
		"a document":    {providers.TypeDocument, file([]byte("%PDF-1.4\n%%EOF"))},
		"film as a doc": {providers.TypeDocument, file(film(3400, 640, 360))},
		"a broken webp": {providers.TypeSticker, file([]byte("RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff"))},
	} {
		if facts := blind().look(t.Context(), c.kind, "", 0, c.open); !equal(facts, Facts{}) {
			t.Errorf("%s: %+v", name, facts)
		}
	}
}

func TestABreakInTheMiddleKeepsWhatWasFound(t *testing.T) {
	t.Parallel()
	photo := jpegOf(quarters(600, 300))
	photo = photo[:len(photo)-50]
	facts := blind().look(t.Context(), providers.TypeImage, "", 0, func(context.Context) (io.ReadCloser, error) {
		// The start comes whole, so that the size is known.
		return io.NopCloser(io.MultiReader(bytes.NewReader(photo), padding(headSize), iotest.ErrReader(errors.New("cut")))), nil
	})
	if facts.Width != 600 || facts.Height != 300 || facts.Thumbnail != nil {
		t.Errorf("%d x %d, a thumbnail of %d bytes", facts.Width, facts.Height, len(facts.Thumbnail))
	}
}

func padding(n int64) io.Reader { return io.LimitReader(zeros{}, n) }

func TestLookEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for name, start := range map[string][]byte{
		"film": append(append(big32(1), "mdat"...), big64(1<<40)...), "ogg": voiceNote(48000), "picture": hugePNG(5000, 5000),
	} {
		ctx, cancel := context.WithCancel(t.Context())
		var read, closed atomic.Int64
		body := io.MultiReader(bytes.NewReader(start), ending{cancel, oggPage(0, 7, 1<<20, nil)})
		facts := blind().look(ctx, providers.TypeVideo, "", 0, func(context.Context) (io.ReadCloser, error) {
			return counted{body, &read, &closed}, nil
		})
		if facts.Thumbnail != nil || closed.Load() != 1 || read.Load() > 2*headSize {
			t.Errorf("%s: %+v after %d bytes, closed %d times", name, facts, read.Load(), closed.Load())
		}
	}
}

// ending has no end, and ends the context when it is read.
type ending struct {
	cancel context.CancelFunc
	again  []byte
}

func (e ending) Read(p []byte) (int, error) {
	e.cancel()
	return copy(p, e.again), nil
}

func TestADecoderThatPanicsFailsNoSend(t *testing.T) {
	t.Parallel()
	facts := blind().look(t.Context(), providers.TypeImage, "", 0, func(context.Context) (io.ReadCloser, error) {
		return panics{}, nil
	})
	if !equal(facts, Facts{}) {
		t.Errorf("%+v", facts)
	}
}

type panics struct{}

func (panics) Read([]byte) (int, error) { panic("index out of range") }
func (panics) Close() error             { return nil }

func TestOrientationsAreReversible(t *testing.T) {
	t.Parallel()
	from := quarters(6, 4)
	back := map[orientation]orientation{1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
	for there, again := range back {
		if got := again.apply(there.apply(from)); got.Rect != from.Rect || !bytes.Equal(got.Pix, from.Pix) {
			t.Errorf("%d and back by %d is another picture: %v", there, again, image.Image(got).Bounds())
		}
	}
}
