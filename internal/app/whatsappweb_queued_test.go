package app_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// While a device cannot reach WhatsApp, what is sent stays queued, longer than one
// attempt may take: the answer comes when the operator's time is up, and the
// message goes once there is a connection. What is deleted until then does not.
func TestASendWaitsForTheConnection(t *testing.T) {
	t.Parallel()
	server := apptest.Start(t, apptest.Options{Config: func(c *config.Config) { c.SendTimeout = 2 * time.Second }})
	w := server.World(t, apptest.Preset{})
	w.Link()
	customer := people(w, 1)[0].Phone
	first := w.Want(http.StatusOK, http.MethodPost, "/api/message", doc{"recipientNumber": customer, "text": "antes"})
	rule := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number}, Fault: whatsapp.Fault{Kind: "refuse_login", Code: 503}}))
	step(w, "reset")
	w.AwaitStatus("connecting")
	path := func(sent doc) string {
		return "/api/message/" + text(sent, "messageId") + "?senderId=" + w.Number + "&channelSlug=whatsappweb"
	}
	kept := w.Want(http.StatusAccepted, http.MethodPost, "/api/message", doc{"recipientNumber": customer, "text": "fica"})
	gone := w.Want(http.StatusAccepted, http.MethodPost, "/api/message", doc{"recipientNumber": customer, "text": "engano"})
	last := w.Want(http.StatusAccepted, http.MethodPost, "/api/message", doc{"recipientNumber": customer, "text": "por fim"})
	for _, sent := range []doc{kept, gone, last} {
		expect(t, "while there is no connection", sent, doc{"status": "queued"})
	}
	expect(t, "a queued one is deleted", w.Want(http.StatusOK, http.MethodDelete, path(gone), nil), doc{"messageId": text(gone, "messageId"), "status": "revoked"})
	row := message(w, text(gone, "_id"))
	expect(t, "what was deleted", row, doc{"status": "failed", "error.code": "revoked"})
	if text(row, "revokedAt") == "" {
		t.Errorf("it does not say when it was deleted: %v", row)
	}
	refused(t, "again", w.Call(http.MethodDelete, path(gone), nil), http.StatusConflict, "conflict")
	w.Phones().RemoveFault(rule.ID)
	var shown []string
	w.Shown(customer, "the last one", func(m whatsapp.PhoneMessage) bool {
		if m.FromMe {
			return false
		}
		shown = append(shown, m.Text)
		return m.ID == text(last, "messageId")
	})
	if got := mustJSON(shown[len(shown)-3:]); got != `["antes","fica","por fim"]` {
		t.Errorf("the phone shows %s", got)
	}
	w.Want(http.StatusOK, http.MethodDelete, path(first), nil)
}

// A message that goes out just as it is deleted was sent, and is taken back like
// any other: nobody says that it failed.
func TestADeletionMeetsASend(t *testing.T) {
	t.Parallel()
	var goes atomic.Pointer[func()]
	var looked atomic.Int64
	monitor := &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) { // the deletion looks for its message
			from, _ := e.Command.Lookup("find").StringValueOK()
			most, _ := e.Command.Lookup("limit").AsInt64OK()
			if _, err := e.Command.LookupErr("filter", "dedupeKey"); err == nil && from == messages.Collection && most == 1 {
				looked.Store(e.RequestID)
			}
		},
		Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) {
			if e.CommandName == "find" && looked.CompareAndSwap(e.RequestID, 0) {
				run(&goes)
			}
		},
	}
	server := apptest.Start(t, apptest.Options{App: app.Options{Monitor: monitor}, Config: func(c *config.Config) { c.SendTimeout = 2 * time.Second }})
	w := server.World(t, apptest.Preset{})
	w.Link()
	customer := must(w.Phones().AddPhone(whatsapp.PhoneConfig{Phone: apptest.Phone(), Off: true})).Phone // so the message is sent, and no more
	rule := must(w.Phones().AddFault(whatsapp.Rule{Match: whatsapp.Match{Phone: w.Number}, Fault: whatsapp.Fault{Kind: "refuse_login", Code: 503}}))
	step(w, "reset")
	w.AwaitStatus("connecting")
	queued := w.Want(http.StatusAccepted, http.MethodPost, "/api/message", doc{"recipientNumber": customer, "text": "engano"})
	do := func() {
		w.Phones().RemoveFault(rule.ID)
		await(w, text(queued, "_id"), doc{"status": "sent"})
	}
	goes.Store(&do)
	path := "/api/message/" + text(queued, "messageId") + "?senderId=" + w.Number + "&channelSlug=whatsappweb"
	expect(t, "the deletion", w.Want(http.StatusOK, http.MethodDelete, path, nil), doc{"messageId": text(queued, "messageId"), "status": "revoked"})
	if goes.Load() != nil {
		t.Fatal("the test is blind: nothing was sent meanwhile")
	}
	row := message(w, text(queued, "_id"))
	expect(t, "the message", row, doc{"status": "sent", "error": nil})
	if text(row, "revokedAt") == "" {
		t.Errorf("it does not say when it was deleted: %v", row)
	}
}
