package messages_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
)

// hooked gives the world's channel a webhook of its own number.
func hooked(t *testing.T, wanted ...string) *world {
	t.Helper()
	w := newWorld(t)
	w.channel.Provider = providers.WhatsAppWeb
	w.hook = platforms.Config{ID: ids.New[ids.PlatformConfig](), Account: w.channel.Account, Channel: w.channel.ID, URL: "https://example.com/", Events: wanted}
	return w
}

// notices are the events for the number's own webhook, in order, with what they
// say.
func (w *world) notices() (kinds []string, said []map[string]any) {
	w.t.Helper()
	for _, row := range w.events() {
		if !slices.Contains(row.Platforms, w.hook.ID) {
			continue
		}
		if len(row.Platforms) != 1 {
			w.t.Errorf("a %s goes to %v", row.Type, row.Platforms)
		}
		for _, fact := range row.Facts {
			if text, is := fact.Value.(string); is && fact.Key == "body" {
				var body map[string]any
				if err := json.Unmarshal([]byte(text), &body); err != nil {
					w.t.Fatal(err)
				}
				kinds, said = append(kinds, string(row.Type)), append(said, body)
			}
		}
	}
	return kinds, said
}

// What is redelivered is told once, also of what the phone said to strangers, for
// which there is no row; an ignored contact is told of never.
func TestANumbersWebhookHearsEachThingOnce(t *testing.T) {
	t.Parallel()
	w := hooked(t)
	at := time.Now().Truncate(time.Second)
	stranger := w.text("5521988885002", "3EB0B", "bom dia").Payload.(providers.MessageReceived)
	stranger.FromPhone = true
	news := providers.GatewayEvent{Type: "GROUP_LEAVE", Timestamp: at, Chat: providers.Address{Kind: providers.KindGroup, Value: "120363"}, Raw: providers.RawJSON(`{"group":"120363-group"}`)}
	all := []providers.Inbound{
		w.text("5521988885001", "3EB0A", "um"), w.inbound(stranger), w.inbound(news),
		w.inbound(providers.MessageRevoked{Target: "3EB0A", Timestamp: at}),
	}
	for range 3 {
		w.accept(all...)
	}
	kinds, said := w.notices()
	if got := strings.Join(kinds, " "); len(kinds) != 4 || !strings.Contains(got, "MESSAGE_REVOKED") || !strings.Contains(got, "GROUP_LEAVE") || !strings.Contains(got, "MESSAGE_SENT") {
		t.Fatalf("told %v", kinds)
	}
	for i, one := range said {
		if one["clientNumber"] != w.channel.Identifier || one["type"] != kinds[i] || !strings.HasPrefix(one["eventId"].(string), "evt_") {
			t.Errorf("%s says %v", kinds[i], one)
		}
	}
}

// What a number's webhook hears is kept to be replayed, but for what it hears of
// a contact who is ignored by then: how far a message to them came, that one was
// deleted. Nor is it kept where the channel keeps nothing.
func TestOfAnIgnoredContactNothingIsKeptToBeReplayed(t *testing.T) {
	t.Parallel()
	at := time.Now().Truncate(time.Second)
	for label, ignored := range map[string]bool{"ignored": true, "not ignored": false} {
		w := hooked(t)
		sent := w.text("5521988885011", "3EB0B", "da loja").Payload.(providers.MessageReceived)
		sent.FromPhone = true
		w.accept(w.text("5521988885011", "3EB0A", "um"), w.inbound(sent))
		change := bson.D{{Key: "$set", Value: bson.D{{Key: "isIgnored", Value: ignored}}}}
		if res, err := w.db.Collection(contacts.Collection).UpdateOne(t.Context(), bson.D{{Key: "channelId", Value: w.channel.ID}}, change); err != nil || res.MatchedCount != 1 {
			t.Fatal(res, err)
		}
		w.accept(
			w.inbound(providers.StatusChanged{ID: "3EB0B", Status: providers.MessageDelivered, Timestamp: at, Address: sent.From.Addresses[0]}),
			w.inbound(providers.MessageRevoked{Target: "3EB0B", FromPhone: true, Timestamp: at}),
		)
		told := map[events.Type]bool{} // and whether that is kept
		for _, row := range w.events() {
			if slices.Contains(row.Platforms, w.hook.ID) {
				told[row.Type] = row.ExpiresAt.IsZero()
			}
		}
		want := map[events.Type]bool{events.NumberMessage: true, events.NumberMessageSent: true, events.NumberMessageDelivered: !ignored, events.NumberMessageRevoked: !ignored}
		if !maps.Equal(told, want) {
			t.Errorf("%s: told %v, want %v", label, told, want)
		}
	}
	w := hooked(t)
	w.channel.Settings.Mode = channels.Gateway
	w.accept(w.text("5521988885012", "3EB0A", "um"))
	if all := w.events(); len(all) != 1 || all[0].ExpiresAt.IsZero() {
		t.Errorf("of a gateway is kept %+v", all)
	}
}

// A channel whose number has no webhook makes no such event, nor does one whose
// webhook does not want it, or what came by a webhook.
func TestWithoutAWebhookANumberIsToldNothing(t *testing.T) {
	t.Parallel()
	plain, choosy, fed := newWorld(t), hooked(t, "QRCODE"), hooked(t)
	plain.channel.Provider = providers.WhatsAppWeb
	plain.accept(plain.text("5521988885003", "3EB0A", "um"))
	choosy.accept(choosy.text("5521988885003", "3EB0A", "um"))
	in := fed.text("5521988885003", "3EB0A", "um")
	in.Platform = fed.config.ID
	fed.accept(in)
	for label, w := range map[string]*world{"without": plain, "choosy": choosy, "fed": fed} {
		if kinds, _ := w.notices(); len(kinds) > 0 {
			t.Errorf("%s: told %v", label, kinds)
		}
	}
	if all := events.NumberTypes(); len(all) != 19 {
		t.Errorf("%d types", len(all))
	}
}
