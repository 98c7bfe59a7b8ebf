package messages_test

import (
	"context"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/media"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// person is the world's only contact, as something to erase.
func (w *world) person() contacts.Person {
	w.t.Helper()
	all := w.contacts()
	if len(all) != 1 {
		w.t.Fatalf("%d contacts, want 1", len(all))
	}
	c := all[0]
	return contacts.Person{Account: c.Account, Channel: c.Channel, Contact: c.ID, Family: []ids.Contact{c.ID}, Addresses: c.Addresses}
}

// What comes later about an erased message finds its trace, and is done: it
// opens nothing and holds up nobody.
func TestNewsOfAnErasedMessageIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accept(w.text("5521988880011", "wamid.GONE", "apague-me"))
	if _, err := w.service.Erase(context.Background(), w.person()); err != nil {
		t.Fatal(err)
	}
	other := w.server() // remembers nothing
	by := providers.Party{Addresses: []providers.Address{{Kind: providers.KindPhone, Value: "5521988880011"}}}
	for name, payload := range map[string]providers.InboundPayload{
		"an edit":     providers.MessageEdited{Target: "wamid.GONE", Timestamp: time.Now(), Content: providers.Content{Type: providers.TypeText, Text: "novo"}},
		"a revoke":    providers.MessageRevoked{Target: "wamid.GONE", Timestamp: time.Now()},
		"a reaction":  providers.MessageReceived{ID: "wamid.R", From: by, Content: providers.Content{Type: providers.TypeReaction, Target: "wamid.GONE", Emoji: "👍"}},
		"a duplicate": providers.MessageReceived{ID: "wamid.GONE", From: by, Content: providers.Content{Type: providers.TypeText, Text: "apague-me"}},
	} {
		if err := other.Accept(context.Background(), w.inbound(payload)); err != nil {
			t.Errorf("%s of an erased message: %v", name, err)
		}
	}
	for _, m := range w.messages() {
		if m.ProviderID == "wamid.GONE" || m.Content.Text != "" {
			t.Errorf("the erased message is back: %+v", m)
		}
	}
}

// A file that comes for a message while that is being erased goes with it: for one
// of the person's own, and for one that they wrote in a group.
func TestAFileThatComesDuringAnErasureGoes(t *testing.T) {
	t.Parallel()
	for label, group := range map[string]*providers.Group{
		"their own": nil, "in a group": {Address: providers.Address{Kind: providers.KindGroup, Value: "120363000000000021"}},
	} {
		w := newWorld(t)
		said := w.text("5521988880021", "wamid.LATE", "veja").Payload.(providers.MessageReceived)
		said.Group = group
		w.accept(w.inbound(said))
		person := w.person()
		person.Addresses = said.From.Addresses
		told := 0
		w.service.OnErased(func(ctx context.Context, channel ids.Channel, gone []messages.ErasedMessage) error {
			if told++; told > 1 {
				return nil
			}
			if channel != w.channel.ID || len(gone) != 1 || gone[0] != (messages.ErasedMessage{ID: "wamid.LATE"}) {
				t.Errorf("%s: told of %v", label, gone)
			}
			file, err := w.files.Resolve(ctx, w.channel.Account, "https://late.example/a.png", media.Hint{})
			if err != nil {
				return err
			}
			_, err = w.db.Collection(messages.Collection).UpdateOne(ctx, bson.D{{Key: "channelId", Value: channel}}, bson.D{
				{Key: "$set", Value: bson.D{{Key: "media", Value: messages.Media{ID: file.ID, Status: messages.MediaReady}}}}, {Key: "$inc", Value: bson.D{{Key: "rev", Value: 1}}},
			})
			return err
		})
		erased, err := w.service.Erase(t.Context(), person)
		if err != nil || erased.Messages != 1 || erased.Media != 1 || told != 2 {
			t.Errorf("%s: erased %+v in %d steps, %v", label, erased, told, err)
		}
		if left := w.files.left(); len(left) != 0 {
			t.Errorf("%s: the files %v are left", label, left)
		}
	}
}

// A server that remembers a contact under a name that the contact has lost
// since must ask again.
func TestALostNameIsNotBelievedFromMemory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accept(w.text("5521988880012", "wamid.1", "oi")) // remembered now
	ctx, row := context.Background(), w.contacts()[0]
	after := row
	after.Addresses = []providers.Address{{Kind: providers.KindPhone, Value: "5521988880013"}}
	after.Identities = contacts.KeysOf(after.Addresses)
	if _, err := w.db.Collection(contacts.Collection).ReplaceOne(ctx, bson.D{{Key: "_id", Value: row.ID}}, after); err != nil {
		t.Fatal(err)
	}
	if err := sessions.ContactChanged(w.db)(ctx, row, after); err != nil {
		t.Fatal(err)
	}
	w.accept(w.text("5521988880012", "wamid.2", "sou outro"))
	for _, m := range w.messages() {
		if m.ProviderID == "wamid.2" && m.Contact == row.ID {
			t.Error("a message went to the contact that the number does not belong to any more")
		}
	}
	w.invariants()
}

// News that comes before its message waits for it, and is applied once: soon what
// is young, and at last what has waited long.
func TestEarlyNewsWaitsForItsMessage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		age  time.Duration
	}{{"waiting", 0}, {"waiting_long", 5 * time.Minute}} {
		w := newWorld(t)
		w.accept(w.inbound(providers.MessageRevoked{Target: "wamid.LATE", Timestamp: time.Now()}))
		waiting := w.db.Collection(messages.WaitingCollection)
		var row bson.D
		if err := waiting.FindOneAndDelete(t.Context(), bson.D{}).Decode(&row); err != nil {
			t.Fatal(err)
		}
		row[0].Value = bson.NewObjectIDFromTimestamp(time.Now().Add(-c.age)) // its _id
		if _, err := waiting.InsertOne(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		w.accept(w.text("5521988880014", "wamid.LATE", "atrasada"))
		loop(t, w.service, c.name)
		if m := w.messages(); len(m) != 1 || m[0].RevokedAt.IsZero() {
			t.Errorf("%s: messages: %+v", c.name, m)
		}
		if left := rows[bson.D](w, messages.WaitingCollection, bson.D{}); len(left) != 0 {
			t.Errorf("%s: %d rows still wait", c.name, len(left))
		}
		w.invariants()
	}
}
