package whatsappweb

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// picture is a PNG of some size.
func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			p.Set(x, y, color.RGBA{uint8(x), uint8(y), 100, 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// opus is the first page of Opus in Ogg, and a last one a second later.
func opus(t *testing.T) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString("T2dnUwACAAAAAAAAAAABAAAAAAAAAAAAAAABE09wdXNIZWFkAQE4AYC7AAAAAAA=")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// shownFile is what phones show of a message with a file before they have it.
type shownFile struct {
	Width, Height int
	PTT           bool
	JPEGThumbnail []byte
}

func TestFilesGoOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	photo := picture(t, 300, 200)
	for name, c := range map[string]struct {
		content providers.Content
		media   *providers.OutboundMedia
		bytes   []byte
		field   string
		shown   func(shownFile) bool
	}{
		"image": {providers.Content{Type: providers.TypeImage, Text: "veja"}, file("image/png", "foto.png", photo), photo, "imageMessage", func(f shownFile) bool {
			return f.Width == 300 && f.Height == 200 && len(f.JPEGThumbnail) > 0
		}},
		"video":    {providers.Content{Type: providers.TypeVideo}, file("video/mp4", "v.mp4", []byte("a film")), []byte("a film"), "videoMessage", func(shownFile) bool { return true }},
		"audio":    {providers.Content{Type: providers.TypeAudio, Voice: providers.Bool(false)}, file("audio/mpeg", "a.mp3", []byte("a song")), []byte("a song"), "audioMessage", func(f shownFile) bool { return !f.PTT }},
		"voice":    {providers.Content{Type: providers.TypeAudio, Voice: providers.Bool(true)}, file("audio/ogg", "v.ogg", opus(t)), opus(t), "audioMessage", func(f shownFile) bool { return f.PTT }},
		"document": {providers.Content{Type: providers.TypeDocument}, file("application/pdf", "boleto.pdf", []byte("%PDF-")), []byte("%PDF-"), "documentMessage", func(shownFile) bool { return true }},
		"sticker":  {providers.Content{Type: providers.TypeSticker}, file("image/webp", "s.webp", []byte("RIFF")), []byte("RIFF"), "stickerMessage", func(shownFile) bool { return true }},
	} {
		out := l.text(phoneOf(friend), "")
		out.Content, out.Media = c.content, c.media
		w.must(l.Check(t.Context(), out))
		l.send(out)
		m := w.shows(friend, name, func(m whatsapp.PhoneMessage) bool { return m.ID == string(out.ProviderID) })
		content := map[string]json.RawMessage{}
		w.must(json.Unmarshal(m.Content, &content))
		var shown shownFile
		w.must(json.Unmarshal(content[c.field], &shown))
		if !c.shown(shown) || m.Text != c.content.Text {
			t.Errorf("%s: the phone shows %s", name, m.Content)
		}
		if got, _, err := w.s.File(friend.Phone, m.ID); err != nil || !bytes.Equal(got, c.bytes) {
			t.Errorf("%s: the phone has %d bytes: %v", name, len(got), err)
		}
	}
}

// A voice note that phones would not play is refused before anything is asked.
func TestVoiceNotesAreOpus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.open(w.person())
	out := l.text(phoneOf(w.person()), "")
	out.Content = providers.Content{Type: providers.TypeAudio, Voice: providers.Bool(true)}
	out.Media = file("audio/mpeg", "a.mp3", []byte("ID3 a song"))
	var e *providers.SendError
	if err := l.Check(t.Context(), out); !errors.As(err, &e) || e.Reason != providers.ReasonMediaTypeUnsupported || e.Field != "asVoice" || e.Sent != providers.No {
		t.Errorf("mp3: %v", err)
	}
	out.Media = file("audio/ogg", "v.ogg", opus(t))
	w.must(l.Check(t.Context(), out))
	out.Media.Open = func(context.Context) (io.ReadCloser, error) { return nil, os.ErrNotExist }
	if err := l.Check(t.Context(), out); !errors.As(err, &e) || e.Reason != providers.ReasonMediaUnavailable {
		t.Errorf("away: %v", err)
	}
}

// failingReader breaks off in the middle.
type failingReader struct{ left int }

func (f *failingReader) Read(p []byte) (int, error) {
	if f.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := min(f.left, len(p))
	f.left -= n
	return n, nil
}

func TestFilesThatDoNotGoOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	out := l.text(phoneOf(friend), "")
	out.Content, out.Media = providers.Content{Type: providers.TypeImage}, file("image/png", "foto.png", picture(t, 10, 10))
	for status, want := range map[int]providers.SendError{
		413: {Reason: providers.ReasonMediaTooLarge, ProviderCode: "413", Field: "mediaUri"},
		415: {Reason: providers.ReasonMediaTypeUnsupported, ProviderCode: "415", Field: "mediaUri"},
		403: {Reason: providers.ReasonUnavailable, ProviderCode: "403"},
		507: {Reason: providers.ReasonUnavailable, ProviderCode: "507", Retryable: true},
	} {
		w.must(w.s.SetFaults([]whatsapp.Rule{{Match: whatsapp.Match{Phone: owner.Phone, Type: "image"}, Fault: whatsapp.Fault{Kind: "upload_refused", Status: status}}}))
		got := l.refusedAs(out)
		want.Detail, want.Err = got.Detail, got.Err
		if *got != want {
			t.Errorf("%d: %+v", status, got)
		}
	}
	w.must(w.s.SetFaults(nil))
	out.Media.Open = func(context.Context) (io.ReadCloser, error) { return io.NopCloser(&failingReader{left: 100}), nil }
	if e := l.refusedAs(out); e.Reason != providers.ReasonMediaUnavailable || e.Sent != providers.No || !e.Retryable || !errors.Is(e, io.ErrUnexpectedEOF) {
		t.Errorf("broken off: %+v", e)
	}
	out.Content.Type = providers.TypeText
	if e := l.refusedAs(out); e.Reason != providers.ReasonCapabilityUnsupported {
		t.Errorf("a text with a file: %+v", e)
	}
}

// fetch reads a file that a message named.
func (l *link) fetch(ref providers.MediaRef) ([]byte, error) {
	file, err := l.FetchMedia(l.w.Context(), ref)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(file)
	return content, errors.Join(err, file.Close())
}

// temporaries are the files of ours that are left.
func temporaries(t *testing.T) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "omnichannel-whatsapp-*"))
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// It does not run beside other tests: it tells the process where temporary files
// go.
func TestFilesComeIn(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	content := bytes.Repeat([]byte("foto"), 10_000)
	for _, kind := range []string{"image", "video", "audio", "voice", "document", "sticker"} {
		m := l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Type: kind, Media: &whatsapp.Media{Bytes: content}}))
		got, err := l.fetch(*m.Media)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, %v", kind, len(got), err)
		}
	}
	m := l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "image", Media: &whatsapp.Media{Bytes: content}}))

	// Gone from WhatsApp, until the phone puts it up again.
	gone := w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: friend.Phone}, Fault: whatsapp.Fault{Kind: "media_gone", Status: 404}})
	if got, err := l.fetch(*m.Media); err != nil || !bytes.Equal(got, content) {
		t.Errorf("put up again: %d bytes, %v", len(got), err)
	}
	w.hits(gone, 1)
	w.must(w.s.SetFaults(nil))

	m = l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "document", Media: &whatsapp.Media{Bytes: content}}))
	for _, kind := range []string{"media_corrupt", "media_truncated"} {
		w.must(w.s.SetFaults([]whatsapp.Rule{{Match: whatsapp.Match{Phone: friend.Phone}, Fault: whatsapp.Fault{Kind: kind}}}))
		_, err := l.fetch(*m.Media)
		if e := providers.AsSendError(err); e.Reason != providers.ReasonMediaUnavailable || !e.Retryable || e.Detail != "What WhatsApp gave is not the file that was sent." {
			t.Errorf("%s: %+v", kind, e)
		}
	}
	w.must(w.s.SetFaults(nil))
	_, err := l.fetch(providers.MediaRef{ID: "nothing"})
	if e := providers.AsSendError(err); e.Reason != providers.ReasonMediaUnavailable || e.Retryable {
		t.Errorf("nothing: %+v", e)
	}
	if left := temporaries(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// nameless fails the test if a file has a name in the folder for temporary ones.
func nameless(t *testing.T, when string) {
	t.Helper()
	left, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		t.Errorf("%s, a crash would leave %s", when, f.Name())
	}
}

// lookingReader looks at the folder while a file is read.
type lookingReader struct {
	io.Reader
	look func()
}

func (l lookingReader) Read(p []byte) (int, error) {
	l.look()
	return l.Reader.Read(p)
}

// It does not run beside other tests: it tells the process where temporary files
// go.
func TestACrashLeavesNoFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	m := l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "image", Media: &whatsapp.Media{Bytes: []byte("foto")}}))
	in := one(l.FetchMedia(t.Context(), *m.Media))(w)
	nameless(t, "while a file is taken in")
	w.must(in.Close())

	out := l.text(phoneOf(friend), "")
	out.Content, out.Media = providers.Content{Type: providers.TypeDocument}, file("application/pdf", "a.pdf", []byte("%PDF-"))
	looked := false
	out.Media.Open = func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(lookingReader{bytes.NewReader([]byte("%PDF-")), func() {
			looked = true
			nameless(t, "while a file goes out")
		}}), nil
	}
	l.send(out)
	if !looked {
		t.Error("the file was not read")
	}
}

// What is larger than the channel takes is not downloaded, and what is larger
// than was said not to its end.
func TestFilesThatAreTooLarge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner, func(ch *providers.Channel) { ch.MaxFile = 10_000 })
	said := func(content []byte, length int) providers.MediaRef {
		t.Helper()
		m := l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "document", Media: &whatsapp.Media{Bytes: content}}))
		var id map[string]any
		w.must(json.Unmarshal([]byte(m.Media.ID), &id))
		if id["n"] = length; length == 0 {
			delete(id, "n")
		}
		m.Media.ID = string(one(json.Marshal(id))(w))
		return *m.Media
	}
	small, large := bytes.Repeat([]byte("a"), 10_000), bytes.Repeat([]byte("a"), 30_000)
	if got, err := l.fetch(said(small, len(small))); err != nil || !bytes.Equal(got, small) {
		t.Errorf("as large as may be: %d bytes, %v", len(got), err)
	}
	if got, err := l.fetch(said(small, 0)); err != nil || !bytes.Equal(got, small) {
		t.Errorf("of a length that nobody said: %d bytes, %v", len(got), err)
	}
	for name, ref := range map[string]providers.MediaRef{
		"larger than the channel takes":  said(large, len(large)),
		"larger, and not said":           said(large, 0),
		"larger than said":               said(small, 5_000),
		"larger than anybody would send": said(small, 1<<62),
	} {
		_, err := l.fetch(ref)
		if e := providers.AsSendError(err); e.Reason != providers.ReasonMediaTooLarge || e.Retryable || e.Detail == "" {
			t.Errorf("%s: %+v", name, e)
		}
	}
	// What was said is enough: nothing is asked of WhatsApp.
	ref := said(large, len(large))
	w.must(l.Close(t.Context()))
	_, err := l.fetch(ref)
	if e := providers.AsSendError(err); e.Reason != providers.ReasonMediaTooLarge {
		t.Errorf("without a connection: %+v", e)
	}
}

// A channel of which nothing is said takes what WhatsApp does.
func TestFilesHaveALimitAnyway(t *testing.T) {
	t.Parallel()
	c := newConn(Options{}.withDefaults(), providers.Channel{}, newSink())
	defer c.reportingCancel()
	if got := c.mostBytes(); got != 2<<30 {
		t.Errorf("it takes %d bytes", got)
	}
}

// The phone that could put the file up again is off.
func TestAFileIsGoneAndThePhoneIsOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	m := l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "image"}))
	off := true
	one(w.s.PatchPhone(owner.Phone, whatsapp.PhonePatch{Off: &off}))(w)
	w.fault(whatsapp.Rule{Fault: whatsapp.Fault{Kind: "media_gone"}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := l.FetchMedia(ctx, *m.Media)
		done <- err
	}()
	w.until("the phone is asked", func() bool { return l.stanza("receipt", "server-error") })
	cancel()
	if e := providers.AsSendError(<-done); e.Reason != providers.ReasonMediaUnavailable || !e.Retryable {
		t.Errorf("got %+v", e)
	}
}

// Files wait for the connection, whatever keeps it away: their message is there.
func TestFilesWaitForTheConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	m := l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Type: "image"}))
	l.settled()
	refusedLogin(409)(l)
	if end := l.ended(); end.State.Status != providers.StatusFailed {
		t.Errorf("ended %+v", end)
	}
	_, err := l.fetch(*m.Media)
	if e := providers.AsSendError(err); e.Reason != providers.ReasonUnavailable || !e.Retryable {
		t.Errorf("a file: %+v", e)
	}
	if e := l.refusedAs(l.text(phoneOf(friend), "oi")); e.Reason != providers.ReasonConnectionClosed || e.Retryable {
		t.Errorf("a send: %+v", e)
	}
}
