package messages_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
)

func TestAMessageFindsOrMakesContactAndSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accept(w.text("5521988887777", "wamid.A", "Olá"))
	w.accept(w.text("5521988887777", "wamid.B", "Tudo bem?"))
	if n := len(w.contacts()); n != 1 {
		t.Fatalf("%d contacts, want 1", n)
	}
	s := w.sessions()
	if len(s) != 1 || s[0].Sequence != 2 || s[0].Unread != 2 || s[0].Platform != w.config.ID {
		t.Fatalf("sessions: %+v", s)
	}
	var kinds []string
	for _, e := range w.events() {
		kinds = append(kinds, fmt.Sprint(e.Type, " ", e.Sequence))
	}
	want := "[contact.created 0 session.created 1 message.received 2 message.received 3]"
	if fmt.Sprint(kinds) != want {
		t.Errorf("events %v, want %s", kinds, want)
	}
	w.invariants()
}

func TestTheNinthDigitIsOneContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accept(w.text("554188887777", "wamid.A", "sem o nove"))
	w.accept(w.text("5541988887777", "wamid.B", "com o nove"))
	c := w.contacts()
	if len(c) != 1 {
		t.Fatalf("%d contacts, want 1", len(c))
	}
	if c[0].Identifier != "554188887777" || c[0].ReplyTo.Value != "5541988887777" {
		t.Errorf("kept as %q, replied to at %q", c[0].Identifier, c[0].ReplyTo.Value)
	}
	w.invariants()
}

func TestDuplicatesChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.server() // has no memory of what the first one took in
	for range 3 {
		w.accept(w.text("5521988887777", "wamid.A", "Olá"), w.text("5521988887777", "wamid.A", "Olá"))
		if err := other.Accept(context.Background(), w.text("5521988887777", "wamid.A", "Olá")); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.messages()); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	w.invariants()
}

// Two servers take in the same redelivered messages of the same new contacts
// at the same time.
func TestRacingServersKeepEveryInvariant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	servers := []*messages.Service{w.service, w.server()}
	const people, each = 6, 12
	var wg sync.WaitGroup
	for i, server := range servers {
		for person := range people {
			for n := range each {
				wg.Go(func() {
					in := w.text(fmt.Sprintf("55219888800%02d", person), fmt.Sprintf("wamid.%d.%d", person, n), "x")
					if n%3 == 0 { // only one server hears of it
						if i == n%2 {
							return
						}
					}
					if err := server.Accept(context.Background(), in); err != nil {
						t.Errorf("accept: %v", err)
					}
				})
			}
		}
	}
	wg.Wait()
	if n := len(w.contacts()); n != people {
		t.Errorf("%d contacts, want %d", n, people)
	}
	if n := len(w.messages()); n != people*each {
		t.Errorf("%d messages, want %d", n, people*each)
	}
	w.invariants()
}

func TestStatusesOnlyMoveUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accept(w.text("5521988887777", "wamid.A", "Olá"))
	echo := w.text("5521988887777", "wamid.OUT", "digitado no celular")
	in := echo.Payload.(providers.MessageReceived)
	in.FromPhone = true
	w.accept(w.inbound(in))
	status := func(s providers.MessageStatus) providers.Inbound {
		return w.inbound(providers.StatusChanged{ID: "wamid.OUT", Status: s, Address: providers.Address{Kind: providers.KindPhone, Value: "5521988887777"}})
	}
	w.accept(status(providers.MessageRead), status(providers.MessageDelivered))
	w.accept(status(providers.MessageDelivered), status(providers.MessageSent))
	for _, m := range w.messages() {
		if m.Direction != messages.Outbound {
			continue
		}
		if m.Status != providers.MessageRead || len(m.History) != 3 {
			t.Errorf("status %s with history %v, want read with sent, read, delivered", m.Status, m.History)
		}
	}
	w.invariants()
}

// A channel in gateway mode keeps no contact, session or message, only an
// event that waits for its delivery.
func TestGatewayModeKeepsNothingButEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channel.Settings.Mode = channels.Gateway
	w.accept(w.text("5521988880009", "wamid.G", "de passagem"))
	if len(w.contacts())+len(w.sessions())+len(w.messages()) > 0 {
		t.Error("something of a gateway's message was kept")
	}
	told := w.events()
	if len(told) != 1 || told[0].Type != events.MessageReceived || told[0].ExpiresAt.Sub(told[0].CreatedAt) != events.KeptInGateway {
		t.Errorf("events: %+v", told)
	}
}
