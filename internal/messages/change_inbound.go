package messages

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// channelFacts is what changes need to know of their channel.
type channelFacts struct {
	ID       ids.Channel
	Account  ids.Account
	Provider providers.Name
	// Holder gets new sessions of contacts that have no platform of their own.
	Holder sessions.PlatformRef
	// Hook is the webhook of the channel's own number.
	Hook hook
}

// shows tells whether the provider shows profile pictures.
func (ch channelFacts) shows() bool { return ch.Provider == providers.WhatsAppWeb }

// inboundChange takes in one message that a contact wrote, or that a person
// wrote on another device of the channel's number.
type inboundChange struct {
	ch         channelFacts
	in         providers.MessageReceived
	receivedAt time.Time
	id         ids.Message // made before the commit
	file       ids.Media   // that its file is to have, likewise

	addresses []providers.Address // of the contact: the person, or the group
	direction Direction
	key       dedupeID
	hasKey    bool // the store tells duplicates; else the body's row does
	live      bool // it came over the channel's own connection, not by a webhook
	passes    bool // nobody stores it, and its file is to be fetched for the number's own webhook
	kept

	result outcome
}

func newInbound(ch channelFacts, in providers.MessageReceived, receivedAt time.Time) *inboundChange {
	c := &inboundChange{ch: ch, in: in, receivedAt: receivedAt, id: ids.New[ids.Message](), file: ids.New[ids.Media](), direction: Inbound, addresses: in.From.Addresses}
	if in.Group != nil {
		c.addresses = []providers.Address{in.Group.Address}
	}
	if in.FromPhone {
		c.direction = Outbound
	}
	key := contentDedupeKey(in.DedupeKey)
	if in.ID != "" {
		key = DedupeKeyOf(c.direction, in.ID)
	}
	c.key, c.hasKey = dedupeID{ch.ID, [16]byte(key.Data)}, in.ID != "" || in.DedupeWindow == 0
	return c
}

func (c *inboundChange) dedupe() (dedupeID, bool) { return c.key, c.hasKey }

// route keeps the messages of one contact in one line of the backlog.
func (c *inboundChange) route() string { return routeOf(c.ch.ID, c.addresses) }

// routeOf gives the route of a contact: its first identity in a fixed
// order of kinds.
func routeOf(channel ids.Channel, addresses []providers.Address) string {
	if len(addresses) == 0 {
		return string(channel[:])
	}
	best := addresses[0]
	for _, address := range addresses[1:] {
		if kindOrder(address.Kind) < kindOrder(best.Kind) {
			best = address
		}
	}
	return string(channel[:]) + best.Key()
}

func kindOrder(kind providers.AddressKind) int {
	return slices.Index([]providers.AddressKind{providers.KindPhone, providers.KindLID, providers.KindBSUID, providers.KindGroup}, kind)
}

func (c *inboundChange) wants(w *wants) {
	for _, key := range contacts.KeysOf(c.addresses) {
		w.identities[identity{c.ch.ID, key}] = struct{}{}
	}
	if !c.hasKey {
		w.bodies[c.key] = struct{}{}
	}
	if c.stray() {
		w.bodies[c.key] = struct{}{}
	}
	if c.in.Content.Type == providers.TypeReaction {
		for _, direction := range []Direction{Inbound, Outbound} {
			w.keys[c.target(direction)] = struct{}{}
		}
	}
}

func (c *inboundChange) target(direction Direction) dedupeID {
	return dedupeID{c.ch.ID, [16]byte(DedupeKeyOf(direction, c.in.Content.Target).Data)}
}

func (c *inboundChange) apply(ctx context.Context, b *batch) error {
	if known, ok := c.duplicate(b); ok {
		c.result = known
		return nil
	}
	contact, err := c.contact(b)
	if err != nil {
		return err
	}
	c.unwanted = contact != nil && contact.ignored
	if contact == nil || contact.ignored {
		c.result = outcome{ignored: true}
		if contact == nil {
			c.tellStray(b, nil)
		}
		return nil
	}
	target := c.reactedTo(b)
	session, err := c.session(ctx, b, contact, target)
	if err != nil || session == nil {
		c.result = outcome{ignored: true}
		if err == nil {
			c.tellStray(b, contact)
		}
		return err
	}
	c.store(b, contact, session, target)
	return nil
}

// duplicate answers from what is committed, from this batch, or from what was
// read for it.
func (c *inboundChange) duplicate(b *batch) (outcome, bool) {
	if !c.hasKey {
		seen, ok := b.seenBodies[c.key]
		if ok && b.now.Sub(seen) < c.in.DedupeWindow {
			return outcome{duplicate: true}, true
		}
		return outcome{}, false
	}
	if known, ok := b.recent.Get(c.key); ok {
		known.duplicate = true
		return known, true
	}
	if id, ok := b.erased[c.key]; ok {
		return outcome{message: id, duplicate: true}, true
	}
	if plan := b.byKey[c.key]; plan != nil {
		return outcome{message: plan.row.ID, session: plan.row.Session, duplicate: true}, true
	}
	return outcome{}, false
}

// contact finds or makes the contact; nil where a message from the phone
// meets nobody we know.
func (c *inboundChange) contact(b *batch) (*contactPlan, error) {
	found := b.contactOf(c.ch.ID, c.addresses)
	if len(found) > 1 || len(found) == 1 && recycled(found[0].keys, c.addresses) {
		return nil, &mergeOrder{ch: c.ch, plans: found, addresses: c.addresses}
	}
	if len(found) == 1 {
		return found[0], c.learn(b, found[0])
	}
	if c.in.FromPhone {
		return nil, nil
	}
	name := c.in.From.Name
	if c.in.Group != nil {
		name = c.in.Group.Name
	}
	plan := b.newContact(c.ch.Account, c.ch.ID, typeOf(c.addresses[0]), c.addresses, name)
	plan.row.PhotoDue = c.ch.shows()
	if c.in.Group == nil {
		plan.row.Username, plan.handle = c.in.From.Username, c.in.From.Username
	} else {
		plan.row.Members = printed(c.in.Group.Participants)
		plan.group = signature(*c.in.Group)
	}
	return plan, nil
}

// learn adds what the message tells of a contact that we know.
func (c *inboundChange) learn(b *batch, plan *contactPlan) error {
	if plan.ignored || c.in.FromPhone {
		return nil
	}
	replyTo := c.addresses[0]
	if c.in.Content.Type == providers.TypeSystem { // nobody wrote it, and it may name a number that is another's by now
		replyTo = plan.replyTo
	}
	b.learnAddresses(c.ch.ID, plan, c.addresses, replyTo)
	switch {
	case c.in.Group != nil:
		return b.learnGroup(c.ch, plan, *c.in.Group)
	default:
		return b.learnPerson(c.ch, plan, c.in.From)
	}
}

// session chooses the conversation that the message belongs to.
func (c *inboundChange) session(ctx context.Context, b *batch, contact *contactPlan, target *messagePlan) (*sessionPlan, error) {
	if target != nil {
		if !contact.complete && !contact.isNew { // whether the person is ignored now, only the row tells
			return nil, errStale
		}
		return b.session(target.row.Session, target.row.Contact), nil
	}
	if active := b.active[contact.contact]; active != nil {
		active.mustBeActive = true
		active.unignored = active.unignored || !c.in.FromPhone
		return active, nil
	}
	if c.in.FromPhone {
		return nil, nil // what is typed on the phone opens no session
	}
	holder, err := b.holderFor(ctx, c.ch, contact)
	if err != nil {
		return nil, err
	}
	return b.open(c.ch, contact, holder, false), nil
}

// reactedTo is the message that a reaction is about, if we have it.
func (c *inboundChange) reactedTo(b *batch) *messagePlan {
	if c.in.Content.Type != providers.TypeReaction {
		return nil
	}
	for _, direction := range []Direction{Outbound, Inbound} {
		if plan := b.byKey[c.target(direction)]; plan != nil {
			return plan
		}
	}
	return nil
}

// store plans the message's row, its session's counters and its events.
func (c *inboundChange) store(b *batch, contact *contactPlan, session *sessionPlan, target *messagePlan) {
	b.announce(c.ch, contact, session)
	row := c.row(b.now)
	b.insert(session, row)
	isReaction := c.in.Content.Type == providers.TypeReaction
	if c.direction == Inbound {
		b.heard(contact, session, sessions.WindowStart(c.in.Timestamp, c.receivedAt))
		if !isReaction {
			session.unread++
		}
	}
	kind, facts := events.MessageReceived, bson.D(nil)
	if c.direction == Outbound {
		kind = events.MessageSent
	}
	if isReaction {
		kind = events.MessageReaction
		facts = bson.D{{Key: "emoji", Value: c.in.Content.Emoji}}
		if target != nil {
			facts = append(facts, bson.E{Key: "target", Value: target.row.ID})
			b.react(target, Reaction{Emoji: c.in.Content.Emoji, Author: c.author(), At: row.Timestamp})
		}
	}
	b.event(session, kind, func(e *events.Row) {
		e.Account, e.Channel, e.Contact, e.Message, e.Facts = c.ch.Account, c.ch.ID, contact.contact, row.ID, facts
	})
	c.tellNumber(b, contact, row)
	c.result = outcome{message: row.ID, session: session.id}
	c.remember(b, row)
}

// remember lets later items of this batch, and later batches, know the message.
func (c *inboundChange) remember(b *batch, row *Message) {
	if !c.hasKey {
		b.seenBodies[c.key] = b.now
		b.bodies = append(b.bodies, bodyRow{Channel: c.ch.ID, Key: bson.Binary{Data: c.key.key[:]}, Window: c.in.DedupeWindow})
		return
	}
	b.byKey[c.key] = &messagePlan{row: *row}
	result := c.result
	b.done = append(b.done, func() { b.recent.Add(c.key, result) })
}

func (c *inboundChange) row(now time.Time) *Message {
	row := &Message{
		ID: c.id, Channel: c.ch.ID, Account: c.ch.Account, Direction: c.direction, ProviderID: c.in.ID,
		Content: c.in.Content, Quote: c.in.Quote, Timestamp: c.in.Timestamp, ReceivedAt: c.receivedAt,
	}
	if row.Timestamp.IsZero() {
		row.Timestamp = c.receivedAt
	}
	if row.ProviderID == "" {
		row.ProviderID = ids.ProviderMessage(c.id.String())
	}
	if c.hasKey {
		row.DedupeKey = bson.Binary{Data: c.key.key[:]}
	}
	if c.in.Media != nil {
		row.Media = &Media{Mimetype: c.in.Media.Mimetype, FileName: c.in.Media.FileName, Status: MediaPending, Ref: c.in.Media, NextAt: now.Add(fetchFirst)}
		if !c.ch.Hook.none() {
			row.Media.Reserved = c.file
		}
	}
	if c.in.Group != nil {
		author := c.author()
		row.Author = &author
	}
	if c.direction == Outbound {
		row.Origin, row.Status, row.Rank = FromPhone, providers.MessageSent, providers.MessageSent.Rank()
		row.History = []StatusEntry{{Status: providers.MessageSent, Timestamp: row.Timestamp}}
	}
	return row
}

func (c *inboundChange) author() Author {
	if c.in.FromPhone {
		return Author{ID: fromSelf}
	}
	author := Author{ID: c.in.From.Addresses[0].Print(), Name: c.in.From.Name, Address: c.in.From.Addresses[0]}
	if c.in.From.As != author.Address {
		author.As = c.in.From.As
	}
	return author
}

// signature is a group's name and participants in one comparable text.
func signature(g providers.Group) string {
	return g.Name + "\x00" + strings.Join(printed(g.Participants), ",")
}

func printed(addresses []providers.Address) []string {
	out := make([]string, 0, len(addresses))
	for _, address := range addresses {
		out = append(out, address.Print())
	}
	return out
}
