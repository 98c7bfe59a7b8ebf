package media_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/media"
)

func TestSave(t *testing.T) {
	t.Parallel()
	s := folder(t)
	body := append([]byte(pngHead), random(50_000)...)
	got, err := media.Save(t.Context(), s.blobs, "a", bytes.NewReader(body), media.Hint{FileName: `C:\photos\eu.png`, MaxBytes: int64(len(body))})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	want := media.Stored{Kind: media.Image, Mimetype: "image/png", FileName: "eu.png", Size: int64(len(body)), SHA256: hex.EncodeToString(sum[:])}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if back, err := read(t, s.blobs, "a", media.Range{}); err != nil || !bytes.Equal(back, body) {
		t.Errorf("%d bytes stored, %v", len(back), err)
	}
}

func TestSaveRefuses(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for _, c := range []struct {
		name string
		body io.Reader
		want fault.Code
	}{
		{"one byte too many", bytes.NewReader(random(1001)), fault.MediaTooLarge},
		{"far too many", io.LimitReader(zeros{}, 1<<40), fault.MediaTooLarge},
		{"nothing", strings.NewReader(""), fault.MediaUnavailable},
		{"broken at once", iotest.ErrReader(boom), fault.MediaUnavailable},
		{"broken in the head", io.MultiReader(bytes.NewReader(random(10)), iotest.ErrReader(io.ErrUnexpectedEOF)), fault.MediaUnavailable},
	} {
		s := folder(t)
		_, err := media.Save(t.Context(), s.blobs, "a", c.body, media.Hint{MaxBytes: 1000})
		if fault.CodeOf(err) != c.want || s.files(t) != 0 {
			t.Errorf("%s: %v with %d files left", c.name, err, s.files(t))
		}
	}
	s := folder(t)
	late := io.MultiReader(bytes.NewReader(random(100_000)), iotest.ErrReader(boom))
	if _, err := media.Save(t.Context(), s.blobs, "a", late, media.Hint{}); !fault.Is(err, fault.MediaUnavailable) || !errors.Is(err, boom) || s.files(t) != 0 {
		t.Errorf("broken late: %v with %d files left", err, s.files(t))
	}
	if _, err := media.Save(t.Context(), s.blobs, "../a", strings.NewReader("x"), media.Hint{}); err == nil || fault.CodeOf(err) != fault.Internal {
		t.Errorf("our own mistake: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// site serves one handler, and gives a client that may reach it.
func site(t *testing.T, h http.HandlerFunc) (url string, client *http.Client) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	d, err := egress.New(egress.Options{Allow: []string{server.Listener.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return server.URL, d.Client(egress.ClientOptions{Timeout: time.Minute, MaxRedirects: 3})
}

func TestFetch(t *testing.T) {
	t.Parallel()
	url, client := site(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/files/foto%20um.png?token=hunter2", http.StatusFound)
			return
		case "/named":
			w.Header().Set("Content-Disposition", `attachment; filename="../../relat%C3%B3rio.pdf"; filename*=UTF-8''relat%C3%B3rio.pdf`)
		case "/noise":
			w.Header().Set("Content-Type", "audio/ogg; codecs=opus")
			io.WriteString(w, noise)
			return
		}
		w.Header().Set("Content-Type", "application/pdf")
		io.WriteString(w, pngHead)
	})
	for _, c := range []struct {
		path, name, mimetype string
		kind                 media.Kind
		hint                 media.Hint
	}{
		{"/moved", "foto um.png", "image/png", media.Image, media.Hint{}},
		{"/named", "relatório.pdf", "image/png", media.Image, media.Hint{}},
		{"/a/b.png", "mine.png", "image/png", media.Image, media.Hint{FileName: "mine.png"}},
		{"/noise", "noise", "audio/ogg", media.Audio, media.Hint{}},
		{"/noise", "noise", "video/mp4", media.Video, media.Hint{Mimetype: "video/mp4"}},
	} {
		s := folder(t)
		got, err := media.Fetch(t.Context(), client, s.blobs, "a", url+c.path, c.hint)
		if err != nil || got.FileName != c.name || got.Mimetype != c.mimetype || got.Kind != c.kind || s.files(t) != 1 {
			t.Errorf("%s: %+v, %v", c.path, got, err)
		}
	}
}

func TestFetchRefuses(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	url, client := site(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gone":
			http.NotFound(w, r)
		case "/inside":
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
		case "/circle":
			http.Redirect(w, r, "/circle", http.StatusFound)
		case "/announced":
			w.Header().Set("Content-Length", strconv.Itoa(1<<40))
			w.WriteHeader(http.StatusOK)
		case "/endless":
			for {
				n, err := w.Write(make([]byte, 1<<16))
				if err != nil {
					return
				}
				sent.Add(int64(n))
			}
		case "/cut":
			w.Header().Set("Content-Length", "100000")
			io.WriteString(w, strings.Repeat("x", 50_000))
		case "/stuck":
			io.WriteString(w, "x")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}
	})
	for _, c := range []struct {
		address, detail string
		want            fault.Code
	}{
		{url + "/gone?token=hunter2", "status 404", fault.MediaUnavailable},
		{url + "/inside", "public internet", fault.MediaUnavailable},
		{url + "/circle", "redirects", fault.MediaUnavailable},
		{url + "/announced", "1000000 bytes", fault.MediaTooLarge},
		{url + "/endless", "1000000 bytes", fault.MediaTooLarge},
		{url + "/cut", "to its end", fault.MediaUnavailable},
		{url + "/empty", "to its end", fault.MediaUnavailable},
		{url + "/stuck", "to its end", fault.MediaUnavailable},
		{"http://127.0.0.1:1/?token=hunter2", "public internet", fault.MediaUnavailable},
		{"ftp://host/hunter2", "http or https", fault.MediaUnavailable},
		{"http://host\x00hunter2", "address is none", fault.MediaUnavailable},
	} {
		s := folder(t)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if strings.HasSuffix(c.address, "/stuck") {
			cancel()
			ctx, cancel = context.WithTimeout(t.Context(), 200*time.Millisecond)
		}
		_, err := media.Fetch(ctx, client, s.blobs, "a", c.address, media.Hint{MaxBytes: 1_000_000})
		cancel()
		if fault.CodeOf(err) != c.want || !strings.Contains(err.Error(), c.detail) || strings.Contains(err.Error(), "hunter2") || s.files(t) != 0 {
			t.Errorf("%q: %v with %d files left", c.address, err, s.files(t))
		}
	}
	if sent.Load() > 100<<20 {
		t.Errorf("%d bytes of an endless file were taken", sent.Load())
	}
}

func TestFetchIntoABucket(t *testing.T) {
	t.Parallel()
	const size = 12 << 20
	url, client := site(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, mp4Head)
		io.CopyN(w, zeros{}, size)
	})
	s := bucket(t)
	got, err := media.Fetch(t.Context(), client, s.blobs, "films/a", url+"/film.mp4", media.Hint{})
	if err != nil || got.Size != size+int64(len(mp4Head)) || got.Kind != media.Video {
		t.Fatalf("%+v, %v", got, err)
	}
	if n, err := s.blobs.Size(t.Context(), "films/a"); err != nil || n != got.Size {
		t.Errorf("size %d, %v", n, err)
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ã", 200)
	for name, want := range map[string]string{
		"a.pdf": "a.pdf", "": "", "..": "", "/": "", "a/b/../c.txt": "c.txt", `..\..\x`: "x", "tab\there\x00.txt": "tabhere.txt",
		" \u202egnp.exe ": "gnp.exe", "\xff\xfe.txt": ".txt", long + ".pdf": strings.Repeat("ã", 118) + ".pdf",
	} {
		got, err := media.Save(t.Context(), folder(t).blobs, "a", strings.NewReader("x"), media.Hint{FileName: name})
		if err != nil || got.FileName != want {
			t.Errorf("%q became %q, %v; want %q", name, got.FileName, err, want)
		}
	}
}
