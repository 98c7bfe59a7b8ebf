package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// What a person types on the phone to somebody without a session is stored
// nowhere; the number's webhook hears of it, and of what becomes of it, all the
// same.
func TestANumbersWebhookHearsOfStrangers(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	r := numberReceiver(t, w)
	stranger := people(w, 1)[0].Phone
	words := w.Says(w.Number, whatsapp.Draft{To: stranger, Text: "Bom dia"})
	picture := w.Says(w.Number, whatsapp.Draft{To: stranger, Type: "image", Text: "A vitrine", Media: &whatsapp.Media{MimeType: "image/jpeg", Bytes: apptest.JPEG}})
	expect(t, "a text", r.heard(w, "MESSAGE_SENT", doc{"id": words}).doc, doc{"to": stranger, "body.content": "Bom dia"})
	for kind, want := range map[string]doc{
		"MESSAGE_SENT": {"to": stranger, "body.caption": "A vitrine", "body.mimetype": "image/jpeg"},
		"ATTACHMENT":   {"to": stranger, "body.caption": "A vitrine", "body.status": "ready", "body.size": float64(len(apptest.JPEG))},
	} {
		e := r.heard(w, kind, doc{"id": picture})
		expect(t, kind, e.doc, want)
		link := w.Do(apptest.Request{Method: http.MethodGet, Path: strings.TrimPrefix(text(e.doc, "body.mediaUri"), w.App.URL()), Key: "-"})
		if link.Status != http.StatusOK || string(link.Body) != string(apptest.JPEG) {
			t.Errorf("the link of %s: %d, %d bytes", kind, link.Status, len(link.Body))
		}
	}
	for _, id := range []string{words, picture} {
		w.Shown(stranger, "what was typed", func(m whatsapp.PhoneMessage) bool { return m.ID == id })
		must(w.Phones().Read(stranger, w.Number, id))
		for _, kind := range []string{"MESSAGE_DELIVERED", "MESSAGE_READ"} {
			expect(t, kind, r.heard(w, kind, doc{"id": id}).doc, doc{"from": stranger, "to": "web" + w.Number})
		}
	}
	w.Says(w.Number, whatsapp.Draft{To: stranger, Type: "delete", Message: words})
	expect(t, "deleted", r.heard(w, "MESSAGE_REVOKED", doc{"id": words}).doc, doc{"fromMe": true, "to": stranger, "messageId": words})
	settled(w)
	if got := len(kinds(r.taken())); got != 8 {
		t.Errorf("%d events came, want 8: %v", got, kinds(r.taken()))
	}
	expect(t, "sessions", w.Want(http.StatusOK, http.MethodGet, w.Base()+"/sessions", nil), doc{"total": 0})
}

// A group's messages name it, also where only news of long ago told its name.
func TestANumbersWebhookHearsWhatAGroupIsCalled(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	boss := people(w, 1)[0].Phone
	id := must(w.Phones().CreateGroup(boss, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number}})).ID
	w.Says(boss, whatsapp.Draft{To: id, Text: "Olá"})
	session := w.AwaitSession(id + "-group")
	r := numberReceiver(t, w)
	said := w.Says(boss, whatsapp.Draft{To: id, Text: "Alguém aí?"})
	expect(t, "said", r.heard(w, "GROUP_MESSAGE", doc{"id": said}).doc, doc{"from": boss, "groupInfo.id": id + "-group", "groupInfo.name": "Vendas"})
	sent := text(send(w, session, doc{"text": "Sim"}), "messageId")
	expect(t, "sent", r.heard(w, "MESSAGE_SENT", doc{"id": sent}).doc, doc{"to": id + "-group", "groupInfo.name": "Vendas"})
	typed := w.Says(w.Number, whatsapp.Draft{To: id, Text: "Já vou"})
	expect(t, "typed", r.heard(w, "MESSAGE_SENT", doc{"id": typed}).doc, doc{"to": id + "-group", "groupInfo.name": "Vendas"})
}
