package app_test

import (
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// Everything that a linked device sends goes out under its number too, to a
// person and to a group, and their phones show it.
func TestEverythingIsSentUnderTheNumber(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	customer := people(w, 1)[0].Phone
	group := must(w.Phones().CreateGroup(customer, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number}})).ID
	direct := w.Says(customer, whatsapp.Draft{To: w.Number, Text: "Vocês abrem hoje?"})
	w.AwaitSession(customer)
	inGroup := w.Says(customer, whatsapp.Draft{To: group, Text: "E no feriado?"})
	w.AwaitSession(group + "-group")
	files := sampleFiles(t)
	for _, to := range []struct{ path, number, inbound string }{
		{"messages", customer, direct}, {"messages", group + "-group", inGroup}, {"groups/" + group + "-group/messages", "", inGroup}, {"groups/" + group + "@g.us/messages", "", inGroup},
	} {
		for _, c := range sends(files, to.inbound) {
			if to.number != "" {
				c.body["recipientNumber"] = to.number
			}
			sent := w.Want(http.StatusOK, http.MethodPost, gate(w, to.path), c.body)
			id := text(sent, "messageId")
			got := w.Shown(customer, c.name+" by "+to.path, func(m whatsapp.PhoneMessage) bool { return m.ID == id })
			if got.Type != c.shown.Type || got.Text != c.shown.Text || got.Quote != c.shown.Quote {
				t.Errorf("%s by %s is shown as %s %q, quoting %q", c.name, to.path, got.Type, got.Text, got.Quote)
			}
		}
	}
}

// A repeated request sends once, and a number sends over itself only.
func TestSendingUnderANumberKeepsToItsRules(t *testing.T) {
	t.Parallel()
	w, unlinked := apptest.NewWorld(t), apptest.NewWorld(t)
	w.Link()
	customer := people(w, 1)[0].Phone
	body := doc{"recipientNumber": customer, "text": "Uma vez só"}
	first := keyed(w, "once", gate(w, "messages"), body)
	replayed(t, "again", first, keyed(w, "once", gate(w, "messages"), body))
	refused(t, "another body", keyed(w, "once", gate(w, "messages"), doc{"recipientNumber": customer, "text": "Duas"}), http.StatusConflict, "idempotency_key_reused")
	w.Shown(customer, "the message", func(m whatsapp.PhoneMessage) bool { return m.ID == text(first.JSON(), "messageId") })
	if all := must(w.Phones().Messages(customer, w.Number)); len(all) != 1 {
		t.Errorf("the phone shows %d messages", len(all))
	}
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"credentials": doc{"accessCode": "0123456789abcdef0123456789abcdef"}})
	byCode := w.Do(apptest.Request{Method: http.MethodPost, Path: gate(w, "messages"), Body: doc{"recipientNumber": customer, "text": "Pelo código"}, Key: "-", Header: map[string]string{"X-Access-Code": "0123456789abcdef0123456789abcdef"}})
	if byCode.Status != http.StatusOK {
		t.Errorf("by the access code: %s", byCode)
	}
	for _, c := range []struct {
		w      *apptest.World
		path   string
		body   doc
		status int
		code   string
	}{
		{w, "messages", doc{"recipientNumber": apptest.Phone(), "text": "Oi"}, http.StatusNotFound, "number_not_on_whatsapp"},
		{w, "messages", doc{"recipientNumber": "21", "text": "Oi"}, http.StatusBadRequest, "invalid_number"},
		{w, "messages", doc{"recipientNumber": customer, "isGroupMessage": true, "text": "Oi"}, http.StatusUnprocessableEntity, "validation_failed"},
		{w, "messages", doc{"recipientNumber": customer, "channelId": w.WhatsApp.String(), "text": "Oi"}, http.StatusUnprocessableEntity, "validation_failed"},
		{w, "groups/" + customer + "/messages", doc{"text": "Oi"}, http.StatusNotFound, "not_found"},
		{w, "groups/120363000000000001-group/messages", doc{"text": "Oi"}, http.StatusUnprocessableEntity, "recipient_unavailable"},
		{unlinked, "messages", doc{"recipientNumber": customer, "text": "Oi"}, http.StatusBadRequest, "whatsapp_connection_closed"},
		{unlinked, "groups/120363000000000001-group/messages", doc{"text": "Oi"}, http.StatusBadRequest, "whatsapp_connection_closed"},
	} {
		refused(t, c.path, c.w.Call(http.MethodPost, gate(c.w, c.path), c.body), c.status, c.code)
	}
}
