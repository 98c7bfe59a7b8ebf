package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/platforms"
)

// leap is a clock that runs, and can be set ahead.
type leap struct{ ahead atomic.Int64 }

func (l *leap) now() time.Time { return time.Now().UTC().Add(time.Duration(l.ahead.Load())) }

func (l *leap) by(d time.Duration) { l.ahead.Add(int64(d)) }

// leaping is a world on a server with such a clock, and its platform.
func leaping(t *testing.T) (*apptest.World, *receiver, *leap) {
	t.Helper()
	clock := &leap{}
	server := apptest.Start(t, apptest.Options{App: app.Options{Now: clock.now, Egress: egress.Options{Allow: []string{"127.0.0.1"}}}})
	w := server.World(t, apptest.Preset{})
	r := listen(t, w)
	r.old = true
	return w, r, clock
}

var said64 atomic.Int64

// write delivers a customer's message, which is an event once this returns.
func write(w *apptest.World, phone, words string) {
	w.T.Helper()
	a := deliverFlat(w, doc{"from": phone, "id": fmt.Sprintf("wamid.DELIVERIES%d", said64.Add(1)), "type": "text", "text": doc{"body": words}})
	if a.Status != http.StatusOK {
		w.T.Fatalf("the webhook: %s", a)
	}
}

// state waits until the platform config is in this condition.
func state(w *apptest.World, want platforms.Status) doc {
	w.T.Helper()
	var config doc
	w.Eventually("the platform config is "+string(want), func() bool {
		config = w.Want(http.StatusOK, http.MethodGet, configPath(w), nil)
		return text(config, "state.status") == string(want)
	})
	return config["state"].(doc)
}

// deliveries lists what fits a query, the earliest first.
func deliveries(w *apptest.World, query string) []doc {
	w.T.Helper()
	return items(w.Want(http.StatusOK, http.MethodGet, w.Base()+"/deliveries?limit=100&order=asc"+query, nil))
}

// written waits until every call that the receiver got is written down: what
// follows from it is decided.
func written(w *apptest.World, r *receiver) {
	w.T.Helper()
	w.Eventually("what came of the calls is written down", func() bool {
		calls := len(r.events())
		for _, d := range deliveries(w, "") {
			calls -= int(d["tries"].(float64))
		}
		return calls == 0
	})
}

// tried is how often the most patient delivery was tried.
func tried(w *apptest.World) (most int) {
	w.T.Helper()
	for _, d := range deliveries(w, "") {
		most = max(most, int(d["tries"].(float64)))
	}
	return most
}

// about lists the deliveries of one type of event.
func about(w *apptest.World, kind, query string) []doc {
	w.T.Helper()
	return deliveries(w, "&type="+kind+query)
}

// settled waits until nothing is pending.
func settled(w *apptest.World) {
	w.T.Helper()
	w.Eventually("no delivery is pending", func() bool { return unplaced(w) == 0 && len(deliveries(w, "&status=pending")) == 0 })
}

// back lets the platform's receiver take events again and sets its URL anew,
// which ends the pause before the next probe: that grew for as long as nothing
// was taken, past what a test waits.
func back(w *apptest.World, r *receiver) {
	w.T.Helper()
	r.answers(nil)
	w.Want(http.StatusOK, http.MethodPatch, configPath(w), doc{"url": r.server.URL})
}

func unplaced(w *apptest.World) int64 {
	w.T.Helper()
	n, err := w.App.DB.Collection(events.Collection).CountDocuments(context.Background(), bson.D{{Key: "accountId", Value: w.Account}, {Key: "unplaced", Value: true}})
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}

// sessionsOf gives the sessions of events, each once.
func sessionsOf(list []hook) []string {
	var found []string
	for _, e := range list {
		if id := text(e.doc, "sessionId"); id != "" && !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	return found
}

// An endpoint that is down gets everything, in order, as soon as it answers.
func TestAnEndpointThatWasDownGetsEverything(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(hook) (int, http.Header){
		"503": always(http.StatusServiceUnavailable), "429": always(http.StatusTooManyRequests),
		"a redirect": func(hook) (int, http.Header) {
			return http.StatusPermanentRedirect, http.Header{"Location": {"http://elsewhere.example.com/?token=xyzzy"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.NewWorld(t)
			r := listen(t, w)
			r.answers(answer)
			ana, rui := apptest.Phone(), apptest.Phone()
			for i := range 3 {
				write(w, ana, fmt.Sprint("ana ", i))
				write(w, rui, fmt.Sprint("rui ", i))
			}
			failing := state(w, platforms.Failing)
			detail := text(failing, "detail")
			if detail == "" || strings.Contains(detail, "xyzzy") || name == "a redirect" && !strings.Contains(detail, `redirect to the host "elsewhere.example.com"`) {
				t.Errorf("the state says %q", detail)
			}
			if n := len(r.taken()); n > 0 {
				t.Fatalf("%d events were taken", n)
			}
			r.answers(nil)
			settled(w)
			if now := state(w, platforms.Active); text(now, "detail") != "" {
				t.Errorf("the state is %v", now)
			}
			talks := sessionsOf(r.taken())
			if len(talks) != 2 {
				t.Fatalf("events of %d sessions came", len(talks))
			}
			for _, talk := range talks {
				list := of(r.taken(), talk)
				inOrder(t, list)
				if len(list) != 4 {
					t.Errorf("%d events of session %s came, want 4", len(list), talk)
				}
			}
			probed := 0
			for _, d := range deliveries(w, "") {
				expect(t, "a delivery", d, doc{"status": "delivered", "nextAt": nil})
				if d["tries"].(float64) > 1 {
					probed++
				}
			}
			if probed == 0 || probed > 4 { // the heads of two contacts and two sessions, which were under way at once
				t.Errorf("%d deliveries were tried more than once", probed)
			}
		})
	}
}

// Retry-After is longer than the pause would be: it is waited for.
func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	w, r, clock := leaping(t)
	eager := w.Server.World(t, apptest.Preset{})
	other := listen(t, eager)
	other.old = true
	r.answers(func(hook) (int, http.Header) {
		return http.StatusServiceUnavailable, http.Header{"Retry-After": {"1800"}}
	})
	other.answers(always(http.StatusServiceUnavailable))
	create(w, person(w, apptest.Phone(), nil))
	state(w, platforms.Failing)
	written(w, r)
	known := len(r.events())
	create(eager, person(eager, apptest.Phone(), nil))
	w.Eventually("probes of the other one", func() bool { return tried(eager) >= 4 })
	if n := len(r.events()); n != known {
		t.Errorf("it was called %d times before its time", n-known)
	}
	r.answers(nil)
	clock.by(1801 * time.Second)
	settled(w)
	state(w, platforms.Active)
}

// An event that is refused holds its own session, for ten minutes.
func TestARefusedEventHoldsItsSessionOnly(t *testing.T) {
	t.Parallel()
	w, r, clock := leaping(t)
	r.answers(func(e hook) (int, http.Header) {
		if text(e.doc, "data.message.content.text") == "ruim" {
			return http.StatusUnprocessableEntity, nil
		}
		return http.StatusNoContent, nil
	})
	ana, rui := apptest.Phone(), apptest.Phone()
	write(w, ana, "um")
	write(w, ana, "ruim")
	write(w, ana, "três")
	write(w, rui, "um")
	write(w, rui, "dois")
	for tries, pause := range []time.Duration{0, 30 * time.Second, 90 * time.Second, 3 * time.Minute, 5 * time.Minute} {
		clock.by(pause)
		w.Eventually(fmt.Sprint("refusal ", tries+1), func() bool { return len(r.events(http.StatusUnprocessableEntity)) == tries+1 })
		if tries == 0 {
			w.Eventually("the other session's events", func() bool { return len(sessionsOf(r.taken())) == 2 && len(deliveries(w, "&status=pending")) == 2 })
		}
		if tries < 4 {
			w.Eventually("the wait after the refusal", func() bool {
				head := deliveries(w, "&status=pending")[0]
				return head["tries"] == float64(tries+1) && head["nextAt"] != nil
			})
		}
	}
	settled(w)
	failed := deliveries(w, "&status=failed")
	if len(failed) != 1 {
		t.Fatalf("%d deliveries failed", len(failed))
	}
	expect(t, "the refused event", failed[0], doc{"type": "message.received", "tries": 5, "attempts.#": 5, "attempts.4.status": 422, "attempts.4.answer": "the answer of the receiver", "nextAt": nil})
	var numbers []int64
	for _, e := range of(r.taken(), text(failed[0], "sessionId")) {
		numbers = append(numbers, e.sequence())
	}
	if !slices.Equal(numbers, []int64{1, 2, 4}) {
		t.Errorf("the session's events came as %v", numbers)
	}
	if config := w.Want(http.StatusOK, http.MethodGet, configPath(w), nil); text(config, "state.status") != "active" {
		t.Errorf("the config is %v", config["state"])
	}
}

// Twenty refusals in a row are no fault of the events: none is given up.
func TestAnEndpointThatRefusesEverythingIsDown(t *testing.T) {
	t.Parallel()
	w, r, clock := leaping(t)
	r.answers(always(http.StatusNotFound))
	for range 24 {
		create(w, person(w, apptest.Phone(), nil))
	}
	failing := state(w, platforms.Failing)
	if !strings.Contains(text(failing, "detail"), "20 events in a row") {
		t.Errorf("the state says %v", failing)
	}
	for range 6 { // more probes than one event has tries
		written(w, r)
		known := len(r.events())
		clock.by(time.Hour)
		w.Eventually("another probe", func() bool { return len(r.events()) > known })
	}
	if failed := deliveries(w, "&status=failed"); len(failed) > 0 {
		t.Errorf("%d events were given up", len(failed))
	}
	r.answers(nil)
	clock.by(time.Hour)
	settled(w)
	state(w, platforms.Active)
	made := 0
	for _, e := range r.taken() {
		if e.kind() == "contact.created" {
			made++
		}
	}
	if made != 24 {
		t.Errorf("%d contacts were told of, want 24", made)
	}
}

// After three days of silence an event is given up, and can be replayed.
func TestThreeDaysOfSilenceAreEnough(t *testing.T) {
	t.Parallel()
	w, r, clock := leaping(t)
	r.answers(always(http.StatusBadGateway))
	create(w, person(w, apptest.Phone(), nil))
	state(w, platforms.Failing)
	clock.by(2 * 24 * time.Hour)
	create(w, person(w, apptest.Phone(), nil))
	w.Eventually("the second delivery", func() bool { return len(about(w, "contact.created", "")) == 2 })
	clock.by(25 * time.Hour)
	w.Eventually("the first one is given up", func() bool { return len(about(w, "contact.created", "&status=failed")) == 1 })
	if pending := about(w, "contact.created", "&status=pending"); len(pending) != 1 {
		t.Errorf("%d are pending", len(pending))
	}
	w.Eventually("a probe of the other one", func() bool { return about(w, "contact.created", "&status=pending")[0]["tries"] != 0.0 })
	r.answers(nil)
	clock.by(time.Hour)
	settled(w)
	given := about(w, "contact.created", "&status=failed")[0]
	expect(t, "the replay", w.Want(http.StatusAccepted, http.MethodPost, w.Base()+"/deliveries/"+text(given, "_id")+"/replay", nil), doc{"status": "pending", "error": nil})
	settled(w)
	if n := len(about(w, "contact.created", "&status=delivered")); n != 2 {
		t.Errorf("%d of two came", n)
	}
}

// 410 means for good: the config is disabled, its events are kept.
func TestAnEndpointThatIsGone(t *testing.T) {
	t.Parallel()
	w := apptest.NewWorld(t)
	r := listen(t, w)
	began := time.Now().Add(-time.Second).UTC().Format(time.RFC3339)
	r.answers(always(http.StatusGone))
	phone := apptest.Phone()
	write(w, phone, "um")
	if disabled := state(w, platforms.Disabled); text(disabled, "detail") == "" {
		t.Errorf("the state is %v", disabled)
	}
	write(w, phone, "dois")
	w.Eventually("all are kept", func() bool { return len(deliveries(w, "&status=failed")) == 4 })
	refused(t, "a test of it", w.Call(http.MethodPost, configPath(w)+"/test", nil), http.StatusConflict, "conflict")
	r.answers(nil)
	w.Want(http.StatusOK, http.MethodPatch, configPath(w), doc{"url": r.server.URL})
	if n := len(r.taken()); n > 0 {
		t.Errorf("%d events came by themselves", n)
	}
	to := time.Now().Add(time.Minute).UTC().Format(time.RFC3339)
	for _, c := range []struct {
		body doc
		want int
	}{
		{doc{"from": began, "to": to, "platformSlug": "another"}, 0},
		{doc{"from": began, "to": to, "type": "session.finished"}, 0},
		{doc{"from": began, "to": to, "status": "delivered"}, 0},
		{doc{"from": "2020-01-01T00:00:00Z", "to": began}, 0},
		{doc{"from": began, "to": to, "status": "failed", "type": "message.received"}, 2},
		{doc{"from": began, "to": to}, 2}, // and perhaps those of before again
	} {
		a := w.Want(http.StatusAccepted, http.MethodPost, w.Base()+"/deliveries/replay", c.body)
		if n := int(a["replayed"].(float64)); n < c.want || n > c.want && c.want == 0 {
			t.Errorf("%v: %d are replayed, want %d", c.body, n, c.want)
		}
	}
	settled(w)
	if len(deliveries(w, "&status=failed")) > 0 || len(of(r.taken(), sessionsOf(r.taken())[0])) < 3 {
		t.Errorf("%d events came", len(r.taken()))
	}
	state(w, platforms.Active)
}

// No event leaves for a private network, whatever the config's row says.
func TestAPrivateHostIsNotCalled(t *testing.T) {
	t.Parallel()
	server := apptest.Start(t, apptest.Options{})
	w := server.World(t, apptest.Preset{})
	called := make(chan struct{}, 1)
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		select {
		case called <- struct{}{}:
		default:
		}
	}))
	t.Cleanup(inside.Close)
	if _, err := w.App.DB.Collection(platforms.Collection).UpdateOne(context.Background(), bson.D{{Key: "_id", Value: w.Config}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "url", Value: inside.URL}}}}); err != nil {
		t.Fatal(err)
	}
	w.Want(http.StatusOK, http.MethodPatch, configPath(w), doc{"name": "Console"}) // the server forgets what it knew
	write(w, apptest.Phone(), "um")
	if failing := state(w, platforms.Failing); !strings.Contains(text(failing, "detail"), "OMNI_ALLOW_HOSTS") {
		t.Errorf("the state is %v", failing)
	}
	select {
	case <-called:
		t.Error("an event left")
	default:
	}
}
