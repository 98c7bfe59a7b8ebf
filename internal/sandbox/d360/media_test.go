package d360

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// bytesOf resolves a media id as a client must: the returned host is replaced.
func (b *bench) bytesOf(link string) answer {
	b.t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Host != "lookaside.fbsbx.com" || u.Scheme != "https" {
		b.t.Fatalf("link %q, %v", link, err)
	}
	return b.call("GET", u.RequestURI(), nil)
}

func TestMediaRoundTrip(t *testing.T) {
	b := newBench(t)
	content := sampleMedia("image/png", []byte("0123456789abcdef"), 0)
	id := b.uploadBytes("image/png", content)
	got := b.want(200, "GET", "/"+id, nil)
	sum := sha256.Sum256(content)
	if got["id"] != id || got["mime_type"] != "image/png" || got["file_size"] != float64(len(content)) || got["sha256"] != hex.EncodeToString(sum[:]) || got["messaging_product"] != "whatsapp" {
		t.Errorf("media = %v", got)
	}
	link := got["url"].(string)
	a := b.bytesOf(link)
	if a.status != 200 || !bytes.Equal(a.raw, content) || a.header.Get("Content-Type") != "image/png" {
		t.Errorf("bytes: %d, %d bytes, %q", a.status, len(a.raw), a.header.Get("Content-Type"))
	}
	b.key = ""
	if a := b.bytesOf(link); a.status != 404 {
		t.Errorf("without the key: %d", a.status)
	}
	b.key = testKey
	if a := b.bytesOf(strings.Replace(link, "hash=", "hash=0", 1)); a.status != 404 {
		t.Errorf("with another hash: %d", a.status)
	}
	b.clock.Advance(5 * time.Minute)
	if a := b.bytesOf(link); a.status != 404 {
		t.Errorf("after five minutes: %d", a.status)
	}
	again := b.want(200, "GET", "/"+id, nil)
	if a := b.bytesOf(again["url"].(string)); a.status != 200 {
		t.Errorf("resolved again: %d", a.status)
	}
	b.want(200, "DELETE", "/"+id, nil)
	b.want(400, "GET", "/"+id, nil)
	b.want(400, "DELETE", "/"+id, nil)
}

func TestMediaSizeAsString(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Media.SizeAsString = true })
	if _, is := b.want(200, "GET", "/"+b.upload("image/png"), nil)["file_size"].(string); !is {
		t.Error("file_size is no string")
	}
}

func TestMediaExpire(t *testing.T) {
	b := newBench(t)
	id := b.upload("image/png")
	b.clock.Advance(30*24*time.Hour - time.Second)
	b.want(200, "GET", "/"+id, nil)
	b.clock.Advance(time.Second)
	b.want(400, "GET", "/"+id, nil)
}

func TestMediaErrorsBlockTheEndpoint(t *testing.T) {
	b := newBench(t)
	id := b.upload("image/png")
	for range 19 {
		a := b.call("GET", "/404", nil)
		if a.status != 400 || get[float64](t, a.body, "error", "error_subcode") != 33 {
			t.Fatalf("answer = %d %s", a.status, a.raw)
		}
	}
	b.want(200, "GET", "/"+id, nil)
	b.want(400, "GET", "/404", nil)
	b.want(403, "GET", "/"+id, nil)
	b.clock.Advance(30*time.Minute - time.Second)
	b.want(403, "GET", "/"+id, nil)
	b.clock.Advance(time.Second)
	b.want(200, "GET", "/"+id, nil)
	// Errors older than an hour do not count.
	for range 3 {
		for range 19 {
			b.want(400, "GET", "/404", nil)
		}
		b.clock.Advance(time.Hour)
	}
	b.want(200, "GET", "/"+id, nil)
}

func TestUploadsAreRefused(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Throttles.UploadsPerSecond = 0 })
	png := sampleMedia("image/png", []byte("0123456789abcdef"), 0)
	for name, c := range map[string]struct {
		code     int
		mimeType string
		content  []byte
		fields   []string
	}{
		"no product":         {131008, "image/png", png, nil},
		"other product":      {131009, "image/png", png, []string{"messaging_product", "sms"}},
		"no file":            {131008, "", nil, []string{"messaging_product", "whatsapp"}},
		"empty file":         {131009, "image/png", []byte{}, []string{"messaging_product", "whatsapp"}},
		"no type":            {100, "", png, []string{"messaging_product", "whatsapp"}},
		"octet-stream":       {100, "application/octet-stream", png, []string{"messaging_product", "whatsapp"}},
		"gif":                {100, "image/gif", png, []string{"messaging_product", "whatsapp"}},
		"other type field":   {131009, "image/png", png, []string{"messaging_product", "whatsapp", "type", "image/jpeg"}},
		"unknown field":      {100, "image/png", png, []string{"messaging_product", "whatsapp", "name", "x"}},
		"large image":        {131053, "image/png", make([]byte, limitImage+1), []string{"messaging_product", "whatsapp"}},
		"large video":        {131053, "video/mp4", make([]byte, limitAV+1), []string{"messaging_product", "whatsapp"}},
		"large audio":        {131053, "audio/mpeg", make([]byte, limitAV+1), []string{"messaging_product", "whatsapp"}},
		"very large sticker": {131053, "image/webp", make([]byte, limitAnimatedSticker+1), []string{"messaging_product", "whatsapp"}},
		"large document":     {131053, "application/pdf", make([]byte, limitDocument+1), []string{"messaging_product", "whatsapp"}},
	} {
		body, kind := form(t, c.mimeType, c.content, c.fields...)
		a := b.call("POST", "/media", body, "Content-Type", kind)
		if a.status != 400 || get[float64](t, a.body, "error", "code") != float64(c.code) {
			t.Errorf("%s: %d %s, want %d", name, a.status, a.raw, c.code)
		}
	}
	if a := b.call("POST", "/media", obj{"messaging_product": "whatsapp"}); a.status != 400 {
		t.Errorf("JSON upload: %d", a.status)
	}
	body, kind := form(t, "image/png; charset=binary", png, "messaging_product", "whatsapp", "type", "image/png")
	b.want(200, "POST", "/media", body, "Content-Type", kind)
}

func TestUploadRate(t *testing.T) {
	b := newBench(t)
	for range 25 {
		b.upload("image/png")
	}
	body, kind := form(t, "image/png", []byte("x"), "messaging_product", "whatsapp")
	a := b.call("POST", "/media", body, "Content-Type", kind)
	if a.status != 400 || get[string](t, a.body, "meta", "developer_message") != "You have exceeded the endpoint rate limit." {
		t.Errorf("answer = %d %s", a.status, a.raw)
	}
	b.clock.Advance(time.Second)
	b.upload("image/png")
}

func TestAnyDocumentType(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Media.AnyDocumentType = true })
	b.open()
	b.send(base("document", obj{"id": b.uploadBytes("application/zip", []byte("PK\x03\x04")), "filename": "a.zip"}))
}

func TestMediaFaults(t *testing.T) {
	b := newBench(t)
	id := b.upload("image/png")
	link := b.want(200, "GET", "/"+id, nil)["url"].(string)
	whole := b.bytesOf(link).raw
	b.fault(Fault{Kind: "media_corrupt"}, Match{Endpoint: "media_bytes"}, 1)
	if spoiled := b.bytesOf(link).raw; bytes.Equal(spoiled, whole) || len(spoiled) != len(whole) {
		t.Error("the bytes are not corrupt")
	}
	if !bytes.Equal(b.bytesOf(link).raw, whole) {
		t.Error("the stored bytes were changed")
	}
	b.fault(Fault{Kind: "media_truncated"}, Match{Endpoint: "media_bytes"}, 1)
	u, _ := url.Parse(link)
	if _, err := b.do("GET", u.RequestURI(), nil); err == nil {
		t.Error("the bytes came whole")
	}
}

func TestInboundMediaCanBeFetched(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.Media.InlineURL = true })
	for kind := range sampleTypes {
		if _, err := b.s.CustomerWrite(testCustomer, InboundMessage{Type: kind, Text: "legenda", Media: &InboundFile{Bytes: 5000}}); err != nil {
			t.Fatal(err)
		}
		message := b.nextMessage()
		object := get[obj](t, message, message["type"].(string))
		resolved := b.want(200, "GET", "/"+object["id"].(string), nil)
		for _, link := range []any{resolved["url"], object["url"]} {
			a := b.bytesOf(link.(string))
			sum := sha256.Sum256(a.raw)
			if a.status != 200 || len(a.raw) < 5000 || hex.EncodeToString(sum[:]) != resolved["sha256"] || a.header.Get("Content-Type") != object["mime_type"] {
				t.Errorf("%s: %d, %d bytes of %v", kind, a.status, len(a.raw), object)
			}
		}
	}
}

func TestLinksAreFetched(t *testing.T) {
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/good.png":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(sampleMedia("image/png", []byte("0123456789abcdef"), 0))
		case "/odd":
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<html>"))
		case "/large.png":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(make([]byte, limitImage+1))
		default:
			w.WriteHeader(404)
		}
	}))
	defer files.Close()
	b := newBench(t, quick, func(s *Settings) { s.Media.FetchLinks = true })
	b.open()
	for path, want := range map[string]string{"/good.png": "sent", "/odd": "failed", "/large.png": "failed", "/none": "failed"} {
		b.send(base("image", obj{"link": files.URL + path}))
		status := b.nextStatus()
		if status["status"] != want {
			t.Errorf("%s: %v", path, status)
		}
		if want == "failed" && get[float64](t, status, "errors", 0, "code") != 131053 {
			t.Errorf("%s: %v", path, status)
		}
		if want == "sent" {
			b.nextStatus()
			b.nextStatus()
		}
	}
}

func TestMediaMemoryIsBounded(t *testing.T) {
	shelf := newMediaShelf(1000)
	now := time.Now()
	for i := range 50 {
		shelf.put(&media{id: string(rune('a' + i)), number: "n", bytes: make([]byte, 100), created: now})
	}
	if shelf.total > 1000 || len(shelf.byID) != 10 || len(shelf.order) != 10 {
		t.Errorf("total %d, %d files, %d in order", shelf.total, len(shelf.byID), len(shelf.order))
	}
	if shelf.get("a", "n", now) != nil || shelf.get(string(rune('a'+49)), "n", now) == nil {
		t.Error("the oldest must go and the newest stay")
	}
}
