package preview

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cirrus/omnichannel/internal/providers"
)

func TestOggSaysHowLongItIs(t *testing.T) {
	t.Parallel()
	theora := oggPage(2, 1, 0, []byte("\x80theora"))
	note := voiceNote(48000 * 4)
	for name, c := range map[string]struct {
		content []byte
		want    Facts
	}{
		"voice note":         {note, Facts{Seconds: 4, Voice: true}},
		"rounded up":         {voiceNote(48000*4 + 24000), Facts{Seconds: 5, Voice: true}},
		"without sound":      {voiceNote(0)[:28+19], Facts{Voice: true}},
		"vorbis":             {slices.Concat(oggPage(2, 1, 0, vorbisHead(44100)), oggPage(4, 1, 441000, nil)), Facts{Seconds: 10}},
		"vorbis of 0 Hz":     {slices.Concat(oggPage(2, 1, 0, vorbisHead(0)), oggPage(4, 1, 441000, nil)), Facts{}},
		"another's granules": {slices.Concat(note, oggPage(0, 9, 48000*900, nil)), Facts{Seconds: 4, Voice: true}},
		"a film's sound":     {slices.Concat(theora, note), Facts{Seconds: 4}},
		"a film":             {theora, Facts{}},
		"speex":              {oggPage(2, 1, 0, []byte("Speex   1.2")), Facts{}},
		"cut":                {note[:len(note)-2], Facts{Seconds: 1, Voice: true}},
		"rubbish behind":     {slices.Concat(note, bytes.Repeat([]byte("x"), 99)), Facts{Seconds: 4, Voice: true}},
		"less than it skips": {slices.Concat(oggPage(2, 7, 0, opusHead(312)), oggPage(4, 7, 100, nil)), Facts{Voice: true}},
		"for ever":           {slices.Concat(oggPage(2, 7, 0, opusHead(312)), oggPage(4, 7, math.MaxInt64, nil)), Facts{Voice: true}},
		"short head":         {oggPage(2, 7, 0, []byte("OpusHead\x01")), Facts{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := look(t, providers.TypeAudio, c.content); !equal(got, c.want) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestOpusInOgg(t *testing.T) {
	t.Parallel()
	note := voiceNote(48000)
	for name, c := range map[string]struct {
		content []byte
		want    bool
	}{
		"a voice note": {note, true}, "its first page": {note[:28+19], true}, "less than that": {note[:28+18], false},
		"a later page": {oggPage(0, 1, 0, opusHead(312)), false},
		"vorbis":       {oggPage(2, 1, 0, vorbisHead(44100)), false}, "mp3": {[]byte("ID3\x04\x00\x00\x00\x00\x00\x00" + strings.Repeat("x", 99)), false}, "nothing": {nil, false},
	} {
		if got, err := OpusInOgg(iotest.OneByteReader(bytes.NewReader(c.content))); got != c.want || err != nil {
			t.Errorf("%s: %t, %v", name, got, err)
		}
	}
	broken := errors.New("the store is away")
	if got, err := OpusInOgg(io.MultiReader(bytes.NewReader(note[:30]), iotest.ErrReader(broken))); got || !errors.Is(err, broken) {
		t.Errorf("a broken reader: %t, %v", got, err)
	}
}

// mp3 is frames of MPEG 1, layer III, 128 kbit/s, 44.1 kHz, stereo, each with a
// mark at a place.
func mp3(frames int, at int, mark []byte) []byte {
	one := make([]byte, 417)
	copy(one, "\xff\xfb\x90\x00")
	out := bytes.Repeat(one, frames)
	copy(out[at:], mark)
	return out
}

func id3(body int) []byte {
	return append([]byte{'I', 'D', '3', 4, 0, 0, 0, 0, byte(body >> 7), byte(body & 0x7f)}, make([]byte, body)...)
}

func TestMP3SaysHowLongItIs(t *testing.T) {
	t.Parallel()
	xing := func(name string, flags, frames uint32) []byte {
		return slices.Concat([]byte(name), big32(flags), big32(frames))
	}
	hour := uint32(3600 * 44100 / 1152)
	footer := id3(20)
	footer[5] = 1 << 4
	single := func(head string, length int) []byte {
		one := slices.Concat([]byte(head), make([]byte, 9), xing("Info", 1, 100), make([]byte, length-25))
		return slices.Concat(one, one)
	}
	mpeg2, mpeg25 := single("\xff\xf3\x40\xc0", 104), single("\xff\xe3\x40\xc0", 208) // 32 kbit/s; 22.05 and 11.025 kHz
	for name, c := range map[string]struct {
		content []byte
		want    int
	}{
		"by its bit rate":      {mp3(383, 0, nil), 10},
		"Xing":                 {mp3(3, 36, xing("Xing", 3, hour)), 3600},
		"Info":                 {mp3(3, 36, xing("Info", 1, hour)), 3600},
		"Xing without a count": {mp3(383, 36, xing("Xing", 2, hour)), 10},
		"VBRI":                 {mp3(3, 36, slices.Concat([]byte("VBRI"), make([]byte, 10), big32(hour))), 3600},
		"behind a tag":         {slices.Concat(id3(300), mp3(383, 0, nil)), 10},
		"behind two tags":      {slices.Concat(footer, make([]byte, 10), id3(1), mp3(383, 0, nil)), 10},
		"behind rubbish":       {slices.Concat(id3(0), []byte("\x00\x00\xff\xfb\x90\x00"), mp3(383, 0, nil)), 10},
		"MPEG 2, mono":         {mpeg2, 3},
		"MPEG 2.5, mono":       {mpeg25, 5},
		"a tag only":           {id3(300), 0},
		"a tag that lies":      {[]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7fxxxx"), 0},
		"no sound":             {slices.Concat(id3(3), bytes.Repeat([]byte("x"), 100_000)), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := look(t, providers.TypeAudio, c.content); !equal(got, Facts{Seconds: c.want}) {
				t.Errorf("%+v, want %d seconds", got, c.want)
			}
		})
	}
}

func TestMP3OfUnknownSizeHasNoLength(t *testing.T) {
	t.Parallel()
	if got := blind().look(t.Context(), providers.TypeAudio, "audio/mpeg", 0, file(mp3(383, 0, nil))); !equal(got, Facts{}) {
		t.Errorf("%+v", got)
	}
}

func TestWAVSaysHowLongItIs(t *testing.T) {
	t.Parallel()
	format := slices.Concat([]byte{1, 0, 1, 0}, binary.LittleEndian.AppendUint32(nil, 8000), binary.LittleEndian.AppendUint32(nil, 16000), []byte{2, 0, 16, 0})
	sound := make([]byte, 16000*3)
	streamed := riff("WAVE", chunk("fmt ", format), chunk("data", sound))
	binary.LittleEndian.PutUint32(streamed[40:], math.MaxUint32)
	for name, c := range map[string]struct {
		content []byte
		want    int
	}{
		"plain":             {riff("WAVE", chunk("fmt ", format), chunk("data", sound)), 3},
		"other chunks":      {riff("WAVE", chunk("LIST", make([]byte, 3)), chunk("fmt ", format), chunk("fact", make([]byte, 4)), chunk("data", sound)), 3},
		"streamed":          {streamed, 3},
		"no format":         {riff("WAVE", chunk("data", sound)), 0},
		"a short format":    {riff("WAVE", chunk("fmt ", format[:5]), chunk("data", sound)), 0},
		"no sound":          {riff("WAVE", chunk("fmt ", format)), 0},
		"nothing":           {riff("WAVE"), 0},
		"a chunk that lies": {append(riff("WAVE"), "LIST\xff\xff\xff\xff"...), 0},
	} {
		if got := look(t, providers.TypeAudio, c.content); !equal(got, Facts{Seconds: c.want}) {
			t.Errorf("%s: %+v, want %d seconds", name, got, c.want)
		}
	}
}

func TestSecondsBelieveNoLie(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		units, rate uint64
		want        int
	}{
		{0, 1, 0}, {1, 0, 0}, {1, 1000, 1}, {1499, 1000, 1}, {1500, 1000, 2}, {maxSeconds, 1, maxSeconds}, {maxSeconds + 1, 1, 0},
		{math.MaxUint64, 1, 0}, {math.MaxUint64, math.MaxUint64, 1}, {math.MaxUint64, math.MaxUint64 / 4, 4},
	} {
		if got := seconds(c.units, c.rate); got != c.want {
			t.Errorf("%d at %d a second is %d, want %d", c.units, c.rate, got, c.want)
		}
	}
}
