package app_test

import (
	"bytes"
	"io"
	"net/http"
	"runtime"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/messages"
)

// A webhook that is none is refused before anything is built of it.
func TestWebhooksThatAreNone(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	deep := append(bytes.Repeat([]byte(`{"a":`), 10_000), bytes.Repeat([]byte("}"), 10_000)...)
	for _, provider := range []string{"360dialog", "whatsappweb"} {
		for _, c := range []struct {
			name   string
			body   []byte
			status int
			code   string
		}{
			{"10 MB", append([]byte(`{"a":"`), bytes.Repeat([]byte("a"), 10<<20)...), http.StatusRequestEntityTooLarge, "payload_too_large"},
			{"a byte over the limit", bytes.Repeat([]byte(" "), messages.MaxWebhook+1), http.StatusRequestEntityTooLarge, "payload_too_large"},
			{"10,000 levels", deep, http.StatusBadRequest, "malformed_request"},
			{"no JSON", []byte(`<html>`), http.StatusBadRequest, "malformed_request"},
			{"half of it", []byte(`{"messages":[`), http.StatusBadRequest, "malformed_request"},
			{"nothing", []byte(` `), http.StatusBadRequest, "malformed_request"},
			{"a list", []byte(`[1]`), http.StatusBadRequest, "malformed_request"},
		} {
			if a := w.Deliver(provider, c.body); a.Status != c.status || a.Code() != c.code {
				t.Errorf("%s, %s: %s, want %d %s", provider, c.name, a, c.status, c.code)
			}
		}
		if a := w.Do(apptest.Request{Method: http.MethodPost, Path: w.Webhook(provider), Body: []byte(`{}`), Key: "wrong"}); a.Status != http.StatusUnauthorized {
			t.Errorf("%s with a wrong secret: %s", provider, a)
		}
		nowhere := "/api/webhook/" + provider + "/" + w.Config.String() + "/" + bson.NewObjectID().Hex()
		if a := w.Do(apptest.Request{Method: http.MethodPost, Path: nowhere, Body: []byte(`{}`), Key: w.Secret}); a.Status != http.StatusNotFound {
			t.Errorf("%s to no channel: %s", provider, a)
		}
	}
}

// Refusing what is no webhook takes little memory, however large it is. (What it
// takes of time, BenchmarkRefusedWebhook shows.) Not parallel: all that the process
// allocates meanwhile counts.
func TestWhatIsNoWebhookTakesLittleMemory(t *testing.T) {
	const most = 8 << 20
	w := apptest.NewWorld(t)
	for _, provider := range []string{"360dialog", "whatsappweb"} {
		for name, body := range hostileWebhooks() {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			turnedAway(t, w, provider, body)
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took >= most {
				t.Errorf("%s, %s: %d KiB were allocated, %d are allowed", provider, name, took>>10, most>>10)
			}
		}
	}
}

// turnedAway delivers what is no webhook, by a client that keeps no copy of it.
func turnedAway(t testing.TB, w *apptest.World, provider string, body []byte) {
	t.Helper()
	req := must(http.NewRequestWithContext(t.Context(), http.MethodPost, w.App.URL()+w.Webhook(provider), bytes.NewReader(body)))
	req.Header.Set("Authorization", "Bearer "+w.Secret)
	resp := must(http.DefaultClient.Do(req))
	resp.Body.Close()
	if resp.StatusCode/100 != 4 {
		t.Errorf("a webhook of %s that is none, %d bytes: %s", provider, len(body), resp.Status)
	}
}

// hostileWebhooks are as large or as deep as somebody who means harm makes them.
func hostileWebhooks() map[string][]byte {
	return map[string][]byte{
		"10 MB":                           append([]byte(`{"a":"`), bytes.Repeat([]byte("a"), 10<<20)...),
		"10,000 levels":                   append(bytes.Repeat([]byte(`{"a":`), 10_000), bytes.Repeat([]byte("}"), 10_000)...),
		"as much as is read, and no JSON": append([]byte(`{"a":`), bytes.Repeat([]byte(" "), messages.MaxWebhook-10)...),
		"as much as is read, and deep":    append(bytes.Repeat([]byte("["), messages.MaxWebhook-1), ']'),
	}
}

// BenchmarkRefusedWebhook is what refusing one takes, the request's way included.
func BenchmarkRefusedWebhook(b *testing.B) {
	w := apptest.NewWorld(b)
	for name, body := range hostileWebhooks() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				turnedAway(b, w, "360dialog", body)
			}
		})
	}
}

// Without the secret no body is read: the sender that waits to be asked for it
// is not asked.
func TestNoBodyIsReadWithoutTheSecret(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	for _, provider := range []string{"360dialog", "whatsappweb"} {
		for secret, want := range map[string]int{"wrong": http.StatusUnauthorized, w.Secret: http.StatusBadRequest} {
			asked := make(chan struct{}, 1)
			body := readerFunc(func([]byte) (int, error) {
				select {
				case asked <- struct{}{}:
				default:
				}
				return 0, io.EOF
			})
			req := must(http.NewRequestWithContext(t.Context(), http.MethodPost, w.App.URL()+w.Webhook(provider), body))
			req.Header.Set("Authorization", "Bearer "+secret)
			req.Header.Set("Expect", "100-continue")
			resp := must(client.Do(req))
			resp.Body.Close()
			if read := len(asked) == 1; resp.StatusCode != want || read != (secret == w.Secret) {
				t.Errorf("%s with secret %q: %d, the body was read: %v", provider, secret, resp.StatusCode, read)
			}
		}
	}
}

// readerFunc is a reader made of a function.
type readerFunc func([]byte) (int, error)

// Read implements io.Reader.
func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// What would break a rule of the store is a conflict that says so.
func TestConflictsAreTold(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	one := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/contacts", contactBody(w))
	two := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/contacts", contactBody(w))
	taken := map[string]any{"contactIdentifier": one["contactIdentifier"]}
	for _, method := range []string{http.MethodPatch, http.MethodPut} {
		a := w.Call(method, w.Base()+"/contacts/"+two["_id"].(string), taken)
		if a.Status != http.StatusConflict || a.Code() != "contact_exists" || a.JSON()["contactId"] != one["_id"] {
			t.Errorf("%s to a taken identifier: %s", method, a)
		}
	}
	w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/tags", map[string]any{"name": "a"})
	tag := w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/tags", map[string]any{"name": "b"})["_id"].(string)
	if a := w.Call(http.MethodPatch, w.Base()+"/tags/"+tag, map[string]any{"name": "a"}); a.Status != http.StatusConflict {
		t.Errorf("a tag's name twice: %s", a)
	}
	if a := w.Call(http.MethodPost, w.Base()+"/channels/"+w.D360.String()+"/webhook", nil); a.Status != http.StatusOK {
		t.Errorf("set the webhook again: %s", a)
	}
	if a := w.Call(http.MethodPatch, w.Base()+"/channels/"+w.D360.String(), map[string]any{"identifier": apptest.Phone()}); a.Status != http.StatusConflict {
		t.Errorf("another number for an open channel: %s", a)
	}
	if a := w.Call(http.MethodGet, "/api/media/"+bson.NewObjectID().Hex()+"?nonsense=1", nil); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a file with an unknown query parameter: %s", a)
	}
}
