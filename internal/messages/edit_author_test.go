package messages_test

import (
	"context"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

func number(value string) providers.Address {
	return providers.Address{Kind: providers.KindPhone, Value: value}
}

// Over a linked device anybody can name any message: only its author may change
// it, and in a group an admin delete it.
func TestOnlyItsAuthorChangesAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	group := providers.Address{Kind: providers.KindGroup, Value: "120363000000000001"}
	lid := providers.Address{Kind: providers.KindLID, Value: "100000000000001"}
	inGroup := func(from string) {
		w.accept(w.inbound(providers.MessageReceived{
			ID: "g-1", From: providers.Party{Addresses: []providers.Address{number(from), lid}}, Group: &providers.Group{Address: group},
			Content: providers.Content{Type: providers.TypeText, Text: "antes"},
		}))
	}
	w.accept(w.text("5521988887777", "p-1", "antes"))
	inGroup("5521988887777")
	edit := func(target string, by providers.By) {
		w.accept(w.inbound(providers.MessageEdited{ID: "e", Target: ids.ProviderMessage(target), By: by, Content: providers.Content{Type: providers.TypeText, Text: "depois"}}))
	}
	revoke := func(target string, by providers.By) {
		w.accept(w.inbound(providers.MessageRevoked{Target: ids.ProviderMessage(target), By: by}))
	}
	edit("p-1", providers.By{Addresses: []providers.Address{number("5521977776666")}})
	edit("p-1", providers.By{Addresses: []providers.Address{number("5521988887777")}, Group: group})
	edit("g-1", providers.By{Addresses: []providers.Address{number("5521988887777")}})
	edit("g-1", providers.By{Addresses: []providers.Address{number("5521977776666")}, Group: group})
	revoke("p-1", providers.By{Addresses: []providers.Address{number("5521977776666")}})
	revoke("g-1", providers.By{Addresses: []providers.Address{number("5521977776666")}})
	for _, m := range w.messages() {
		if m.Content.Text != "antes" || !m.RevokedAt.IsZero() {
			t.Errorf("%s was changed by another: %+v", m.ProviderID, m.Content)
		}
	}
	edit("p-1", providers.By{Addresses: []providers.Address{{Kind: providers.KindLID, Value: "9"}, number("552188887777")}}) // without the ninth digit
	edit("g-1", providers.By{Addresses: []providers.Address{lid}, Group: group})                                             // known by another name there
	revoke("g-1", providers.By{Addresses: []providers.Address{number("5521977776666")}, Group: group})                       // an admin
	for _, m := range w.messages() {
		if m.Content.Text != "depois" || m.RevokedAt.IsZero() == (m.ProviderID == "g-1") {
			t.Errorf("%s was not changed: %+v", m.ProviderID, m)
		}
	}
}

// What was done to messages of an ignored contact does not wait for them, whoever
// did it; it does where nobody is ignored.
func TestNothingWaitsForAnIgnoredContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const ignored, other = "5521988887777", "5521977776666"
	w.accept(w.text(ignored, "p-1", "antes"), w.text(other, "p-2", "antes"))
	change := bson.D{{Key: "$set", Value: bson.D{{Key: "isIgnored", Value: true}}}}
	of := bson.D{{Key: "channelId", Value: w.channel.ID}, {Key: "identities", Value: number(ignored).Key()}}
	if res, err := w.db.Collection(contacts.Collection).UpdateOne(t.Context(), of, change); err != nil || res.MatchedCount != 1 {
		t.Fatal(res, err)
	}
	waiting := func() int64 {
		t.Helper()
		n, err := w.db.Collection("waiting").CountDocuments(t.Context(), bson.D{{Key: "channelId", Value: w.channel.ID}})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	dropped := 0
	for i, from := range []string{ignored, other} {
		chat := []providers.Address{number(from)}
		content := providers.Content{Type: providers.TypeText, Text: "segredo"}
		for _, payload := range []providers.InboundPayload{
			providers.MessageEdited{ID: "e-1", Target: "u-1", FromPhone: true, Chat: chat, Content: content}, providers.MessageRevoked{Target: "u-1", FromPhone: true, Chat: chat},
			providers.MessageEdited{ID: "e-2", Target: "u-2", Chat: chat, Content: content}, providers.MessageRevoked{Target: "u-2", Chat: chat},
			providers.StatusChanged{ID: "u-3", Status: providers.MessageDelivered, Address: chat[0]},
		} {
			in := w.inbound(payload)
			in.Drop = func(context.Context) error {
				dropped++
				return nil
			}
			w.accept(in)
		}
		if n := waiting(); n != int64(5*i) || dropped != 2 { // edits bring secrets
			t.Errorf("of %s wait %d, and %d were dropped", from, n, dropped)
		}
	}
}
