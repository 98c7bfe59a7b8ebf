package app_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// keyed posts with an Idempotency-Key.
func keyed(w *apptest.World, key, path string, body any) apptest.Answer {
	w.T.Helper()
	return w.Do(apptest.Request{Method: http.MethodPost, Path: path, Body: body, Header: map[string]string{"Idempotency-Key": key}})
}

// replayed fails the test unless the second answer is the first one again.
func replayed(t *testing.T, what string, first, second apptest.Answer) {
	t.Helper()
	if first.Status != second.Status || !bytes.Equal(first.Body, second.Body) || second.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%s: first %s, then %s", what, first, second)
	}
}

func TestAnIdempotencyKeySendsOnce(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	body := said(session, doc{"text": "uma vez"})
	first := keyed(w, "a", "/api/message/send", body)
	replayed(t, "the same request", first, keyed(w, "a", "/api/message/send", body))
	if n := attempts(w); n != 1 || first.Status != http.StatusOK {
		t.Errorf("%d attempts, %s", n, first)
	}
	refused(t, "another body", keyed(w, "a", "/api/message/send", said(session, doc{"text": "outra"})), http.StatusConflict, "idempotency_key_reused")
	if a := keyed(w, "b", "/api/message/send", body); a.Status != http.StatusOK || attempts(w) != 2 {
		t.Errorf("another key: %s, %d attempts", a, attempts(w))
	}
	refused(t, "a key of 256 characters", keyed(w, strings.Repeat("k", 256), "/api/message/send", body), http.StatusUnprocessableEntity, "validation_failed")

	other := apptest.NewWorld(t)
	theirs := other.Session(apptest.Phone())
	if a := keyed(other, "a", "/api/message/send", said(theirs, doc{"text": "x"})); a.Status != http.StatusOK {
		t.Errorf("another account's same key: %s", a)
	}
	if a := keyed(w, "a", "/api/message/start/d360", doc{"to": apptest.Phone(), "template": "ola_mundo"}); a.Status != http.StatusOK {
		t.Errorf("the same key on another path: %s", a)
	}
}

// The provider's refusals and unknown ends are final answers too.
func TestAnIdempotencyKeyReplaysFinalErrors(t *testing.T) {
	t.Parallel()
	// A proof that races the doubt would leave open which of the two is answered.
	silent := func(s *d360.Settings) { s.Statuses.Enabled = false }
	w := apptest.Start(t, apptest.Options{Settings: silent}).World(t, apptest.Preset{})
	phone := apptest.Phone()
	session := w.Session(phone)
	asked := 0
	for key, c := range map[string]struct {
		fault  d360.Fault
		status int
	}{
		"refused":  {d360.Fault{Kind: "error", Code: 131026}, http.StatusNotFound},
		"blocked":  {d360.Fault{Kind: "error", Code: 130497}, http.StatusForbidden},
		"unknown":  {d360.Fault{Kind: "drop_after"}, http.StatusGatewayTimeout},
		"internal": {d360.Fault{Kind: "no_id"}, http.StatusInternalServerError},
	} {
		fail(w, c.fault, d360.Match{}, 1)
		body := said(session, doc{"text": key})
		first := keyed(w, key, "/api/message/send", body)
		if asked++; first.Status != c.status || attempts(w) != asked {
			t.Errorf("%s: %s, after %d attempts", key, first, attempts(w))
		}
		if c.status >= http.StatusInternalServerError {
			settle(t, w, phone, text(first.JSON(), "_id")) // its proof changes nothing of the answer
		}
		replayed(t, key, first, keyed(w, key, "/api/message/send", body))
		if attempts(w) != asked {
			t.Errorf("%s: the replay asked 360dialog", key)
		}
	}
}

// A refusal before asking, and a 401 or 429 of the provider, are not kept: the
// same key works once what was wrong is mended.
func TestAnIdempotencyKeyForgetsWhatIsNotFinal(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	refused(t, "a blank text", keyed(w, "blank", "/api/message/send", said(session, doc{"text": "  "})), http.StatusUnprocessableEntity, "validation_failed")
	if a := keyed(w, "blank", "/api/message/send", said(session, doc{"text": "cheio"})); a.Status != http.StatusOK {
		t.Errorf("the same key with a good text: %s", a)
	}
	fail(w, d360.Fault{Kind: "error", Code: 131056}, d360.Match{}, 2)
	body := said(session, doc{"text": "depressa"})
	refused(t, "a throttle", keyed(w, "fast", "/api/message/send", body), http.StatusTooManyRequests, "d360_rate_limited")
	if a := keyed(w, "fast", "/api/message/send", body); a.Status != http.StatusAccepted {
		t.Errorf("the same request after the throttle: %s", a)
	}
}

// A second caller with the same key waits for the first one's answer.
func TestASecondCallerWaits(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	fail(w, d360.Fault{Kind: "slow_after", DelayMS: 500}, d360.Match{}, 1)
	answers := make([]apptest.Answer, 4)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = keyed(w, "together", "/api/message/send", said(session, doc{"text": "um só"})) })
	}
	wg.Wait()
	for _, a := range answers {
		if a.Status != http.StatusOK || !bytes.Equal(a.Body, answers[0].Body) {
			t.Errorf("answers %s and %s", answers[0], a)
		}
	}
	if n := attempts(w); n != 1 {
		t.Errorf("%d attempts", n)
	}
}

// Every POST that creates takes a key; what is shown once is in the replay.
func TestCreatingByIdempotencyKey(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	for path, body := range map[string]doc{
		w.Base() + "/contacts":         {"contactIdentifier": phone, "name": "Ana", "type": "individual", "channelId": w.D360.String(), "channelType": "whatsapp"},
		w.Base() + "/tags":             {"name": "VIP"},
		w.Base() + "/api-keys":         {"name": "CRM"},
		w.Base() + "/platform-configs": {"platformSlug": "crm", "name": "CRM"},
		w.Base() + "/channels":         {"name": "Dois", "channelType": "whatsapp", "provider": "whatsappweb", "identifier": apptest.Phone()},
		"/api/message/start/d360":      {"to": apptest.Phone(), "template": "ola_mundo"},
	} {
		first := keyed(w, "create", path, body)
		if first.Status/100 != 2 {
			t.Errorf("%s: %s", path, first)
		}
		replayed(t, path, first, keyed(w, "create", path, body))
	}
	keys := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/api-keys", nil)
	expect(t, "the keys", keys, doc{"total": 2})
	header := map[string]string{"Idempotency-Key": "file", "Content-Type": "image/png"}
	first := w.Do(apptest.Request{Method: http.MethodPost, Path: w.Base() + "/media", Body: apptest.PNG, Header: header})
	replayed(t, "an upload", first, w.Do(apptest.Request{Method: http.MethodPost, Path: w.Base() + "/media", Body: apptest.PNG, Header: header}))
	admin := func() apptest.Answer {
		return w.Do(apptest.Request{Method: http.MethodPost, Path: "/api/accounts", Key: apptest.AdminKey, Body: doc{"name": "Nova " + phone}, Header: map[string]string{"Idempotency-Key": phone}})
	}
	replayed(t, "an account", admin(), admin())
}
