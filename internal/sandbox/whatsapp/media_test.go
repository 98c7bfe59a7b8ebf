package whatsapp

import (
	"bytes"
	"errors"
	"image/png"
	"net/http"
	"os"
	"testing"

	"github.com/gabriel-vasile/mimetype"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waMmsRetry"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

func (c *client) image(to types.JID, file []byte, caption string) string {
	c.b.t.Helper()
	up := one(c.Upload(c.b.ctx, file, whatsmeow.MediaImage))(c.b)
	return c.send(to, &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
		Caption: &caption, Mimetype: proto.String("image/jpeg"), URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey,
		FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength,
	}})
}

func TestMediaFromClient(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	file := bytes.Repeat([]byte("\xff\xd8 not really a photo"), 20_000)
	id := c.image(pn(friend), file, "foto")
	got := b.showsText(friend, "foto")
	if got.Type != "image" || got.Media.MimeType != "image/jpeg" || got.Media.Bytes != uint64(len(file)) {
		t.Errorf("the phone shows %+v", got)
	}
	opened, mimeType, err := b.s.File(friend.Phone, id)
	b.must(err)
	if !bytes.Equal(opened, file) || mimeType != "image/jpeg" {
		t.Errorf("the phone opened %d bytes of %s", len(opened), mimeType)
	}
	up := one(c.UploadReader(b.ctx, bytes.NewReader(file), nil, whatsmeow.MediaAudio))(b)
	c.send(pn(friend), &waE2E.Message{AudioMessage: &waE2E.AudioMessage{
		PTT: proto.Bool(true), Seconds: proto.Uint32(3), Mimetype: proto.String("audio/ogg; codecs=opus"), URL: &up.URL, DirectPath: &up.DirectPath,
		MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength,
	}})
	voice := b.shows(friend, "a voice message", func(m PhoneMessage) bool { return m.Type == "voice" })
	if n := one(b.s.Play(friend.Phone, owner.Phone, voice.ID))(b); n != 1 {
		t.Errorf("%d were played", n)
	}
	c.receipt(voice.ID, types.ReceiptTypePlayed)
	b.ticks(owner, voice.ID, "played")
	if _, _, err := b.s.File(friend.Phone, c.say(pn(friend), "sem arquivo")); err == nil {
		t.Error("a text has a file")
	}
}

func TestMediaFromPhone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	file := []byte("os bytes da foto")
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "image", Text: "foto", Media: &Media{Bytes: file, MimeType: "image/jpeg"}}))(b)
	m := take(c, "image", func(m *events.Message) bool { return m.Message.GetImageMessage() != nil })
	if got := one(c.Download(b.ctx, m.Message.GetImageMessage()))(b); !bytes.Equal(got, file) || m.Info.MediaType != "image" {
		t.Errorf("downloaded %q as %s", got, m.Info.MediaType)
	}
	into := one(os.CreateTemp(t.TempDir(), "media"))(b)
	b.must(c.DownloadToFile(b.ctx, m.Message.GetImageMessage(), into))
	b.must(into.Close())
	if got := one(os.ReadFile(into.Name()))(b); !bytes.Equal(got, file) {
		t.Errorf("downloaded %q", got)
	}
}

// What is made without bytes must be what it says it is.
func TestSampleFiles(t *testing.T) {
	t.Parallel()
	for mimeType := range samples {
		want := mimetype.Lookup(mimeType)
		if mimeType == "audio/mpeg" || mimeType == "audio/ogg; codecs=opus" {
			want = mimetype.Lookup(map[string]string{"audio/mpeg": "audio/mpeg", "audio/ogg; codecs=opus": "audio/ogg"}[mimeType])
		}
		if got := mimetype.Detect(sample(mimeType)); !got.Is(want.String()) {
			t.Errorf("the sample of %s is taken for %s", mimeType, got)
		}
	}
	if _, err := png.Decode(bytes.NewReader(sample("image/png"))); err != nil {
		t.Errorf("the sample picture: %v", err)
	}
	if len(sample("text/x-anything")) == 0 {
		t.Error("an unknown type has no sample")
	}
}

func TestMediaIsUploadedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	owner, friend := b.phone(), b.phone()
	c := b.link(owner)
	gone := b.fault(Rule{Match: Match{Phone: friend.Phone}, Times: 1, Fault: Fault{Kind: "media_gone"}})
	one(b.s.Write(friend.Phone, Draft{To: owner.Phone, Type: "image", Media: &Media{Bytes: []byte("velha")}}))(b)
	m := take(c, "image", func(m *events.Message) bool { return m.Message.GetImageMessage() != nil })
	image := m.Message.GetImageMessage()
	if _, err := c.Download(b.ctx, image); !errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith410) {
		t.Fatalf("downloaded what is gone: %v", err)
	}
	b.hits(gone, 1)
	b.showsText(owner, "") // the owner's phone has it
	b.must(c.SendMediaRetryReceipt(b.ctx, &m.Info, image.GetMediaKey()))
	answer := one(whatsmeow.DecryptMediaRetryNotification(take[*events.MediaRetry](c, "media retry", nil), image.GetMediaKey()))(b)
	if answer.GetResult() != waMmsRetry.MediaRetryNotification_SUCCESS {
		t.Fatalf("answer = %v", answer)
	}
	image.DirectPath = answer.DirectPath
	if got := one(c.Download(b.ctx, image))(b); string(got) != "velha" {
		t.Errorf("downloaded %q", got)
	}
}

func TestMediaShelfIsBounded(t *testing.T) {
	t.Parallel()
	m := newMediaShelf(100)
	first := m.put(make([]byte, 60), "1")
	second := m.put(append(make([]byte, 59), 1), "2")
	if _, there := m.get(first); there {
		t.Error("the oldest is still there")
	}
	if b, there := m.get(second); !there || b.owner != "2" {
		t.Error("the newest is gone")
	}
	huge := m.put(make([]byte, 500), "")
	if _, there := m.get(huge); !there {
		t.Error("one that is larger than the shelf must stay until the next")
	}
	m.remove("/v/none")
	m.clear()
	if _, there := m.get(huge); there || m.size != 0 {
		t.Error("the shelf is not empty")
	}
}

func TestMediaHostRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, c := range map[string]struct {
		method, path string
		status       int
	}{
		"no authorisation":  {"POST", "/mms/image/x?token=x", 401},
		"bad authorisation": {"POST", "/mms/image/x?token=x&auth=sandbox-1-x", 401},
		"wrong hash":        {"POST", "/mms/image/x?token=AAAA&auth=sandbox-5521-1", 400},
		"bad path":          {"DELETE", "/mms/image/x?d_md=%21", 400},
		"gone":              {"GET", "/v/nothing", 410},
		"nothing there":     {"GET", "/other", 404},
	} {
		req := one(http.NewRequestWithContext(b.ctx, c.method, "https://mmg.whatsapp.net"+c.path, bytes.NewReader([]byte("x"))))(b)
		answer := one(b.http.Do(req))(b)
		_ = answer.Body.Close()
		if answer.StatusCode != c.status {
			t.Errorf("%s: %d, not %d", name, answer.StatusCode, c.status)
		}
	}
	if _, err := b.http.Get("https://example.com/"); err == nil {
		t.Error("the doorway leads elsewhere too")
	}
	if _, err := Client("nonsense"); err == nil {
		t.Error("a URL without a host")
	}
	version := one(whatsmeow.GetLatestVersion(b.ctx, b.http))(b)
	if version.IsZero() {
		t.Error("the page tells no version")
	}
}
