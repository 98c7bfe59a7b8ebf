package media_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cirrus/omnichannel/internal/media"
)

// First bytes of files, as their formats define them.
const (
	pngHead  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	jpegHead = "\xff\xd8\xff\xe0\x00\x10JFIF\x00"
	gifHead  = "GIF89a\x01\x00\x01\x00"
	webpHead = "RIFF\x24\x00\x00\x00WEBPVP8 "
	mp4Head  = "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
	m4aHead  = "\x00\x00\x00\x18ftypM4A \x00\x00\x02\x00isomiso2"
	movHead  = "\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  "
	mp3Head  = "ID3\x04\x00\x00\x00\x00\x02\x01TIT2"
	wavHead  = "RIFF\x24\x00\x00\x00WAVEfmt "
	amrHead  = "#!AMR\n\x3c"
	opusHead = "OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04\x00\x00\x00\x00\x01\x02\x03\x04\x01\x13OpusHead\x01\x01"
	pdfHead  = "%PDF-1.7\n"
	zipHead  = "PK\x03\x04\x14\x00\x00\x00\x08\x00"
	svgHead  = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>`
	htmlHead = "<!DOCTYPE html><html><script>alert(1)</script>"
	noise    = "\x01\x02\x03\x00\xfe\xfd\x00\x07"
	docx     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

func TestSniff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, head, said, file string
		want                   string
		kind                   media.Kind
	}{
		{"png", pngHead, "", "", "image/png", media.Image},
		{"jpeg", jpegHead, "", "", "image/jpeg", media.Image},
		{"webp", webpHead, "", "", "image/webp", media.Sticker},
		{"mp4", mp4Head, "", "", "video/mp4", media.Video},
		{"mp3", mp3Head, "", "", "audio/mpeg", media.Audio},
		{"m4a", m4aHead, "", "", "audio/mp4", media.Audio},
		{"wav", wavHead, "", "", "audio/wav", media.Audio},
		{"amr", amrHead, "", "", "audio/amr", media.Audio},
		{"opus in ogg", opusHead, "", "", "audio/ogg", media.Audio},
		{"gif is a document", gifHead, "", "", "image/gif", media.Document},
		{"svg is a document", svgHead, "image/png", "a.png", "image/svg+xml", media.Document},
		{"mov is a document", movHead, "", "", "video/quicktime", media.Document},
		{"pdf", pdfHead, "", "", "application/pdf", media.Document},
		{"bytes beat what is said", jpegHead, "application/pdf", "a.pdf", "image/jpeg", media.Image},
		{"said, with parameters", noise, "Audio/OGG; codecs=opus", "a.pdf", "audio/ogg", media.Audio},
		{"said in another spelling", noise, "image/jpg", "", "image/jpeg", media.Image},
		{"said: anything", noise, "application/octet-stream", "note.mp3", "audio/mpeg", media.Audio},
		{"said: nonsense", noise, "///", "Photo.JPG", "image/jpeg", media.Image},
		{"nobody knows", noise, "", "a.unheardof", "application/octet-stream", media.Document},
		{"nothing at all", "", "", "", "text/plain", media.Document},
		{"text refined", "a;b;c\nd\n", "text/csv", "", "text/csv", media.Document},
		{"text refined by name", "plain words", "", "a.csv", "text/csv", media.Document},
		{"text is no picture", "plain words", "image/png", "a.png", "text/plain", media.Document},
		{"text is no film", "plain words", "video/mp4", "a.mp3", "text/plain", media.Document},
		{"an archive refined", zipHead, docx, "", docx, media.Document},
		{"an archive is no sound", zipHead, "audio/mpeg", "a.mp3", "application/zip", media.Document},
		{"html stays html", htmlHead, "image/png", "a.png", "text/html", media.Document},
	} {
		got, kind := media.Sniff([]byte(c.head), media.Hint{Mimetype: c.said, FileName: c.file})
		if got != c.want || kind != c.kind {
			t.Errorf("%s: %s, %s; want %s, %s", c.name, got, kind, c.want, c.kind)
		}
	}
}

func TestPeekLosesNothing(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 3071, 3072, 3073, 100_000} {
		want := random(size)
		head, whole, err := media.Peek(iotest.OneByteReader(bytes.NewReader(want)))
		if err != nil || len(head) != min(size, 3072) {
			t.Fatalf("%d bytes: head of %d, %v", size, len(head), err)
		}
		if got, err := io.ReadAll(whole); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes: %d read, %v", size, len(got), err)
		}
	}
	boom := errors.New("boom")
	if _, _, err := media.Peek(iotest.ErrReader(boom)); !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
}

func FuzzSniff(f *testing.F) {
	for _, head := range []string{pngHead, mp4Head, opusHead, svgHead, zipHead, noise, ""} {
		f.Add([]byte(head), "text/csv; charset=utf-8", "a.mp3")
	}
	f.Fuzz(func(t *testing.T, head []byte, said, file string) {
		found, kind := media.Sniff(head, media.Hint{Mimetype: said, FileName: file})
		if strings.Count(found, "/") != 1 || strings.ContainsAny(found, " ;\r\n") {
			t.Fatalf("%q is no type", found)
		}
		switch kind {
		case media.Audio:
			if !strings.HasPrefix(found, "audio/") {
				t.Fatalf("%s is called audio", found)
			}
		case media.Image, media.Video, media.Sticker, media.Document:
		default:
			t.Fatalf("kind %q", kind)
		}
	})
}
