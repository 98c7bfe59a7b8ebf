package app_test

import (
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// A channel in mode gateway keeps no message, and so sends none, whatever route
// asks; what its provider delivers twice is one event.
func TestAChannelInGatewayMode(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	session := w.Session(phone)
	for _, channel := range []string{w.D360.String(), w.WhatsApp.String()} {
		w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+channel, doc{"settings": doc{"mode": "gateway"}})
	}
	w.Eventually("the mode is known", func() bool {
		return w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "olá"})).Code() == "conflict"
	})
	refused(t, "into a session from before", w.Call(http.MethodPost, "/api/message/send", said(session, doc{"text": "olá"})), http.StatusConflict, "conflict")
	refused(t, "to a number", w.Call(http.MethodPost, "/api/message", doc{"recipientNumber": phone, "text": "olá"}), http.StatusConflict, "conflict")
	refused(t, "a template", w.Call(http.MethodPost, "/api/message/start/d360", doc{
		"to": phone, "userName": "Ana", "companyName": "Empresa", "template": "contato_cliente", "templateVariables": []string{"Ana", "Empresa"},
	}), http.StatusConflict, "conflict")

	told := func() (n int) {
		t.Helper()
		for _, row := range eventstest.Rows(t, w.App.DB, w.Account) {
			if row.Channel == w.WhatsApp {
				n++
			}
		}
		return n
	}
	before := told()
	body := doc{"type": "MESSAGE", "id": "3EB0GATEWAY", "from": phone, "to": w.Number, "body": doc{"content": "de passagem", "type": "text"}, "timestamp": 1691058600}
	for i, duplicate := range []any{nil, true} {
		a := w.Deliver("whatsappweb", body)
		if a.Status != http.StatusOK {
			t.Fatalf("delivery %d: %s", i, a)
		}
		expect(t, "the answer", a.JSON(), doc{"received": 1, "duplicate": duplicate})
	}
	if n := told() - before; n != 1 {
		t.Errorf("%d events of a message delivered twice, want 1", n)
	}
	page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?channelId="+w.WhatsApp.String(), nil)
	expect(t, "the channel's contacts", page, doc{"total": 0})
}

// Where channelId names the channel, senderId must be its number all the same.
func TestDeletingNamesTheSender(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	answer := send(w, w.Session(apptest.Phone()), doc{"text": "ops"})
	without := w.Number[:4] + w.Number[5:] // its ninth digit
	for sender, code := range map[string]string{w.Number: "capability_unsupported", without: "capability_unsupported", apptest.Phone(): "validation_failed", "ninguém": "validation_failed"} {
		for _, key := range []string{w.Key, apptest.AdminKey} {
			a := w.Do(apptest.Request{
				Method: http.MethodDelete, Key: key,
				Path: "/api/message/" + text(answer, "messageId") + "?senderId=" + sender + "&channelSlug=d360&channelId=" + w.D360.String(),
			})
			refused(t, "deleting as "+sender, a, http.StatusUnprocessableEntity, code)
			if code == "validation_failed" {
				expect(t, "deleting as "+sender, a.JSON(), doc{"errors.0.field": "senderId"})
			}
		}
	}
}

// A reaction that was perhaps sent stands on its target once a status proves
// it.
func TestAnUnknownReactionIsShownOnceProven(t *testing.T) {
	t.Parallel()
	silent := func(s *d360.Settings) { s.Statuses.Enabled = false }
	w := apptest.Start(t, apptest.Options{Settings: silent}).World(t, apptest.Preset{})
	phone := apptest.Phone()
	session := w.Session(phone)
	target := w.Write(phone, d360.InboundMessage{Type: "text", Text: "obrigado"})
	received(w, target)
	fail(w, d360.Fault{Kind: "hub_internal"}, d360.Match{}, 1)
	a := w.Call(http.MethodPost, "/api/message/send", said(session, doc{"reaction": doc{"messageId": target, "emoji": "👍"}}))
	refused(t, "the reaction", a, http.StatusInternalServerError, "d360_internal_error")
	expect(t, "its target before the proof", received(w, target), doc{"reactions.#": 0})
	id := text(a.JSON(), "_id")
	if err := w.Simulator.EmitStatus(w.APIKey, doc{"id": "wamid.REACTION0PROVEN", "status": "delivered", "recipient_id": phone, "biz_opaque_callback_data": id}); err != nil {
		t.Fatal(err)
	}
	await(w, id, doc{"status": "delivered"})
	expect(t, "its target after the proof", received(w, target), doc{"reactions.#": 1, "reactions.0.emoji": "👍", "reactions.0.author.id": "self"})
}
