package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// turnstile stands before the simulated 360dialog and holds the first call that it is
// to hold.
type turnstile struct {
	which   func(*http.Request) bool
	arrived chan struct{}
	release chan struct{}
}

func (g *turnstile) before(t *testing.T, target string) string {
	t.Helper()
	proxy := httputil.NewSingleHostReverseProxy(must(url.Parse(target)))
	held := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.which(r) {
			select {
			case held <- struct{}{}:
				close(g.arrived)
				<-g.release
			default:
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// What is under way at 360dialog goes on when the channel's settings change: a
// file is still fetched, and a message with one is still sent.
func TestAChangedChannelDisturbsNothingUnderWay(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		which func(*http.Request) bool
		begin func(w *apptest.World, phone string) (done func())
	}{
		"a file that is looked up": {
			which: func(r *http.Request) bool {
				return r.Method == http.MethodGet && strings.Count(r.URL.Path, "/") == 1 && strings.Trim(r.URL.Path[1:], "0123456789") == ""
			},
			begin: func(w *apptest.World, phone string) func() {
				wamid := w.Write(phone, d360.InboundMessage{Type: "image"})
				return func() { await(w, text(received(w, wamid), "_id"), doc{"media.status": "ready"}) }
			},
		},
		"a message whose file is uploaded": {
			which: func(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Path == "/media" },
			begin: func(w *apptest.World, phone string) func() {
				body := said(w.Session(phone), doc{"mediaUri": upload(w, apptest.PDF, map[string]string{"Content-Type": "application/pdf"})["_id"]})
				answer := make(chan apptest.Answer, 1)
				go func() { answer <- w.Call(http.MethodPost, "/api/message/send", body) }()
				return func() {
					if a := <-answer; a.Status != http.StatusOK {
						w.T.Errorf("the message: %s", a)
					}
				}
			},
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			g := &turnstile{which: c.which, arrived: make(chan struct{}), release: make(chan struct{})}
			server := apptest.Start(t, apptest.Options{
				Settings: func(s *d360.Settings) { s.Media.InlineURL = false },
				Config:   func(cfg *config.Config) { cfg.D360BaseURL = g.before(t, cfg.D360BaseURL) },
			})
			w := server.World(t, apptest.Preset{})
			other := w.Session(apptest.Phone())
			done := c.begin(w, apptest.Phone())
			<-g.arrived
			w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.D360.String(), doc{"settings": doc{"messagesPerSecond": 50, "templateLanguage": "en", "mediaMaxBytes": 1 << 20}})
			send(w, other, doc{"text": "it has changed"})
			close(g.release)
			done()
		})
	}
}
