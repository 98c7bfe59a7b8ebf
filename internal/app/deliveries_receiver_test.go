package app_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/app/contract"
)

var hooks = sync.OnceValues(contract.LoadWebhooks)

// hook is one webhook as a receiver got it.
type hook struct {
	doc
	body     []byte
	answered int
}

func (e hook) kind() string { return text(e.doc, "type") }

func (e hook) sequence() int64 {
	n, _ := e.doc["sequence"].(float64)
	return int64(n)
}

// receiver is a platform that takes events, or does not.
type receiver struct {
	t      testing.TB
	server *httptest.Server
	secret string
	idOf   string // which member is the event's id; empty: id
	old    bool   // timestamps are not the present's
	echo   bool   // a refusal repeats what was sent

	mu     sync.Mutex
	got    []hook
	answer func(hook) (int, http.Header)
}

// listen makes a receiver the URL of the world's platform.
func listen(t testing.TB, w *apptest.World) *receiver {
	t.Helper()
	r := &receiver{t: t}
	r.server = startReceiver(t, r)
	// What the making of the world was told by is not for this receiver.
	w.Eventually("all events are placed", func() bool { return unplaced(w) == 0 })
	r.become(w)
	settled(w)
	return r
}

func startReceiver(t testing.TB, r *receiver) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return server
}

func configPath(w *apptest.World) string { return w.Base() + "/platform-configs/" + w.Config.String() }

// become makes the receiver the world's platform.
func (r *receiver) become(w *apptest.World) {
	r.t.Helper()
	config := w.Want(http.StatusOK, http.MethodPost, configPath(w)+"/rotate-secret", nil)
	r.mu.Lock()
	r.secret = text(config, "secret")
	r.mu.Unlock()
	w.Want(http.StatusOK, http.MethodPatch, configPath(w), doc{"url": r.server.URL + "/hook?token=xyzzy"})
}

// answers says what events are answered from now on; nil: 204.
func (r *receiver) answers(answer func(hook) (int, http.Header)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

// repeats lets refusals repeat what was sent, as some do.
func (r *receiver) repeats() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.echo = true
}

func always(status int) func(hook) (int, http.Header) {
	return func(hook) (int, http.Header) { return status, nil }
}

// ServeHTTP implements http.Handler.
func (r *receiver) ServeHTTP(to http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // cut off
	}
	e := hook{body: body, answered: http.StatusNoContent}
	if err := json.Unmarshal(body, &e.doc); err != nil {
		r.t.Errorf("not JSON: %s", body)
	}
	r.check(req, e)
	r.mu.Lock()
	var header http.Header
	if r.answer != nil {
		e.answered, header = r.answer(e)
	}
	r.got = append(r.got, e)
	echo := r.echo
	r.mu.Unlock()
	for name, values := range header {
		to.Header()[name] = values
	}
	to.WriteHeader(e.answered)
	if e.answered != http.StatusNoContent {
		fmt.Fprint(to, "the answer of the receiver")
		if echo {
			_, _ = to.Write(body) // the caller may hang up
		}
	}
}

// check holds an event against its signature and openapi.yaml.
func (r *receiver) check(req *http.Request, e hook) {
	r.mu.Lock()
	defer r.mu.Unlock()
	webhook, err := standardwebhooks.NewWebhook(r.secret)
	if err != nil {
		r.t.Errorf("the secret: %v", err)
		return
	}
	verify := webhook.Verify
	if r.old {
		verify = webhook.VerifyIgnoringTimestamp
	}
	if err := verify(e.body, req.Header); err != nil {
		r.t.Errorf("%s is not signed: %v", e.kind(), err)
	}
	if id, own := req.Header.Get("webhook-id"), text(e.doc, cmp.Or(r.idOf, "id")); id != own {
		r.t.Errorf("webhook-id is %q, the event's id %q", id, own)
	}
	if all, err := hooks(); err != nil {
		r.t.Error(err)
	} else if err := all.Check(e.body); err != nil {
		r.t.Error(err)
	}
}

// events gives what came so far, or what of it was answered so.
func (r *receiver) events(answered ...int) []hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []hook
	for _, e := range r.got {
		if len(answered) == 0 || slices.Contains(answered, e.answered) {
			list = append(list, e)
		}
	}
	return list
}

// taken gives what it took.
func (r *receiver) taken() []hook { return r.events(http.StatusNoContent) }

// of gives the events of one session.
func of(list []hook, session string) []hook {
	return slices.DeleteFunc(slices.Clone(list), func(e hook) bool { return text(e.doc, "sessionId") != session })
}

// await waits until the receiver has taken an event of this type; it gives the
// first one.
func (r *receiver) await(w *apptest.World, kind string) hook {
	r.t.Helper()
	var found hook
	w.Eventually("the event "+kind, func() bool {
		for _, e := range r.taken() {
			if e.kind() == kind {
				found = e
				return true
			}
		}
		return false
	})
	return found
}

// inOrder fails the test unless the events of a session came in their order,
// each once.
func inOrder(t testing.TB, list []hook) {
	t.Helper()
	var order bytes.Buffer
	wrong := false
	for i, e := range list {
		fmt.Fprintf(&order, " %d:%s", e.sequence(), e.kind())
		wrong = wrong || e.sequence() != int64(i+1)
	}
	if wrong {
		t.Errorf("the session's events came as%s", order.String())
	}
}
