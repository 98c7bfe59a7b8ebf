package app_test

import (
	"net/http"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// A number whose device is damaged is linked anew without losing its channel:
// logging out gives the device up that nobody can open.
func TestADeviceThatNobodyCanOpenIsGivenUp(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Link()
	from := people(w, 1)[0].Phone
	w.Says(from, whatsapp.Draft{To: w.Number, Text: "oi"})
	w.Eventually("the chat", func() bool {
		return len(items(w.Want(http.StatusOK, http.MethodGet, gate(w, "chats"), nil))) == 1
	})
	session := w.AwaitSession(from)

	damaged := bson.D{{Key: "$set", Value: bson.D{{Key: "pairing.key.box", Value: []byte("what no key opens, and long enough")}}}}
	if res := must(w.App.DB.Collection("devices").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: w.WhatsApp}}, damaged)); res.ModifiedCount != 1 {
		t.Fatalf("the device was not damaged: %+v", res)
	}
	step(w, "reset")
	w.AwaitStatus("failed")
	told := w.Want(http.StatusOK, http.MethodGet, gate(w, "status"), nil)
	if detail := text(told, "detail"); !strings.Contains(detail, "cannot be opened") || !strings.Contains(detail, "POST .../logout gives it up") {
		t.Errorf("the number says %q", detail)
	}
	out := w.Want(http.StatusOK, http.MethodPost, gate(w, "logout"), nil)
	expect(t, "the number", out, doc{"status": "logged_out", "number": nil})
	if detail := text(out, "detail"); !strings.Contains(detail, "Remove it on the phone") {
		t.Errorf("the number says %q", detail)
	}
	if chats := items(w.Want(http.StatusOK, http.MethodGet, gate(w, "chats"), nil)); len(chats) != 0 {
		t.Errorf("its chats are still there: %v", chats)
	}
	step(w, "logout") // again is no error

	w.Scan()
	w.Says(from, whatsapp.Draft{To: w.Number, Text: "de novo"})
	w.Eventually("the message in the same session", func() bool {
		page := w.Want(http.StatusOK, http.MethodGet, "/api/session/"+session+"/messages", nil)
		return len(items(page)) == 2
	})
}
