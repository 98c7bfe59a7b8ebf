package app_test

import (
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/d360"
)

// A window that is open at WhatsApp is open here, whichever session the contact
// wrote into: the one that a template opens after it may be answered freely.
func TestAWindowThatOutlivesItsSessionTakesAnswers(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	phone := apptest.Phone()
	in := received(w, w.Write(phone, d360.InboundMessage{Type: "text", Text: "Oi"}))
	former := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+text(in, "sessionId"), nil)
	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+text(in, "sessionId"), nil)
	a := start(w, doc{"to": phone, "template": "ola_mundo"})
	if a.Status != http.StatusOK {
		t.Fatalf("start: %s", a)
	}
	session := text(a.JSON(), "sessionId")
	if session == text(in, "sessionId") {
		t.Fatal("the finished session took the template")
	}
	view := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session, nil)
	expect(t, "the new session", view, doc{"unreadCount": 0, "lastInboundAt": former["lastInboundAt"], "replyWindowExpiresAt": former["replyWindowExpiresAt"]})
	send(w, session, doc{"text": "Podemos falar?"})
	if got := shown(w, phone).Text; got != "Podemos falar?" {
		t.Errorf("the phone shows %q", got)
	}
}
