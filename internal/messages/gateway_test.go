package messages_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
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

// Of a message in a group every member tells, and every device of a person: the
// first who got so far counts. Failures are not the same.
func TestAGatewayTellsAStatusOnce(t *testing.T) {
	t.Parallel()
	w := hooked(t)
	w.channel.Settings.Mode = channels.Gateway
	at := time.Now().Truncate(time.Second)
	group := providers.Address{Kind: providers.KindGroup, Value: "120363"}
	for i := range 5 {
		for _, status := range []providers.MessageStatus{providers.MessageDelivered, providers.MessageRead} {
			w.accept(w.inbound(providers.StatusChanged{ID: "3EB0A", Status: status, Timestamp: at.Add(time.Duration(i) * time.Second), Address: group}))
		}
	}
	if kinds, _ := w.notices(); strings.Join(kinds, " ") != "MESSAGE_DELIVERED MESSAGE_READ" {
		t.Errorf("told %v", kinds)
	}
	plain := newWorld(t)
	plain.channel.Settings.Mode = channels.Gateway
	for _, code := range []string{"1", "2", "1"} {
		plain.accept(plain.inbound(providers.StatusChanged{ID: "3EB0A", Status: providers.MessageFailed, Timestamp: at, Error: &providers.MessageError{Code: code}}))
	}
	if n := len(plain.events()); n != 2 {
		t.Errorf("%d failures, want 2", n)
	}
}

// Of an ignored contact a gateway passes nothing on, by whichever of their names
// they are known and in whichever they are met, be it to the number's webhook or
// to a platform.
func TestAGatewayPassesNothingOfIgnoredContactsOn(t *testing.T) {
	t.Parallel()
	phone, lid := providers.Address{Kind: providers.KindPhone, Value: "5521988884101"}, providers.Address{Kind: providers.KindLID, Value: "77884101"}
	said := func(w *world, id string, names ...providers.Address) providers.Inbound {
		one := w.text(phone.Value, id, "oi").Payload.(providers.MessageReceived)
		one.From.Addresses = names
		return w.inbound(one)
	}
	for label, known := range map[string]providers.Address{"phone": phone, "lid": lid} {
		for way, w := range map[string]*world{"webhook": hooked(t), "platform": newWorld(t)} {
			w.accept(said(w, "3EB0A", known)) // remembered, and no event tells of the change
			before := len(w.events())
			w.channel.Settings.Mode = channels.Gateway
			if res, err := w.db.Collection(contacts.Collection).UpdateOne(t.Context(), bson.D{{Key: "channelId", Value: w.channel.ID}},
				bson.D{{Key: "$set", Value: bson.D{{Key: "isIgnored", Value: true}}}}); err != nil || res.ModifiedCount != 1 {
				t.Fatal(res, err)
			}
			by := providers.By{Addresses: []providers.Address{phone, lid}}
			w.accept(
				said(w, "3EB0B", phone, lid), said(w, "3EB0C", lid, phone), w.inbound(providers.MessageRevoked{Target: "3EB0B", By: by}),
				w.inbound(providers.MessageEdited{ID: "3EB0D", Target: "3EB0B", By: by}), w.inbound(providers.StatusChanged{ID: "3EB0E", Status: providers.MessageRead, Address: known}),
				w.inbound(providers.GatewayEvent{Type: "MESSAGE_DELETED", ID: "3EB0B", Chat: lid, Who: []providers.Address{lid, phone}, Raw: providers.RawJSON("{}")}),
			)
			for _, row := range w.events()[before:] {
				t.Errorf("known by %s, by the %s: told %s", label, way, row.Type)
			}
			w.accept(w.text("5521988884102", "3EB0F", "oi"))
			if n := len(w.events()) - before; n != 1 {
				t.Errorf("known by %s, by the %s: %d events of somebody else, want 1", label, way, n)
			}
		}
	}
}

// Whose words an answer quotes is among those for whom it is erased, and ignoring
// them does not hinder it.
func TestAQuoteNamesItsAuthor(t *testing.T) {
	t.Parallel()
	w := hooked(t)
	w.channel.Settings.Mode = channels.Gateway
	w.files.comes = func(ids.Media) {}
	quoted := providers.Address{Kind: providers.KindPhone, Value: "5521988884104"}
	answer := w.text("5521988884103", "3EB0A", "").Payload.(providers.MessageReceived)
	answer.Content, answer.Media = providers.Content{Type: providers.TypeImage}, &providers.MediaRef{URL: "https://example.com/a.png"}
	answer.Group = &providers.Group{Address: providers.Address{Kind: providers.KindGroup, Value: "120364"}}
	answer.Quote = &providers.Quote{ID: "3EB0Z", Text: "xyzzy", Author: quoted}
	w.accept(w.inbound(answer))
	for _, row := range w.events() {
		if !slices.Contains(row.Names, quoted.Key()) {
			t.Errorf("a %s names %v", row.Type, row.Names)
		}
	}
	type passing struct {
		Names []string `bson:"names"`
	}
	if files := rows[passing](w, messages.PassingCollection, bson.D{}); len(w.events()) == 0 || len(files) != 1 || !slices.Contains(files[0].Names, quoted.Key()) {
		t.Errorf("%d events, files %+v", len(w.events()), files)
	}
}

// What was perhaps sent is named as WhatsApp names it, so that the number's
// webhook tells what became of it; what was not, is not.
func TestWhatAGatewayPerhapsSentIsNamed(t *testing.T) {
	t.Parallel()
	w := hooked(t)
	w.channel.Settings.Mode = channels.Gateway
	w.conn = &conn{}
	ctx := web.WithPrincipal(t.Context(), web.Principal{Account: w.channel.Account})
	for what, c := range map[string]struct {
		err     error
		code    fault.Code
		perhaps bool
	}{
		"the device gives no answer":     {&providers.SendError{Reason: providers.ReasonTimeout, Sent: providers.Maybe, Detail: "No answer."}, fault.ProviderTimeout, true},
		"the connection breaks":          {&providers.SendError{Reason: providers.ReasonUnavailable, Sent: providers.Maybe, Detail: "It broke."}, fault.D360InternalError, true},
		"the other server is silent":     {fault.New(fault.ProviderTimeout, "No answer."), fault.ProviderTimeout, true},
		"time is up":                     {context.DeadlineExceeded, fault.ProviderTimeout, true},
		"the device is not connected":    {&providers.SendError{Reason: providers.ReasonUnavailable, Sent: providers.No, Detail: "Away."}, fault.ProviderUnavailable, false},
		"there was no time left to send": {&providers.SendError{Reason: providers.ReasonTimeout, Sent: providers.No, Detail: "Late."}, fault.ProviderTimeout, false},
	} {
		w.ask = func() error { return c.err }
		_, err := w.service.SendOver(ctx, w.channel.ID, messages.ToNumber{Recipient: "5521988884105", Draft: messages.Draft{Text: "oi"}})
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != c.code {
			t.Errorf("%s: %v, want %s", what, err, c.code)
			continue
		}
		id, _ := f.Extra["messageId"].(ids.ProviderMessage)
		ours, _ := f.Extra["_id"].(ids.Message)
		if c.perhaps && (f.Extra["messageStatus"] != "unknown" || id != w.MessageIDOf(w.channel.Provider, ours) || !strings.Contains(f.Detail, string(id))) || !c.perhaps && len(f.Extra) > 0 {
			t.Errorf("%s: %s with %v", what, f.Detail, f.Extra)
		}
	}
}
