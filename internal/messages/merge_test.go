package messages_test

import (
	"context"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
)

// A message that must wait until two contacts are one is not overtaken by what
// its sender wrote after it.
func TestNobodyOvertakesAMerge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone, lid := providers.Address{Kind: providers.KindPhone, Value: "5521988880301"}, providers.Address{Kind: providers.KindLID, Value: "301301301"}
	said := func(id string, addresses ...providers.Address) providers.Inbound {
		in := w.text("", id, id)
		payload := in.Payload.(providers.MessageReceived)
		payload.From.Addresses = addresses
		return providers.Inbound{Channel: w.channel.ID, ReceivedAt: time.Now(), Payload: payload}
	}
	w.accept(said("by phone", phone))
	w.accept(said("by lid", lid))
	if err := w.service.Accept(context.Background(), said("both", phone, lid), said("next", phone), said("last", phone)); err != nil {
		t.Fatal(err)
	}
	numbers := map[string]int64{}
	for _, m := range w.messages() {
		numbers[m.Content.Text] = m.Sequence
	}
	if len(numbers) != 5 || numbers["both"] >= numbers["next"] || numbers["next"] >= numbers["last"] {
		t.Errorf("the messages are numbered %v", numbers)
	}
	w.invariants()
}
