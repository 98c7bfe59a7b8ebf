package app_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/app"
	"github.com/cirrus/omnichannel/internal/app/apptest"
	"github.com/cirrus/omnichannel/internal/config"
	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/vault"
)

// An event that breaks its receiver stops its own session, until it is given up;
// the others' go on.
func TestAnEventThatBreaksItsReceiverHoldsItsSessionOnly(t *testing.T) {
	t.Parallel()
	w, r, clock := leaping(t)
	r.answers(func(e hook) (int, http.Header) {
		if text(e.doc, "data.message.content.text") == "ruim" {
			return http.StatusInternalServerError, nil
		}
		return http.StatusNoContent, nil
	})
	ana, rui := apptest.Phone(), apptest.Phone()
	write(w, ana, "ruim")
	write(w, ana, "depois")
	said := 0
	w.Eventually("the event is given up, and its session goes on", func() bool {
		said++
		write(w, rui, fmt.Sprint(said))
		clock.by(15 * time.Second)
		return len(deliveries(w, "&status=failed")) == 1 && len(of(r.taken(), w.AwaitSession(ana))) == 2
	})
	w.Eventually("nothing waits", func() bool {
		clock.by(time.Second)
		return unplaced(w) == 0 && len(deliveries(w, "&status=pending")) == 0
	})
	failed := deliveries(w, "&status=failed")
	if len(failed) != 1 {
		t.Fatalf("%d were given up", len(failed))
	}
	expect(t, "the event", failed[0], doc{"type": "message.received", "sessionId": w.AwaitSession(ana), "attempts.0.status": 500})
	var numbers []int64
	for _, e := range of(r.taken(), w.AwaitSession(ana)) {
		numbers = append(numbers, e.sequence())
	}
	if fmt.Sprint(numbers) != "[1 3]" {
		t.Errorf("of the event's session came %v", numbers)
	}
	others := of(r.taken(), w.AwaitSession(rui))
	inOrder(t, others)
	if len(others) != said+1 {
		t.Errorf("%d of the other session came, want %d", len(others), said+1)
	}
	state(w, platforms.Active)
}

// However long a receiver was down and whichever events it was probed with, all
// come in order, and none is given up.
func TestProbesGiveNothingUp(t *testing.T) {
	t.Parallel()
	w, r, clock := leaping(t)
	r.answers(always(http.StatusInternalServerError))
	for range 5 {
		phone := apptest.Phone()
		write(w, phone, "um")
		write(w, phone, "dois")
	}
	state(w, platforms.Failing)
	for range 14 {
		written(w, r)
		known := len(r.events())
		clock.by(time.Hour)
		w.Eventually("another probe", func() bool { return len(r.events()) > known })
	}
	written(w, r)
	probed := map[string]bool{}
	for _, e := range r.events()[len(r.events())-10:] {
		probed[text(e.doc, "id")] = true
	}
	if len(probed) < 5 {
		t.Errorf("%d different events probed ten times", len(probed))
	}
	r.answers(nil)
	clock.by(time.Hour)
	settled(w)
	if failed := deliveries(w, "&status=failed"); len(failed) > 0 {
		t.Errorf("%d were given up", len(failed))
	}
	talks := sessionsOf(r.taken())
	if len(talks) != 5 {
		t.Errorf("events of %d sessions came", len(talks))
	}
	for _, talk := range talks {
		list := of(r.taken(), talk)
		inOrder(t, list)
		if len(list) != 3 {
			t.Errorf("%d events of session %s came, want 3", len(list), talk)
		}
	}
	state(w, platforms.Active)
}

// A server that takes an account over waits as long as the URL has asked the one
// before it.
func TestAnotherServerHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	database, key, clock := mongotest.Fresh(t).Name(), vault.NewKey(), &leap{}
	start := func(t *testing.T) *apptest.Server {
		return apptest.Start(t, apptest.Options{
			Database: database, Config: func(c *config.Config) { c.MasterKey = key },
			App: app.Options{Now: clock.now, Egress: egress.Options{Allow: []string{"127.0.0.1"}}},
		})
	}
	var w *apptest.World
	r := &receiver{t: t, old: true}
	r.server = startReceiver(t, r)
	r.answers(func(hook) (int, http.Header) {
		return http.StatusServiceUnavailable, http.Header{"Retry-After": {"3000"}}
	})
	t.Run("the first server", func(t *testing.T) {
		w = start(t).World(t, apptest.Preset{})
		r.become(w)
		create(w, person(w, apptest.Phone(), nil))
		state(w, platforms.Failing)
		written(w, r)
	})
	known := len(r.events())
	w = r.at(w, t, start(t))
	create(w, person(w, apptest.Phone(), nil))
	w.Eventually("it is the other's", func() bool { return unplaced(w) == 0 })
	eager := w.Server.World(t, apptest.Preset{})
	other := listen(t, eager)
	other.old = true
	other.answers(always(http.StatusServiceUnavailable))
	create(eager, person(eager, apptest.Phone(), nil))
	eager.Eventually("probes of another URL", func() bool { return tried(eager) >= 4 })
	if n := len(r.events()); n != known {
		t.Errorf("it was called %d times before its time", n-known)
	}
	r.answers(nil)
	clock.by(3001 * time.Second)
	settled(w)
	state(w, platforms.Active)
}
