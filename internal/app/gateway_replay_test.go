package app_test

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// replayAll replays what a number's webhook took, and tells how much that was.
func replayAll(w *apptest.World) int {
	w.T.Helper()
	answer := w.Want(http.StatusAccepted, http.MethodPost, w.Base()+"/deliveries/replay", doc{
		"from": time.Now().Add(-time.Hour), "to": time.Now().Add(time.Minute), "status": "delivered", "platformSlug": "number-" + w.WhatsApp.String(),
	})
	settled(w)
	return int(answer["replayed"].(float64))
}

// deliveryOf gives the delivery of an event.
func deliveryOf(w *apptest.World, event string) doc {
	w.T.Helper()
	for _, d := range deliveries(w, "") {
		if text(d, "eventId") == event {
			return d
		}
	}
	w.T.Fatalf("there is no delivery of %s", event)
	return nil
}

// byEvent gives what came of each event, in order.
func byEvent(list []hook) map[string][]hook {
	all := map[string][]hook{}
	for _, e := range list {
		all[text(e.doc, "eventId")] = append(all[text(e.doc, "eventId")], e)
	}
	return all
}

// talkAndGroup has a person and somebody else talk to the number, alone and in a
// group, and be answered, until all of it is delivered.
func talkAndGroup(w *apptest.World, r *receiver, person, other string) (first string) {
	w.T.Helper()
	group := must(w.Phones().CreateGroup(person, whatsapp.GroupDraft{Subject: "Vendas", Members: []string{w.Number, other}})).ID
	r.heard(w, "GROUP_JOIN", nil)
	first = w.Says(person, whatsapp.Draft{To: w.Number, Text: "xyzzy um"})
	session := w.AwaitSession(person)
	paper := w.Says(person, whatsapp.Draft{To: w.Number, Type: "document", Text: "xyzzy dois", Media: &whatsapp.Media{Bytes: []byte("%PDF-1.4 xyzzy"), FileName: "xyzzy.pdf"}})
	r.heard(w, "ATTACHMENT", doc{"id": paper})
	inGroup := w.Says(person, whatsapp.Draft{To: group, Text: "xyzzy três"})
	r.heard(w, "GROUP_MESSAGE", doc{"id": inGroup})
	quoting := w.Says(other, whatsapp.Draft{To: group, Text: "Que bom", Quote: inGroup})
	r.heard(w, "GROUP_MESSAGE", doc{"id": quoting})
	kept := w.Says(other, whatsapp.Draft{To: w.Number, Text: "fica"})
	r.heard(w, "MESSAGE", doc{"id": kept})
	sent := text(send(w, session, doc{"text": "Olá, xyzzy"}), "messageId")
	r.heard(w, "MESSAGE_DELIVERED", doc{"id": sent})
	w.Says(person, whatsapp.Draft{To: w.Number, Type: "delete", Message: first})
	r.heard(w, "MESSAGE_REVOKED", doc{"id": first})
	settled(w)
	return first
}

// lateNotice tells a number's webhook of somebody who is erased, as a change does
// that began before.
func lateNotice(w *apptest.World, contact, webhook string) {
	w.T.Helper()
	about, err := bson.ObjectIDFromHex(contact)
	if err != nil {
		w.T.Fatal(err)
	}
	receiver, err := bson.ObjectIDFromHex(webhook)
	if err != nil {
		w.T.Fatal(err)
	}
	row, err := events.NewNotice(events.Notice{
		Account: w.Account, Channel: w.WhatsApp, Receiver: ids.PlatformConfig(receiver), Number: w.Number, Type: events.NumberMessage, Contact: ids.Contact(about), Said: doc{"from": "xyzzy"},
	}, time.Now())
	if err != nil {
		w.T.Fatal(err)
	}
	err = mongodb.Transaction(w.T.Context(), w.App.DB.Client(), func(ctx context.Context) error { return events.Append(ctx, w.App.DB, row) })
	if err != nil {
		w.T.Fatal(err)
	}
}

// What a number's webhook has taken is replayed, one by one and by range, signed
// and byte for byte as it was; all but a code to scan, which is kept nowhere. Of
// whoever was erased since nothing is left, and a replay says so.
func TestWhatANumbersWebhookTookIsReplayed(t *testing.T) {
	t.Parallel()
	var dir string
	server := apptest.Start(t, apptest.Options{Config: func(c *config.Config) { dir = c.DataDir }, App: app.Options{Egress: egress.Options{Allow: []string{"127.0.0.1"}}}})
	w := server.World(t, apptest.Preset{})
	r := numberReceiver(t, w)
	w.Link()
	code := text(r.heard(w, "QRCODE", nil).doc, "eventId")
	person, other := apptest.Phone(), people(w, 1)[0].Phone
	w.AddPhone(whatsapp.PhoneConfig{Phone: person, Name: "Xyzzy"})
	first := talkAndGroup(w, r, person, other)
	before := byEvent(r.taken())

	one := r.heard(w, "MESSAGE", doc{"id": first})
	path := w.Base() + "/deliveries/" + text(deliveryOf(w, text(one.doc, "eventId")), "_id") + "/replay"
	w.Want(http.StatusAccepted, http.MethodPost, path, nil)
	settled(w)
	if again := byEvent(r.taken())[text(one.doc, "eventId")]; len(again) != 2 || !bytes.Equal(again[1].body, one.body) {
		t.Errorf("one replayed came as %d, the last %s, want %s", len(again), again[len(again)-1].body, one.body)
	}

	codes := 0
	for _, row := range eventstest.Rows(t, w.App.DB, w.Account) {
		if row.Type == "QRCODE" {
			codes++
			if !row.Gone || len(row.Facts) > 0 {
				t.Errorf("a code was left: %v", row.Facts)
			}
		}
	}
	refused(t, "a code", w.Call(http.MethodPost, w.Base()+"/deliveries/"+text(deliveryOf(w, code), "_id")+"/replay", nil), http.StatusConflict, "conflict")
	seen := len(r.taken())
	if n, want := replayAll(w), len(before)-codes; n != want {
		t.Errorf("%d were replayed, want %d", n, want)
	}
	for _, e := range r.taken()[seen:] {
		if was := before[text(e.doc, "eventId")]; len(was) != 1 || !bytes.Equal(was[0].body, e.body) || e.kind() == "QRCODE" {
			t.Errorf("replayed came %s, before %v", e.body, was)
		}
	}
	if got := len(r.taken()) - seen; got != len(before)-codes {
		t.Errorf("%d came again, want %d", got, len(before)-codes)
	}

	contact := text(w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts?contactIdentifier="+person, nil), "items.0._id")
	w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+contact, nil)
	w.Eventually("the person to be nowhere", func() bool { return len(traces(t, server, dir, "xyzzy", "Xyzzy", first)) == 0 })
	seen = len(r.taken())
	w.Want(http.StatusAccepted, http.MethodPost, path, nil)
	settled(w)
	replayAll(w)
	erased := map[string]int{}
	for _, e := range r.taken()[seen:] {
		if e.doc["erased"] != true {
			if was := before[text(e.doc, "eventId")]; len(was) != 1 || !bytes.Equal(was[0].body, e.body) || strings.Contains(string(e.body), person) {
				t.Errorf("after the erasure came %s, before %v", e.body, was)
			}
			continue
		}
		erased[e.kind()]++
		if e.doc["from"] != nil || e.doc["body"] != nil || text(e.doc, "id") != text(e.doc, "eventId") {
			t.Errorf("of an erased person came %s", e.body)
		}
	}
	if got := mustJSON(erased); got != `{"ATTACHMENT":1,"GROUP_JOIN":1,"GROUP_MESSAGE":2,"MESSAGE":3,"MESSAGE_DELIVERED":1,"MESSAGE_REVOKED":1,"MESSAGE_SENT":1}` { // one MESSAGE alone, too
		t.Errorf("erased came %s", got)
	}
	lateNotice(w, contact, text(deliveryOf(w, text(one.doc, "eventId")), "platformConfigId"))
	settled(w)
	if found := traces(t, server, dir, "xyzzy"); len(found) > 0 {
		t.Errorf("what was told late stays: %v", found)
	}
	expect(t, "the other's", r.taken()[slices.IndexFunc(r.taken(), func(e hook) bool { return at(e.doc, "body.content") == "fica" })].doc, doc{"from": other})
}

// In mode gateway what was delivered is gone, and is not replayed.
func TestWhatAGatewayPassedOnIsNotReplayed(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"mode": "gateway"}})
	r := numberReceiver(t, w)
	w.Link()
	person := people(w, 1)[0].Phone
	r.heard(w, "MESSAGE", doc{"id": w.Says(person, whatsapp.Draft{To: w.Number, Text: "Olá"})})
	settled(w)
	came := len(r.taken())
	for _, d := range deliveries(w, "") {
		refused(t, text(d, "type"), w.Call(http.MethodPost, w.Base()+"/deliveries/"+text(d, "_id")+"/replay", nil), http.StatusConflict, "conflict")
	}
	if n := replayAll(w); n != 0 || len(r.taken()) != came {
		t.Errorf("%d were replayed, %d came", n, len(r.taken())-came)
	}
}
