package d360_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/d360"
	"github.com/cirrus/omnichannel/internal/providers/providertest"
)

// fileHost serves one file, takes uploads, and counts their bytes.
func fileHost(t *testing.T, uploaded *int64) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte("bytes")) // a client that went away is the test's own doing
			return
		}
		*uploaded, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write([]byte(`{"id":"1"}`))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// What bounds a call does not bound a file: that takes as long as it takes.
func TestAFileHasMoreTimeThanACall(t *testing.T) {
	t.Parallel()
	var uploaded int64
	conn := openWith(t, d360.Options{BaseURL: fileHost(t, &uploaded), Client: providertest.LoopbackOnly(), CallTimeout: time.Nanosecond})
	if _, err := conn.Templates(t.Context(), 0); err == nil {
		t.Error("a call had no limit")
	}
	file, err := conn.FetchMedia(t.Context(), providers.MediaRef{URL: metaURL})
	if err != nil {
		t.Fatalf("a download was cut: %v", err)
	}
	content, err := io.ReadAll(file)
	if err != nil || string(content) != "bytes" {
		t.Errorf("the file is %q: %v", content, err)
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
	_, err = conn.Send(t.Context(), withFile(outbound(providers.Content{Type: providers.TypeDocument}), "application/pdf", "a.pdf"))
	if err == nil || uploaded == 0 { // the message itself is a call again
		t.Errorf("%d bytes were uploaded: %v", uploaded, err)
	}
}

// zeros is a file without an end.
type zeros struct{}

// Read fills the buffer.
func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// A file of which nothing moves any more is given up, and may be tried again.
func TestASilentFileIsGivenUp(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte("the first part"))
			_ = http.NewResponseController(w).Flush()
		}
		<-over // nothing of an upload is read
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	conn := openWith(t, d360.Options{BaseURL: server.URL, Client: providertest.LoopbackOnly(), Silence: 50 * time.Millisecond})
	file, err := conn.FetchMedia(t.Context(), providers.MediaRef{URL: metaURL})
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(file)
	if err == nil || !bytes.Equal(content, []byte("the first part")) {
		t.Errorf("a silent download gave %q: %v", content, err)
	}
	_ = file.Close() // it was given up
	out := outbound(providers.Content{Type: providers.TypeDocument})
	out.Media = &providers.OutboundMedia{
		ID: ids.New[ids.Media](), Mimetype: "application/pdf", FileName: "a.pdf", Size: 1 << 40,
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(zeros{}), nil },
	}
	_, err = conn.Send(t.Context(), out)
	if e := providers.AsSendError(err); err == nil || !e.Retryable || e.Sent != providers.No {
		t.Errorf("a silent upload: %+v", err)
	}
}
