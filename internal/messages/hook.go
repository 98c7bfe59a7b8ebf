package messages

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
)

// hook is the webhook of a channel's own number; its zero value: it has none.
type hook struct {
	config platforms.Config
	number string
	link   func(ids.Media) string
	// fleeting: the channel keeps nothing; nor is kept what its webhook was told.
	fleeting bool
}

// hookOf gives the webhook of a channel's own number.
func (s *Service) hookOf(ctx context.Context, ch channels.Channel) (hook, error) {
	if ch.Provider != providers.WhatsAppWeb {
		return hook{}, nil
	}
	config, there, err := s.platforms.OfChannel(ctx, ch.Account, ch.ID)
	if err != nil || !there || config.URL == "" {
		return hook{}, err
	}
	return hook{config: config, number: ch.Identifier, link: s.files.Link, fleeting: ch.Settings.Mode == channels.Gateway}, nil
}

func (h hook) none() bool { return h.config.ID.IsZero() }

func (h hook) wants(t events.Type) bool { return !h.none() && h.config.Wants(string(t)) }

// notice is something that the webhook of a number is to hear.
type notice struct {
	kind    events.Type
	id      ids.ProviderMessage // of the message; empty: it is about none
	at      time.Time           // zero: now
	said    any
	chat    providers.Address   // what it keeps its order in, where no contact is known
	who     []providers.Address // all whom it names, for erasing one
	contact ids.Contact         // where they are kept
	// fleeting: it tells of what nobody keeps, whatever the channel keeps by now.
	fleeting bool
}

// pass plans what the webhook of the channel's number hears, where it wants to,
// and gives the event; nil where it does not. Nothing that it hears of an ignored
// contact, such as what is sent to one, is kept beyond that: changes that may tell
// of such a one must have the contact read.
func (b *batch) pass(ch channelFacts, n notice) *events.Row {
	if !ch.Hook.wants(n.kind) {
		return nil
	}
	made := events.Notice{
		Account: ch.Account, Channel: ch.ID, Receiver: ch.Hook.config.ID, Number: ch.Hook.number, Type: n.kind, ID: n.id, At: n.at,
		Said: n.said, Contact: n.contact, Names: contacts.KeysOf(n.who), Fleeting: n.fleeting || ch.Hook.fleeting || b.ignores(n.contact),
	}
	if n.contact.IsZero() && !n.chat.IsZero() {
		made.Line = n.chat.Key()
	}
	row, err := events.NewNotice(made, b.now)
	if err != nil { // our own types: a mistake of ours
		slog.Error("an event for the webhook of a number cannot be written", "channel_id", ch.ID.String(), "type", string(n.kind), "error", err)
		return nil
	}
	b.events = append(b.events, &row)
	return &row
}

// ignores tells whether a contact that was read is ignored.
func (b *batch) ignores(id ids.Contact) bool {
	contact := b.byContact[id]
	return contact != nil && contact.ignored
}

// file is a message's file as its notice names it.
type file struct {
	id             ids.Media // zero: there is none to be had
	mimetype, name string
	size           int64
	sha256         string
	status         MediaStatus
	problem        string
}

// heard is the notice of a message that came in, or that was typed on the phone.
func (h hook) heard(m providers.MessageReceived, at *file) notice {
	n := notice{kind: events.NumberMessage, id: m.ID, at: m.Timestamp, said: h.says(m, at), chat: m.From.Addresses[0], who: m.From.Addresses}
	switch {
	case m.FromPhone:
		n.kind = events.NumberMessageSent
	case m.Group != nil:
		n.kind = events.NumberGroupMessage
	}
	if m.Group != nil {
		n.chat = m.Group.Address
		n.who = slices.Concat(n.who, []providers.Address{m.Group.Address}, m.Group.Participants)
	}
	if m.Quote != nil && !m.Quote.Author.IsZero() { // their words stand in it
		n.who = append(slices.Clone(n.who), m.Quote.Author)
	}
	return n
}

// steps are the notices of how far a message came.
var steps = map[providers.MessageStatus]events.Type{
	providers.MessageSent:      events.NumberMessageSent,
	providers.MessageDelivered: events.NumberMessageDelivered,
	providers.MessageRead:      events.NumberMessageRead,
	providers.MessagePlayed:    events.NumberMessagePlayed,
}

// step is the notice of how far a message of the number's came; false where there
// is none for that.
func (h hook) step(status providers.StatusChanged) (notice, bool) {
	kind, ok := steps[status.Status]
	said := numberSaid{From: status.Address.PrintFull(), To: h.self()}
	if status.Address.Kind == providers.KindGroup {
		said.Group = &numberGroup{ID: said.From}
	}
	n := notice{kind: kind, id: status.ID, at: status.Timestamp, said: said, chat: status.Address}
	if !status.Address.IsZero() {
		n.who = []providers.Address{status.Address}
	}
	return n, ok
}

// revoked is the notice that a message was deleted for everyone. to is whom it
// was written to, as far as that is known.
func (h hook) revoked(r providers.MessageRevoked, to providers.Address) notice {
	said := numberSaid{MessageID: r.Target, FromMe: r.FromPhone, From: h.self(), To: to.PrintFull()}
	n := notice{kind: events.NumberMessageRevoked, id: r.Target, at: r.Timestamp, chat: to, who: r.By.Addresses}
	if len(r.By.Addresses) > 0 {
		n.chat, said.From, said.To = r.By.Addresses[0], r.By.Addresses[0].PrintFull(), h.self()
	}
	group := r.By.Group
	if to.Kind == providers.KindGroup {
		group = to
	}
	if !group.IsZero() {
		n.chat, said.Group = group, &numberGroup{ID: group.PrintFull()}
	}
	for _, one := range []providers.Address{to, group} {
		if !one.IsZero() {
			n.who = append(slices.Clone(n.who), one)
		}
	}
	n.said = said
	return n
}

// noticesOf are what the webhook of a number hears of something that nobody
// keeps.
func (h hook) noticesOf(payload providers.InboundPayload) []notice {
	switch p := payload.(type) {
	case providers.MessageReceived:
		if len(p.From.Addresses) == 0 {
			return nil
		}
		return []notice{h.heard(p, nil)}
	case providers.StatusChanged:
		if n, ok := h.step(p); ok {
			return []notice{n}
		}
	case providers.MessageRevoked:
		return []notice{h.revoked(p, providers.Address{})}
	case providers.GatewayEvent:
		return []notice{{kind: events.Type(p.Type), id: p.ID, at: p.Timestamp, said: p.Raw, chat: p.Chat, who: p.Who}}
	}
	return nil
}

// self is the number as notices print it.
func (h hook) self() string { return providers.PrintOwn(h.number) }
