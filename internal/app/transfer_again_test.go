package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// holderDied leaves the world's only Idempotency-Key as a server leaves it that
// died before it could say what it had done.
func holderDied(w *apptest.World, session string) {
	w.T.Helper()
	contact := text(w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil), "contactId")
	result, err := w.App.DB.Collection("idempotency").UpdateOne(w.T.Context(), bson.D{{Key: "about", Value: contact}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "done", Value: false}, {Key: "heldAt", Value: time.Unix(0, 0)}}}})
	if err != nil || result.MatchedCount != 1 {
		w.T.Fatalf("%v %v", result, err)
	}
}

// transfersTold is how many transfers of its account the events tell of.
func transfersTold(w *apptest.World) (n int) {
	for _, row := range eventstest.Rows(w.T, w.App.DB, w.Account) {
		if row.Type == "session.transferred" {
			n++
		}
	}
	return n
}

// A transfer that runs again under its key, because its server died, is answered
// from the session: it takes nothing away from who has it now, also once the
// session is finished or the platform deleted, and says nothing twice.
func TestATransferHappensOnceUnderItsKey(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	crm := text(w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/platform-configs", doc{"platformSlug": "crm", "name": "CRM"}), "_id")
	phone := apptest.Phone()
	session := w.Session(phone)
	path := "/api/session/transfer/" + session
	body := doc{"params": doc{"platformSlug": "crm"}, "transferMessage": "Um momento"}
	expect(t, "the first run", keyed(w, "k", path, body).JSON(), doc{"platform.slug": "crm", "transfers.#": 1, "transferMessageError": nil})
	holderDied(w, session)
	w.Want(http.StatusOK, http.MethodPost, path, doc{"params": doc{"platformSlug": "console"}})

	again := keyed(w, "k", path, body)
	if again.Status != http.StatusOK {
		t.Fatalf("again: %s", again)
	}
	expect(t, "again", again.JSON(), doc{"platform.slug": "console", "transfers.#": 2, "transfers.0.to.platform.slug": "crm", "transferMessageError": nil})
	replayed(t, "once more", again, keyed(w, "k", path, body))
	holderDied(w, session)
	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
	w.Want(http.StatusNoContent, http.MethodDelete, w.Base()+"/platform-configs/"+crm, nil)
	late := keyed(w, "k", path, body)
	expect(t, "once it is finished", late.JSON(), doc{"status": "finished", "transfers.#": 2, "transferMessageError": nil})
	if n := transfersTold(w); n != 2 {
		t.Errorf("%d transfers were told, want 2", n)
	}
	if n := attempts(w); n != 1 {
		t.Errorf("the message was sent %d times", n)
	}
}

// hangUp posts with a key, and hangs up once gone says so.
func hangUp(w *apptest.World, key, path string, body any, gone func() bool) {
	w.T.Helper()
	ctx, cancel := context.WithCancel(w.T.Context())
	content, err := json.Marshal(body)
	if err != nil {
		w.T.Fatal(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.App.URL()+path, bytes.NewReader(content))
	if err != nil {
		w.T.Fatal(err)
	}
	req.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + w.Key}, "Idempotency-Key": {key}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if resp, err := http.DefaultTransport.RoundTrip(req); err == nil {
			w.T.Errorf("it was answered %s", resp.Status)
			resp.Body.Close()
		}
	}()
	w.Eventually("the moment to hang up", gone)
	cancel()
	<-done
}

// Who hangs up while the message of a transfer is on its way has sent it, and the
// same key says so; one whose fate nobody knows is never said not to be sent.
func TestATransfersMessageGoesThoughItsCallerHangsUp(t *testing.T) {
	t.Parallel()
	// A proof that races the doubt would leave open which of the two is answered.
	silent := func(s *d360.Settings) { s.Statuses.Enabled = false }
	w := apptest.Start(t, apptest.Options{Settings: silent}).World(t, apptest.Preset{})
	w.Want(http.StatusCreated, http.MethodPost, w.Base()+"/platform-configs", doc{"platformSlug": "crm", "name": "CRM"})
	phone := apptest.Phone()
	session := w.Session(phone)
	path, body := "/api/session/transfer/"+session, doc{"params": doc{"platformSlug": "crm"}, "transferMessage": "Um momento"}
	fail(w, d360.Fault{Kind: "slow_after", DelayMS: 3000}, d360.Match{}, 1)
	hangUp(w, "gone", path, body, func() bool { return attempts(w) == 1 })
	expect(t, "the same key", keyed(w, "gone", path, body).JSON(), doc{"platform.slug": "crm", "transfers.#": 1, "transferMessageError": nil})
	if got := shown(w, phone).Text; got != "Um momento" || attempts(w) != 1 {
		t.Errorf("the contact was told %q, in %d attempts", got, attempts(w))
	}

	fail(w, d360.Fault{Kind: "drop_after"}, d360.Match{}, 1)
	view := w.Want(http.StatusOK, http.MethodPost, path, doc{"params": doc{"platformSlug": "console"}, "transferMessage": "Voltando"})
	expect(t, "an answer that was lost", view, doc{"platform.slug": "console", "transferMessageError.code": "provider_timeout"})
	await(w, text(view, "transferMessageError._id"), doc{"content.text": "Voltando"})
}

// No session goes to a platform that another server has just deleted, whatever
// this one remembers: a transfer is refused, and one that opens goes to the
// account's default.
func TestNoSessionGoesToADeletedPlatform(t *testing.T) {
	t.Parallel()
	start := side(t)
	near := start(t).World(t, apptest.Preset{})
	other := *near
	far := &other
	far.Server = start(t)
	crm := text(near.Want(http.StatusCreated, http.MethodPost, near.Base()+"/platform-configs", doc{"platformSlug": "crm", "name": "CRM"}), "_id")
	phone := apptest.Phone()
	contact := text(near.Want(http.StatusCreated, http.MethodPost, near.Base()+"/contacts", doc{
		"contactIdentifier": phone, "name": "Ana", "type": "individual", "channelId": near.WhatsApp.String(), "channelType": "whatsapp", "platform": "crm",
	}), "_id")
	open := func(phone, id string) string {
		t.Helper()
		if a := far.Deliver("whatsappweb", webText(phone, "oi", doc{"id": id})); a.Status != http.StatusOK {
			t.Fatalf("%s: %s", id, a)
		}
		return far.AwaitSession(phone)
	}
	first := open(phone, "FIRST"+phone) // far has heard of the platform
	far.Eventually("the contact's platform", func() bool {
		return text(far.Want(http.StatusOK, http.MethodGet, "/api/session/"+first, nil), "platform.slug") == "crm"
	})
	session := open(apptest.Phone(), "OTHER"+phone)
	path := "/api/session/transfer/" + session
	far.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+first, nil)
	began := time.Now()
	far.Want(http.StatusOK, http.MethodPost, path, doc{"params": doc{"platformSlug": "crm"}})
	far.Want(http.StatusOK, http.MethodPost, path, doc{"params": doc{"platformSlug": "console"}})
	near.Want(http.StatusNoContent, http.MethodDelete, near.Base()+"/platform-configs/"+crm, nil)
	refused(t, "a transfer to it", far.Call(http.MethodPost, path, doc{"params": doc{"platformSlug": "crm"}}), http.StatusNotFound, "not_found")
	second := open(phone, "SECOND"+phone)
	if took := time.Since(began); took > platforms.CacheFor {
		t.Logf("this machine is slow: after %s the platform was forgotten anyhow", took)
	}
	far.Eventually("the default to step in", func() bool {
		return text(far.Want(http.StatusOK, http.MethodGet, "/api/session/"+second, nil), "platform.slug") == "console"
	})
	expect(t, "the contact", far.Want(http.StatusOK, http.MethodGet, far.Base()+"/sessions?status=active&contactId="+contact, nil), doc{"total": 1})
}
