package preview

import (
	"bytes"
	"context"
	"io"
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
)

func TestFilmsSayHowLargeAndHowLongTheyAre(t *testing.T) {
	t.Parallel()
	pictures := func(head []byte) []byte { return trak("vide", head) }
	ftyp := box("ftyp", []byte("isom\x00\x00\x02\x00"))
	moov := func(parts ...[]byte) []byte { return slices.Concat(ftyp, box("moov", parts...)) }
	long := slices.Concat(big32(1), []byte("mdat"), big64(16+500), make([]byte, 500))
	for name, c := range map[string]struct {
		content []byte
		want    Facts
	}{
		"moov behind":       {film(3400, 640, 360), Facts{Width: 640, Height: 360, Seconds: 3}},
		"half a second":     {film(500, 640, 360), Facts{Width: 640, Height: 360, Seconds: 1}},
		"rounded up":        {film(7600, 640, 360), Facts{Width: 640, Height: 360, Seconds: 8}},
		"64-bit times":      {moov(mvhd64(90000, 90000*5_000_000_000/10000), pictures(tkhd(1, straight, 320, 240))), Facts{Width: 320, Height: 240, Seconds: 500_000}},
		"quarter turn":      {moov(mvhd(1, 9), pictures(tkhd(0, quarter, 640, 360))), Facts{Width: 360, Height: 640, Seconds: 9}},
		"half turn":         {moov(mvhd(1, 9), pictures(tkhd(1, half, 640, 360))), Facts{Width: 640, Height: 360, Seconds: 9}},
		"first of two":      {moov(pictures(tkhd(0, straight, 64, 36)), pictures(tkhd(0, straight, 640, 360)), mvhd(1, 9)), Facts{Width: 64, Height: 36, Seconds: 9}},
		"64-bit size":       {slices.Concat(ftyp, long, box("moov", mvhd(1, 9))), Facts{Seconds: 9}},
		"to the end":        {slices.Concat(ftyp, big32(0), []byte("moov"), mvhd(1, 9), box("free", nil)), Facts{Seconds: 9}},
		"QuickTime's":       {slices.Concat(box("wide"), box("moov", mvhd(600, 5400))), Facts{Seconds: 9}},
		"fragments":         {moov(mvhd(1000, 0), box("mvex", box("mehd", make([]byte, 4), big32(9000)))), Facts{Seconds: 9}},
		"fragments, 64 bit": {moov(mvhd(1000, 0), box("mvex", box("mehd", []byte{1, 0, 0, 0}, big64(9000)))), Facts{Seconds: 9}},
		"length unknown":    {moov(mvhd(1000, math.MaxUint32)), Facts{}},
		"length unknown 64": {moov(mvhd64(1000, math.MaxUint64)), Facts{}},
		"no timescale":      {moov(mvhd(0, 5)), Facts{}},
		"a month":           {moov(mvhd(1, 31*24*3600)), Facts{}},
		"empty boxes":       {moov(box("mvhd"), trak("vide", box("tkhd")), box("mvex", box("mehd"))), Facts{}},
		"short boxes":       {moov(box("mvhd", make([]byte, 19)), trak("vide", box("tkhd", make([]byte, 83)))), Facts{}},
		"no moov":           {slices.Concat(ftyp, box("mdat", make([]byte, 9))), Facts{}},
		"cut in a track":    {film(3400, 640, 360)[:len(film(3400, 640, 360))-60], Facts{Seconds: 3}},
		"child too long":    {moov(mvhd(1, 9), big32(5000), []byte("trak")), Facts{Seconds: 9}},
		"size of 3":         {moov(mvhd(1, 9), big32(3), []byte("trak")), Facts{Seconds: 9}},
		"size of 2^63":      {slices.Concat(ftyp, big32(1), []byte("moov"), big64(1<<63), mvhd(1, 9)), Facts{}},
		"moov in a moov":    {moov(bytes.Repeat(append(big32(0), "moov"...), 5000), mvhd(1, 9)), Facts{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := look(t, providers.TypeVideo, c.content); !equal(got, c.want) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

// equal compares facts that should have no bytes.
func equal(a, b Facts) bool {
	return a.Thumbnail == nil && b.Thumbnail == nil && a.Waveform == nil && b.Waveform == nil && a.Width == b.Width && a.Height == b.Height &&
		a.Seconds == b.Seconds && a.Voice == b.Voice && a.Animated == b.Animated && a.Pages == b.Pages &&
		a.ThumbWidth == b.ThumbWidth && a.ThumbHeight == b.ThumbHeight
}

func TestSoundInBoxesHasALength(t *testing.T) {
	t.Parallel()
	m4a := slices.Concat(box("ftyp", []byte("M4A \x00\x00\x00\x00")), box("moov", mvhd(44100, 441000), trak("soun", tkhd(0, straight, 0, 0))))
	if got := look(t, providers.TypeAudio, m4a); !equal(got, Facts{Seconds: 10}) {
		t.Errorf("%+v", got)
	}
}

func TestWhatStandsBehindTheFilmIsNotRead(t *testing.T) {
	t.Parallel()
	var read, closed atomic.Int64
	content := io.MultiReader(bytes.NewReader(film(3400, 640, 360)), zeros{})
	facts := blind().look(t.Context(), providers.TypeVideo, "video/mp4", 1<<40, func(context.Context) (io.ReadCloser, error) {
		return counted{content, &read, &closed}, nil
	})
	if facts.Seconds != 3 || read.Load() > 2*headSize || closed.Load() != 1 {
		t.Errorf("%+v; %d bytes were read, closed %d times", facts, read.Load(), closed.Load())
	}
}

func TestAFilmWithoutEndIsReadToTheLimitOnly(t *testing.T) {
	t.Parallel()
	var read, closed atomic.Int64
	content := io.MultiReader(bytes.NewReader(slices.Concat(big32(1), []byte("mdat"), big64(1<<50))), zeros{})
	facts := blind().look(t.Context(), providers.TypeVideo, "video/mp4", 1<<40, func(context.Context) (io.ReadCloser, error) {
		return counted{content, &read, &closed}, nil
	})
	if !equal(facts, Facts{}) || read.Load() > maxRead || closed.Load() != 1 {
		t.Errorf("%+v; %d bytes were read, closed %d times", facts, read.Load(), closed.Load())
	}
}
