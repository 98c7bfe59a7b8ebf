package app_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/vault"
)

// side are servers side by side on one database.
func side(t *testing.T) func(*testing.T) *apptest.Server {
	t.Helper()
	database, key := mongotest.Fresh(t).Name(), vault.NewKey()
	return func(t *testing.T) *apptest.Server {
		t.Helper()
		return apptest.Start(t, apptest.Options{
			Database: database, Config: func(c *config.Config) { c.MasterKey = key },
			App: app.Options{Egress: egress.Options{Allow: []string{"127.0.0.1"}}},
		})
	}
}

// at is the same account seen through another server.
func (r *receiver) at(w *apptest.World, t *testing.T, server *apptest.Server) *apptest.World {
	same := *w
	same.Server, same.T = server, t
	return &same
}

// contiguous fails the test unless the account's events have the positions 1
// to n.
func contiguous(t *testing.T, w *apptest.World) {
	t.Helper()
	rows := eventstest.Rows(t, w.App.DB, w.Account)
	seen := map[int64]bool{}
	last := map[string]map[int64]int64{} // sessions: position by sequence
	for _, row := range rows {
		if row.Position < 1 || row.Position > int64(len(rows)) || seen[row.Position] {
			t.Errorf("event %s of %d has position %d", row.ID, len(rows), row.Position)
		}
		seen[row.Position] = true
		if !row.Session.IsZero() {
			id := row.Session.String()
			if last[id] == nil {
				last[id] = map[int64]int64{}
			}
			last[id][row.Sequence] = row.Position
		}
	}
	for session, positions := range last {
		for n := int64(2); n <= int64(len(positions)); n++ {
			if positions[n] <= positions[n-1] {
				t.Errorf("session %s: event %d has position %d, event %d has %d", session, n-1, positions[n-1], n, positions[n])
			}
		}
	}
}

// What one server leaves, another one takes over: nothing is lost, and what is
// in order stays so.
func TestAnotherServerTakesOver(t *testing.T) {
	t.Parallel()
	start := side(t)
	var w *apptest.World
	var r *receiver
	ana, rui := apptest.Phone(), apptest.Phone()
	t.Run("the first server", func(t *testing.T) {
		w = start(t).World(t, apptest.Preset{})
		r = listen(t, w)
		r.answers(always(http.StatusInternalServerError))
		write(w, ana, "um")
		write(w, rui, "um")
		state(w, platforms.Failing)
		write(w, ana, "dois")
		w.Eventually("all are placed", func() bool { return unplaced(w) == 0 })
	})
	again := listenAgain(t, r)
	w = again.at(w, t, start(t))
	w.Want(http.StatusOK, http.MethodPatch, configPath(w), doc{"url": again.server.URL})
	write(w, ana, "três")
	settled(w)
	state(w, platforms.Active)
	talks := sessionsOf(again.taken())
	if len(talks) != 2 {
		t.Fatalf("events of %d sessions came", len(talks))
	}
	for _, talk := range talks {
		inOrder(t, of(again.taken(), talk))
	}
	contiguous(t, w)
}

// listenAgain is the receiver in another place, with no memory.
func listenAgain(t *testing.T, before *receiver) *receiver {
	t.Helper()
	r := &receiver{t: t, secret: before.secret}
	r.server = startReceiver(t, r)
	return r
}

// Whoever loses the lease writes no position any more, and comes back when the
// other is gone.
func TestALostLeaseNumbersNothingTwice(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	r := listen(t, w)
	phone := apptest.Phone()
	write(w, phone, "um")
	settled(w)
	res, err := w.App.DB.Collection(events.OwnersCollection).UpdateOne(context.Background(), bson.D{{Key: "_id", Value: "events/" + string(w.Account)}}, bson.D{
		{Key: "$inc", Value: bson.D{{Key: "fence", Value: int64(1)}}},
		{Key: "$set", Value: bson.D{{Key: "owner", Value: "another server"}, {Key: "expiresAt", Value: time.Now().Add(3 * time.Second)}}},
	})
	if err != nil || res.MatchedCount != 1 {
		t.Fatalf("take the lease: %v, %v", res, err)
	}
	for i := range 5 {
		write(w, phone, fmt.Sprint(i))
	}
	if n := unplaced(w); n != 5 {
		t.Errorf("%d events wait for the other owner, want 5", n)
	}
	settled(w)
	inOrder(t, of(r.taken(), sessionsOf(r.taken())[0]))
	contiguous(t, w)
}

// Many events of many sessions through three servers: each once, in order,
// positions without gap or repeat.
func TestServersSideBySideNumberWithoutAGap(t *testing.T) {
	t.Parallel()
	start := side(t)
	servers := []*apptest.Server{start(t), start(t), start(t)}
	w := servers[0].World(t, apptest.Preset{})
	r := listen(t, w)
	phones := make([]string, 12)
	for i := range phones {
		phones[i] = apptest.Phone()
	}
	var wg sync.WaitGroup
	for _, server := range servers {
		same := r.at(w, t, server)
		wg.Go(func() {
			for i := range 120 {
				write(same, phones[i%len(phones)], fmt.Sprint(i))
			}
		})
	}
	wg.Wait()
	settled(w)
	contiguous(t, w)
	talks := sessionsOf(r.taken())
	if len(talks) != len(phones) {
		t.Errorf("events of %d sessions came", len(talks))
	}
	for _, talk := range talks {
		list := of(r.taken(), talk)
		inOrder(t, list)
		if len(list) != 31 {
			t.Errorf("%d events of session %s came, want 31", len(list), talk)
		}
	}
}

// A person who was erased is in no event that goes out afterwards, and the
// session's numbers have no hole.
func TestAnErasedPersonsEventsSayNothing(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	r := listen(t, w)
	r.answers(always(http.StatusServiceUnavailable))
	r.repeats()
	phone := apptest.Phone()
	words := "jaboticabal " + phone
	write(w, phone, words)
	write(w, phone, words)
	state(w, platforms.Failing)
	contact := text(items(w.Want(http.StatusOK, http.MethodGet, w.Base()+"/contacts", nil))[0], "_id")
	w.Eventually("an answer is kept", func() bool {
		for _, d := range deliveries(w, "") {
			if strings.Contains(mustJSON(d), phone) {
				return true
			}
		}
		return false
	})
	w.Want(http.StatusOK, http.MethodDelete, w.Base()+"/contacts/"+contact, nil)
	for _, d := range deliveries(w, "") {
		if strings.Contains(mustJSON(d), phone) {
			t.Errorf("a delivery still tells of the person: %v", d)
		}
	}
	back(w, r)
	settled(w)
	list := of(r.taken(), sessionsOf(r.taken())[0])
	inOrder(t, list)
	if len(list) != 4 { // opened, two messages, finished
		t.Errorf("%d events came", len(list))
	}
	for _, e := range r.taken() {
		if strings.Contains(string(e.body), phone) {
			t.Errorf("an event tells of the person: %s", e.body)
		}
		if text(e.doc, "sessionId") != "" {
			expect(t, "an event", e.doc, doc{"data": doc{"erased": true}})
		}
	}
	expect(t, "contact.erased", r.await(w, "contact.erased").doc, doc{"data": doc{"contactId": contact}})
}

// What a channel in gateway mode passes on is gone once it is delivered.
func TestWhatIsPassedOnIsNotKept(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	w.Want(http.StatusOK, http.MethodPatch, w.Base()+"/channels/"+w.WhatsApp.String(), doc{"settings": doc{"mode": "gateway"}})
	r := listen(t, w)
	rows := w.App.DB.Collection(events.Collection)
	mine := bson.D{{Key: "events.channelId", Value: w.WhatsApp}, {Key: "events.facts.kind", Value: bson.D{{Key: "$exists", Value: true}}}}
	w.Eventually("the mode is known", func() bool {
		w.Deliver("whatsappweb", doc{"type": "MESSAGE", "id": fmt.Sprint("3EB0PASSED", said64.Add(1)), "from": apptest.Phone(), "to": w.Number, "body": doc{"content": "de passagem", "type": "text"}, "timestamp": 1691058600})
		for _, e := range r.taken() {
			if text(e.doc, "data.kind") == "MessageReceived" {
				return true
			}
		}
		return false
	})
	settled(w)
	w.Eventually("nothing is kept", func() bool { return must(rows.CountDocuments(context.Background(), mine)) == 0 })
	var passed doc
	for _, d := range deliveries(w, "&status=delivered&type=message.received") {
		if d["sessionId"] == nil {
			passed = d
		}
	}
	refused(t, "its replay", w.Call(http.MethodPost, w.Base()+"/deliveries/"+text(passed, "_id")+"/replay", nil), http.StatusConflict, "conflict")
}

// A test event shows that a receiver works, whatever it asks for; deliveries
// can be read, and replayed with the same id.
func TestDeliveriesAreSeenAndReplayed(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	refused(t, "a test without a URL", w.Call(http.MethodPost, configPath(w)+"/test", nil), http.StatusConflict, "conflict")
	r := listen(t, w)
	w.Want(http.StatusOK, http.MethodPatch, configPath(w), doc{"events": []string{"message.status"}})
	write(w, apptest.Phone(), "não pedido")
	started := w.Want(http.StatusAccepted, http.MethodPost, configPath(w)+"/test", nil)
	tested := r.await(w, "platform.test")
	expect(t, "the event", tested.doc, doc{"id": started["eventId"], "data": doc{"platformConfigId": w.Config.String(), "platformSlug": "console"}})
	settled(w)
	page := w.Want(http.StatusOK, http.MethodGet, w.Base()+"/deliveries?type=platform.test&platformSlug=console&status=delivered", nil)
	expect(t, "the list", page, doc{"total": 1, "items.0.eventId": started["eventId"], "items.0.attempts.0.status": 204, "items.0.tries": 1, "items.0.type": "platform.test"})
	path := w.Base() + "/deliveries/" + text(page, "items.0._id")
	expect(t, "the delivery", w.Want(http.StatusOK, http.MethodGet, path, nil), doc{"eventId": started["eventId"], "status": "delivered"})
	w.Want(http.StatusAccepted, http.MethodPost, path+"/replay", nil)
	w.Eventually("the replay", func() bool { return len(r.taken()) == 2 })
	for _, e := range r.taken() {
		if text(e.doc, "id") != started["eventId"] {
			t.Errorf("another event came: %s", e.body)
		}
	}
	settled(w)
	expect(t, "the delivery", w.Want(http.StatusOK, http.MethodGet, path, nil), doc{"status": "delivered", "attempts.#": 2})
	for field, body := range map[string]doc{
		"from": {"to": 1691058600}, "to": {"from": 1691058600, "to": 1691058600}, "status": {"from": 1, "to": 2, "status": "pending"},
	} {
		a := w.Call(http.MethodPost, w.Base()+"/deliveries/replay", body)
		refused(t, "a wrong "+field, a, http.StatusUnprocessableEntity, "validation_failed")
		expect(t, "a wrong "+field, a.JSON(), doc{"errors.0.field": field})
	}
	refused(t, "a wrong status", w.Call(http.MethodGet, w.Base()+"/deliveries?status=lost", nil), http.StatusUnprocessableEntity, "validation_failed")
	for _, wrong := range []string{"message.recieved", "platform.status"} { // the second one goes to no platform
		for _, a := range []apptest.Answer{
			w.Call(http.MethodGet, w.Base()+"/deliveries?type="+wrong, nil),
			w.Call(http.MethodPost, w.Base()+"/deliveries/replay", doc{"from": 1, "to": 2, "type": wrong}),
		} {
			refused(t, "the type "+wrong, a, http.StatusUnprocessableEntity, "validation_failed")
			expect(t, "the type "+wrong, a.JSON(), doc{"errors.0.field": "type", "errors.0.code": "unknown"})
		}
	}
	for _, right := range []string{"platform.test", "QRCODE", "BATTERY", "channel.qr"} {
		w.Want(http.StatusOK, http.MethodGet, w.Base()+"/deliveries?type="+right, nil)
		w.Want(http.StatusAccepted, http.MethodPost, w.Base()+"/deliveries/replay", doc{"from": 1, "to": 2, "type": right})
	}
}

// A secret that was replaced signs beside the new one.
func TestBothSecretsSign(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	r := listen(t, w) // it knows this secret only
	w.Want(http.StatusOK, http.MethodPost, configPath(w)+"/rotate-secret", nil)
	w.Want(http.StatusAccepted, http.MethodPost, configPath(w)+"/test", nil)
	r.await(w, "platform.test")
}
