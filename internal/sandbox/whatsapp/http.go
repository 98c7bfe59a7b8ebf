package whatsapp

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"go.mau.fi/whatsmeow/store"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// maxUpload bounds a file, which WhatsApp does at 2 GB.
const maxUpload = 128 << 20

// Handler is WhatsApp itself: the websocket of the clients, the media and the
// picture hosts, and the page from which clients learn the newest version.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ws/chat", s.socket)
	mux.HandleFunc("POST /mms/{kind}/{token}", s.upload)
	mux.HandleFunc("DELETE /mms/{kind}/{token}", s.deleteUpload)
	mux.HandleFunc("GET /v/{rest...}", s.download)
	mux.HandleFunc("GET /{$}", s.versionPage)
	return mux
}

func (s *Server) iqMediaHosts(c *conn, n *node, _ node) {
	auth := fmt.Sprintf("sandbox-%s-%d", c.device.account.number, c.device.id)
	c.result(n, node{
		Tag: "media_conn", Attrs: attrs{"auth": auth, "ttl": 300, "auth_ttl": 21600, "max_buckets": 12},
		Content: []node{{Tag: "host", Attrs: attrs{"hostname": "mmg.whatsapp.net", "type": "primary"}}},
	})
}

// uploader reads whom iqMediaHosts gave the authorisation.
func uploader(auth string) (event, bool) {
	var e event
	parts := strings.Split(auth, "-")
	if len(parts) != 3 || parts[0] != "sandbox" {
		return e, false
	}
	e.phone = parts[1]
	_, err := fmt.Sscan(parts[2], &e.device)
	return e, err == nil
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	who, known := uploader(query.Get("auth"))
	if !known {
		http.Error(w, "not authorised", http.StatusUnauthorized)
		return
	}
	who.typ = r.PathValue("kind")
	if f := s.meet(atUpload, who); f != nil {
		if f.Kind == "upload_refused" {
			http.Error(w, "refused", statusOr(f, http.StatusServiceUnavailable))
			return
		}
		pause(r.Context(), f.delay())
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
	if err != nil {
		http.Error(w, "too large or cut off", http.StatusRequestEntityTooLarge)
		return
	}
	token := query.Get("token")
	want, err := base64.URLEncoding.DecodeString(token)
	if got := sha256.Sum256(body); err != nil || string(got[:]) != string(want) {
		http.Error(w, "the token is not the hash of the file", http.StatusBadRequest)
		return
	}
	path := s.media.put(body, who.phone)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"url": "https://mmg.whatsapp.net" + path, "direct_path": path, "handle": token, "object_id": token})
}

// deleteUpload is what clients do with history once they have read it.
func (s *Server) deleteUpload(w http.ResponseWriter, r *http.Request) {
	path, err := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("d_md"))
	if err != nil {
		http.Error(w, "d_md is not base64", http.StatusBadRequest)
		return
	}
	s.media.remove(string(path))
	w.WriteHeader(http.StatusOK)
}

func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	b, there := s.media.get(r.URL.Path)
	if !there {
		http.Error(w, "gone", http.StatusGone)
		return
	}
	out := b.bytes
	if f := s.meet(atDownload, event{phone: b.owner, typ: r.URL.Query().Get("mms-type")}); f != nil {
		switch f.Kind {
		case "media_gone":
			http.Error(w, "gone", statusOr(f, http.StatusGone))
			return
		case "media_truncated":
			out = out[:len(out)/2]
		case "media_corrupt":
			out = append([]byte{}, out...)
			if len(out) > 0 {
				out[len(out)/2] ^= 0xff
			}
		}
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(out)
}

// versionPage says that the version of whoever asks is the newest.
func (s *Server) versionPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = fmt.Fprintf(w, `<!doctype html><script>{"client_revision":%d,"sandbox":true}</script>`, store.GetWAVersion()[2])
}

// Running is a server that listens.
type Running struct {
	// URL is the base of what clients are redirected to, ControlURL that of the
	// control; both without a slash at the end.
	URL, ControlURL string

	whatsapp  *Server
	listening *control.Listening
	once      sync.Once
}

// Listen serves WhatsApp on one address and the control on another; port 0 picks
// one. It returns once both accept connections. Close of the Running ends them,
// so does the end of ctx; the Server, with its world, is closed apart.
func (s *Server) Listen(ctx context.Context, addr, controlAddr string) (*Running, error) {
	l, err := control.Listen(ctx, "WhatsApp", addr, s.Handler(), controlAddr, s.Control())
	if err != nil {
		return nil, err
	}
	r := &Running{URL: l.URL, ControlURL: l.ControlURL, whatsapp: s, listening: l}
	context.AfterFunc(ctx, r.Close)
	return r, nil
}

// Close stops listening and cuts the connections of clients.
func (r *Running) Close() {
	r.once.Do(func() {
		r.listening.Stop()
		r.whatsapp.CutAll()
	})
	r.listening.Wait()
}
