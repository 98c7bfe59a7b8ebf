package messages_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers"
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

// Numbers that another server has moved on are noticed, again and again.
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

// A session that a merge finishes has one event more than the batches before know.
func TestNumbersOfAMergedSessionAreNoticed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	round(w, w.service, "before")
	phone := providers.Address{Kind: providers.KindPhone, Value: fmt.Sprintf("55219888%05d", 7)}
	other := providers.Address{Kind: providers.KindBSUID, Value: "BR.SEVEN"}
	for i, names := range []addresses{{other}, {other, phone}} {
		w.accept(w.inbound(providers.MessageReceived{ID: ids.ProviderMessage(fmt.Sprint("wamid.merge.", i)), From: names.party(), Content: providers.Content{Type: providers.TypeText, Text: "x"}}))
	}
	revoked := make([]providers.Inbound, 0, crowd+1)
	for i := range crowd {
		revoked = append(revoked, w.inbound(providers.MessageRevoked{Target: ids.ProviderMessage(fmt.Sprintf("wamid.before.%d", i))}))
	}
	w.accept(append(revoked, w.inbound(providers.MessageRevoked{Target: "wamid.merge.0"}))...)
	told := 0
	for _, row := range w.events() {
		if row.Type == "message.revoked" {
			told++
		}
	}
	if told != crowd+1 {
		t.Errorf("%d messages were revoked, want %d", told, crowd+1)
	}
	w.invariants()
}
