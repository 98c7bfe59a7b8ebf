package app_test

import (
	"net/http"
	"testing"

	"github.com/cirrus/omnichannel/internal/app/apptest"
)

// A send that runs again under its key, because its server died, is answered from
// the message, also where it could not be sent any more.
func TestASendHappensOnceUnderItsKey(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	session := w.Session(apptest.Phone())
	body := doc{"sessionId": session, "text": "Olá"}
	first := keyed(w, "k", "/api/message/send", body)
	if first.Status != http.StatusOK {
		t.Fatalf("the first run: %s", first)
	}
	holderDied(w, session)
	w.Want(http.StatusOK, http.MethodDelete, "/api/session/finish/"+session, nil)
	again := keyed(w, "k", "/api/message/send", body)
	if again.Status != http.StatusOK {
		t.Fatalf("again: %s", again)
	}
	expect(t, "again", again.JSON(), doc{"_id": text(first.JSON(), "_id"), "messageId": text(first.JSON(), "messageId")})
	if n := attempts(w); n != 1 {
		t.Errorf("the message was sent %d times", n)
	}
}
