package preview

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
)

func reader(content []byte) *bufio.Reader {
	return bufio.NewReaderSize(bytes.NewReader(content), headSize)
}

// sane are facts that anybody may be told.
func sane(t *testing.T, facts Facts) {
	t.Helper()
	if facts.Seconds < 0 || facts.Seconds > maxSeconds+1 || facts.Width < 0 || facts.Height < 0 || facts.Width >= 1<<31 || facts.Height >= 1<<31 {
		t.Errorf("%+v", facts)
	}
}

func FuzzMovie(f *testing.F) {
	f.Add(film(3400, 640, 360))
	f.Add(box("moov", mvhd64(90000, 1<<40), trak("vide", tkhd(1, quarter, 640, 360)), box("mvex", box("mehd", make([]byte, 8)))))
	f.Fuzz(func(t *testing.T, content []byte) {
		facts, _ := movieFacts(reader(content))
		sane(t, facts)
		if facts.Width > 1<<16 || facts.Height > 1<<16 {
			t.Errorf("%d x %d", facts.Width, facts.Height)
		}
	})
}

func FuzzOgg(f *testing.F) {
	f.Add(voiceNote(48000 * 4))
	f.Add(append(oggPage(2, 1, 0, vorbisHead(44100)), oggPage(4, 1, 441000, nil)...))
	f.Fuzz(func(t *testing.T, content []byte) {
		facts, _ := oggFacts(reader(content))
		sane(t, facts)
		voice, err := OpusInOgg(bytes.NewReader(content))
		if err != nil || voice != facts.Voice {
			t.Errorf("a voice note: %t, by its first page: %t, %v", facts.Voice, voice, err)
		}
	})
}

func FuzzMP3(f *testing.F) {
	f.Add(mp3(4, 36, append([]byte("Xing"), 0, 0, 0, 1, 0, 0, 1, 0)), int64(1<<20))
	f.Add(append(id3(30), mp3(2, 0, nil)...), int64(900))
	f.Fuzz(func(t *testing.T, content []byte, size int64) {
		length, _ := mp3Seconds(reader(content), size)
		sane(t, Facts{Seconds: length})
	})
}

func FuzzWAV(f *testing.F) {
	f.Add(riff("WAVE", chunk("fmt ", make([]byte, 16)), chunk("data", make([]byte, 9))), int64(60))
	f.Fuzz(func(t *testing.T, content []byte, size int64) {
		length, _ := wavSeconds(reader(content), size)
		sane(t, Facts{Seconds: length})
	})
}

func FuzzEXIF(f *testing.F) {
	small := jpegOf(quarters(4, 2))
	f.Add(withSegment(small, jpegAPP1, exif(binary.LittleEndian, 6)))
	f.Add(withSegment(withSegment(small, jpegAPP1, exif(binary.BigEndian, 3)), 0xe2, []byte("ICC")))
	f.Fuzz(func(t *testing.T, head []byte) {
		if o := exifOrientation(head); o < upright || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}

func FuzzWebPHeader(f *testing.F) {
	f.Add(extendedWebP(2, 512, 400))
	f.Add(solidWebP(3, 2))
	f.Add(riff("WEBP", chunk("VP8 ", []byte("\x30\x01\x00\x9d\x01\x2a\x00\x00\x00\x00")))) // of no pixels
	e := blind()
	e.pixels = 1 << 16
	f.Fuzz(func(t *testing.T, content []byte) {
		facts, _ := e.picture(t.Context(), pictures[formatWebP], reader(content))
		sane(t, facts)
		if facts.Animated && (facts.Thumbnail != nil || facts.Width == 0) {
			t.Errorf("a moving one of %d x %d, a thumbnail of %d bytes", facts.Width, facts.Height, len(facts.Thumbnail))
		}
	})
}

func FuzzLook(f *testing.F) {
	f.Add(pngOf(quarters(4, 2)))
	f.Add(jpegOf(quarters(4, 2)))
	f.Add(solidWebP(3, 2))
	f.Add(film(3400, 640, 360))
	f.Add(voiceNote(48000))
	e := blind()
	e.pixels = 1 << 16
	f.Fuzz(func(t *testing.T, content []byte) {
		facts, _ := e.read(t.Context(), providers.TypeSticker, int64(len(content)), file(content))
		sane(t, facts)
		if len(facts.Thumbnail) >= thumbBytes || max(facts.ThumbWidth, facts.ThumbHeight) > thumbSide {
			t.Errorf("a thumbnail of %d bytes, %d x %d", len(facts.Thumbnail), facts.ThumbWidth, facts.ThumbHeight)
		}
	})
}
