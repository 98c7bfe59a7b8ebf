package messages_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
)

// What a provider delivers again to a channel in gateway mode is no second
// event, whichever server takes it and for as long as it redelivers; what
// differs is one of its own.
func TestAGatewayPassesARedeliveryOnOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channel.Settings.Mode = channels.Gateway
	at := time.Now().Truncate(time.Second)
	nameless := w.text("5521988884002", "", "sem id").Payload.(providers.MessageReceived)
	nameless.DedupeKey, nameless.Timestamp = "sem id", at
	all := []providers.Inbound{
		w.text("5521988884001", "wamid.1", "um"), w.text("5521988884001", "wamid.2", "um"),
		w.inbound(nameless),
		w.edit("wamid.E1", "wamid.1", "dois", at), w.edit("wamid.E2", "wamid.1", "três", at),
		w.inbound(providers.MessageRevoked{Target: "wamid.1", Timestamp: at}),
		w.inbound(providers.StatusChanged{ID: "wamid.O", Status: providers.MessageSent, Timestamp: at}),
		w.inbound(providers.StatusChanged{ID: "wamid.O", Status: providers.MessageRead, Timestamp: at}),
	}
	later := w.serverAt(func() time.Time { return time.Now().Add(7 * 24 * time.Hour) })
	var wg sync.WaitGroup
	for _, server := range []*messages.Service{w.service, w.server(), w.server()} {
		wg.Go(func() {
			if err := server.Accept(context.Background(), append(all, all...)...); err != nil {
				t.Errorf("accept: %v", err)
			}
		})
	}
	wg.Wait()
	if err := later.Accept(context.Background(), all...); err != nil {
		t.Fatal(err)
	}
	if n := len(w.events()); n != len(all) {
		t.Errorf("%d events, want %d", n, len(all))
	}
	if len(w.contacts())+len(w.sessions())+len(w.messages()) > 0 {
		t.Error("something of a gateway's message was kept")
	}
}

// Of what passes, only a digest and a time are kept to tell redeliveries.
func TestAGatewayKeepsNoWordToTellRedeliveries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channel.Settings.Mode = channels.Gateway
	w.accept(w.text("5521988884003", "wamid.1", "um"))
	type seen struct {
		ID   bson.Binary `bson:"_id"`
		Seen time.Time   `bson:"seenAt"`
		Rest bson.M      `bson:",inline"`
	}
	cursor, err := w.db.Collection(messages.BodiesCollection).Find(context.Background(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var kept []seen
	if err := cursor.All(context.Background(), &kept); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, row := range kept {
		if string(row.ID.Data[:12]) != string(w.channel.ID[:]) {
			continue // of another test
		}
		found++
		if len(row.ID.Data) != 12+16 || len(row.Rest) > 0 || row.Seen.IsZero() {
			t.Errorf("kept: %+v", row)
		}
	}
	if found != 1 {
		t.Errorf("%d digests, want 1", found)
	}
}

// A channel in gateway mode keeps no message, and so sends none: not even into
// a session from before.
func TestAGatewaySendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	provider := &conn{}
	w.conn = provider
	w.accept(w.text("5521988884004", "wamid.1", "um"))
	w.channel.Settings.Mode = channels.Gateway
	_, err := w.service.Send(context.Background(), w.sessions()[0], messages.Draft{Text: "olá"})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("the send answers %v, want conflict", err)
	}
	if len(provider.sent) > 0 || len(w.messages()) != 1 {
		t.Error("something was sent or stored")
	}
}
