package messages_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/providers"
)

// tellings counts the events of a type.
func (w *world) tellings(t events.Type) int {
	w.t.Helper()
	n := 0
	for _, row := range w.events() {
		if row.Type == t {
			n++
		}
	}
	return n
}

// called is a text of a person who is called so.
func (w *world) called(id, name, username string) providers.Inbound {
	in := w.text("5521988880031", id, "oi")
	message := in.Payload.(providers.MessageReceived)
	message.From.Name, message.From.Username = name, username
	in.Payload = message
	return in
}

// What a person is called now replaces what they were called before, is told
// once, and costs nothing while it stays.
func TestNamesAreLearned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var changed time.Time
	for i, c := range []struct {
		name, username string // as the provider tells them
		want, handle   string
		told           int
	}{
		{"", "", "", "", 0},
		{"Ana", "", "Ana", "", 1},
		{"Ana", "", "Ana", "", 1},
		{"Ana Souza", "ana", "Ana Souza", "ana", 2},
		{"Ana Souza", "ana", "Ana Souza", "ana", 2},
		{"", "", "Ana Souza", "ana", 2},
		{"Ana Souza", "ana.souza", "Ana Souza", "ana.souza", 3},
	} {
		before := w.tellings(events.ContactUpdated)
		w.accept(w.called("wamid.N"+string(rune('a'+i)), c.name, c.username))
		got := w.contacts()[0]
		if got.Name != c.want || got.Username != c.handle || w.tellings(events.ContactUpdated) != c.told {
			t.Errorf("message %d: %q, %q, %d events, want %+v", i, got.Name, got.Username, w.tellings(events.ContactUpdated), c)
		}
		if i > 0 && before == c.told && !got.UpdatedAt.Equal(changed) {
			t.Errorf("message %d wrote the contact, which had not changed", i)
		}
		changed = got.UpdatedAt
	}
	if other := w.server(); other.Accept(t.Context(), w.called("wamid.N9", "Ana Souza", "ana.souza")) != nil || w.tellings(events.ContactUpdated) != 3 {
		t.Error("a server that remembers nothing told the names again")
	}
	w.invariants()
}

// What a caller named somebody stays, on a server too that remembers otherwise.
func TestAGivenNameStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accept(w.called("wamid.Ga", "Ana", ""))
	change := bson.D{{Key: "$set", Value: bson.D{{Key: "name", Value: "João (Mercearia)"}, {Key: "nameGiven", Value: true}}}}
	if _, err := w.db.Collection(contacts.Collection).UpdateOne(t.Context(), bson.D{{Key: "channelId", Value: w.channel.ID}}, change); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"Ana", "Ana Souza", "Ana"} {
		w.accept(w.called("wamid.Gb"+string(rune('a'+i)), name, "ana"))
		if got := w.contacts()[0]; got.Name != "João (Mercearia)" || i > 0 && got.Username != "ana" {
			t.Errorf("after %q: %q, %q", name, got.Name, got.Username)
		}
	}
	w.invariants()
}
