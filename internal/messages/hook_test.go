package messages_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

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
