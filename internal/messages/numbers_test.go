package messages_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// crowd is so many people that most of their changes share batches.
const crowd = 24

// round lets everybody of the crowd write once.
func round(w *world, server *messages.Service, name string) {
	w.t.Helper()
	in := make([]providers.Inbound, 0, crowd)
	for i := range crowd {
		in = append(in, w.text(fmt.Sprintf("55219888%05d", i), fmt.Sprintf("wamid.%s.%d", name, i), name))
	}
	if err := server.Accept(context.Background(), in...); err != nil {
		w.t.Fatalf("round %s: %v", name, err)
	}
}

// Whoever has written a session's rows knows their numbers and does not ask for
// them.
func TestNumbersAreNotReadBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var asked atomic.Int32
	client, err := mongodb.Connect(t.Context(), mongotest.URI(t), mongodb.Options{Monitor: &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		if from, _ := e.Command.Lookup("find").StringValueOK(); from == "sessions" {
			asked.Add(1)
		}
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	w.db = client.Database(w.db.Name())
	server := w.server()
	round(w, server, "first")
	asked.Store(0)
	for i := range 3 {
		round(w, server, fmt.Sprint("known", i))
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("sessions were asked for %d times", n)
	}
	w.invariants()
}

// Numbers that another server has moved on are noticed.
func TestNumbersOfAnotherServerAreNoticed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	servers := []*messages.Service{w.service, w.server()}
	const rounds = 8
	for i := range rounds {
		round(w, servers[i/2%2], fmt.Sprint("round", i)) // twice each, so that the second relies on the first
	}
	if n := len(w.messages()); n != rounds*crowd {
		t.Errorf("%d messages, want %d", n, rounds*crowd)
	}
	w.invariants()
}

// A session that another server has transferred is told to who holds it now.
func TestAHolderOfAnotherServerIsNoticed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, next := w.server(), ids.New[ids.PlatformConfig]()
	w.also = platforms.Config{ID: next, Account: w.channel.Account, Slug: "next"}
	round(w, w.service, "opened")
	round(w, w.service, "known")
	for _, session := range w.sessions() {
		_, err := other.Transfer(t.Context(), session, sessions.Transfer{
			ID: ids.New[ids.Transfer](), By: "test", To: sessions.Holder{Platform: sessions.PlatformRef{Slug: "next", Config: next}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	before := map[ids.Event]bool{}
	for _, row := range w.events() {
		before[row.ID] = true
	}
	round(w, w.service, "moved")
	told := 0
	for _, row := range w.events() {
		if before[row.ID] {
			continue
		}
		told++
		if !slices.Equal(row.Platforms, []ids.PlatformConfig{next}) {
			t.Errorf("%s of session %s is for %v, want %v", row.Type, row.Session, row.Platforms, next)
		}
	}
	if told < crowd {
		t.Errorf("%d events, want %d", told, crowd)
	}
	w.invariants()
}

// A session that a merge elsewhere finishes has one event more than is remembered.
func TestNumbersOfAMergedSessionAreNoticed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	round(w, w.service, "before")
	phone := providers.Address{Kind: providers.KindPhone, Value: fmt.Sprintf("55219888%05d", 7)}
	other := providers.Address{Kind: providers.KindBSUID, Value: "BR.SEVEN"}
	servers := []*messages.Service{w.service, w.server()} // the second hears that two are one
	for i, names := range []addresses{{other}, {other, phone}} {
		text := providers.MessageReceived{ID: ids.ProviderMessage(fmt.Sprint("wamid.merge.", i)), From: names.party(), Content: providers.Content{Type: providers.TypeText, Text: "x"}}
		if err := servers[i].Accept(t.Context(), w.inbound(text)); err != nil {
			t.Fatal(err)
		}
	}
	states := map[ids.Session]sessions.State{}
	for _, session := range w.sessions() {
		states[session.ID] = session.State
	}
	var revoked []providers.Inbound
	ended := 0
	for _, m := range w.messages() {
		if states[m.Session] == sessions.Finished {
			ended++
		} else if m.ProviderID == "wamid.before.7" || m.ProviderID == "wamid.merge.0" || m.ProviderID == "wamid.merge.1" {
			continue // of the other of the two: that it has moved would be noticed, and everything be read
		}
		revoked = append(revoked, w.inbound(providers.MessageRevoked{Target: m.ProviderID}))
	}
	w.accept(revoked...)
	if ended != 1 || len(revoked) != crowd {
		t.Errorf("%d messages were revoked, %d of a finished session; want %d and 1", len(revoked), ended, crowd)
	}
	w.invariants()
}
