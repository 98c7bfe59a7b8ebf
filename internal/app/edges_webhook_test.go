package app_test

import (
	"bytes"
	"io"
	"net/http"
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
