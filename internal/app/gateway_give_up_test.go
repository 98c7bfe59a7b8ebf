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

// Credentials that are damaged are replaced together, and by nothing less.
func TestDamagedCredentialsAreGivenAnew(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	damaged := bson.D{{Key: "$set", Value: bson.D{{Key: "credentials.box", Value: []byte("what no key opens, and long enough")}}}}
	if res := must(w.App.DB.Collection("channels").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: w.WhatsApp}}, damaged)); res.ModifiedCount != 1 {
		t.Fatalf("the channel was not damaged: %+v", res)
	}
	refused(t, "a new access code", w.Call(http.MethodPut, gate(w, "access-code"), nil), http.StatusConflict, "conflict")
	channel := w.Base() + "/channels/" + w.WhatsApp.String()
	refused(t, "a webhook secret alone", w.Call(http.MethodPatch, channel, doc{"credentials": doc{"webhookSecret": w.Secret}}), http.StatusConflict, "conflict")
	w.Want(http.StatusOK, http.MethodPatch, channel, doc{"credentials": doc{"apiKey": nil, "webhookSecret": w.Secret}})
	w.Want(http.StatusOK, http.MethodPut, gate(w, "access-code"), nil)
}
