package messages

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// maxEdits is how many earlier contents a message remembers.
	maxEdits = 20
	// maxReactions bounds a message's reactions; a group has at most 1,024 members.
	maxReactions = 1024
)

// editChange replaces what a message says.
type editChange struct {
	news
	edit providers.MessageEdited
}

func newEdit(ch channelFacts, edit providers.MessageEdited) *editChange {
	return &editChange{news: news{ch: ch, target: edit.Target, fromPhone: edit.FromPhone, by: edit.By, chat: edit.Chat}, edit: edit}
}

func (c *editChange) wants(w *wants) {
	c.news.wants(w)
	w.contents = true
}

func (c *editChange) apply(_ context.Context, b *batch) error {
	plan := c.find(b, waitingEdit, c.edit)
	if plan == nil {
		return nil
	}
	at := orNow(c.edit.Timestamp, b.now)
	if !plan.row.RevokedAt.IsZero() || plan.row.edited(c.edit.ID, at) {
		return nil
	}
	edits := append(slices.Clone(plan.row.Edits), Edit{Content: plan.row.Content, At: at, By: c.edit.ID})
	if len(edits) > maxEdits {
		edits = edits[len(edits)-maxEdits:]
	}
	plan.row.Edits, plan.row.Content, plan.row.EditedAt = edits, c.edit.Content, at
	b.update(plan, "edits", edits)
	b.update(plan, "content", c.edit.Content)
	b.update(plan, "editedAt", at)
	b.about(plan, events.MessageEdited, nil)
	return nil
}

// edited tells whether an edit changes nothing more: it was made already, or
// is older than the last one. Providers tell the time in whole seconds, so of
// two edits in one second only the ids tell whether they are one; without an
// id it is taken for the same again.
func (m *Message) edited(by ids.ProviderMessage, at time.Time) bool {
	if m.EditedAt.IsZero() {
		return false
	}
	if at.Before(m.EditedAt) || by == "" && at.Equal(m.EditedAt) {
		return true
	}
	return by != "" && slices.ContainsFunc(m.Edits, func(e Edit) bool { return e.By == by })
}

// news is what changes of an earlier message have in common.
type news struct {
	ch        channelFacts
	target    ids.ProviderMessage
	fromPhone bool // the target is a message of the channel's own number
	by        providers.By
	chat      []providers.Address // where it was done, where by does not tell; may be empty
	byAdmins  bool                // in a group others than the author may, too
	waited    bool                // it is in the waiting collection already
	kept

	settled bool // the message was there
}

func (n *news) key() dedupeID {
	direction := Inbound
	if n.fromPhone {
		direction = Outbound
	}
	return dedupeID{n.ch.ID, [16]byte(DedupeKeyOf(direction, n.target).Data)}
}

func (n *news) route() string { return string(n.ch.ID[:]) + string(n.target) }

func (n *news) wants(w *wants) {
	w.keys[n.key()] = struct{}{}
	w.owned = true
	for _, key := range contacts.KeysOf(n.where()) {
		// What waits writes no row of the contact that would show it is ignored by now.
		w.identities[identity{n.ch.ID, key}], w.afresh = struct{}{}, true
	}
}

// where is the contact in whose chat it was done, as far as the provider tells.
func (n *news) where() []providers.Address {
	switch {
	case !n.by.Group.IsZero():
		return []providers.Address{n.by.Group}
	case len(n.by.Addresses) > 0:
		return n.by.Addresses
	default:
		return n.chat
	}
}

// find gives the message that the news is about; nil where there is nothing to
// do now: it is erased, its contact is ignored, or it is not known yet and the
// payload waits for it. What the number itself did to a known message is told
// whoever is ignored.
func (n *news) find(b *batch, kind string, payload any) *messagePlan {
	plan := b.byKey[n.key()]
	_, gone := b.erased[n.key()]
	n.settled = gone || plan != nil
	ignored := plan != nil && b.ignored(plan)
	for _, contact := range b.contactOf(n.ch.ID, n.where()) {
		ignored = ignored || plan == nil && contact.ignored
	}
	n.unwanted = ignored && (plan == nil || !n.fromPhone)
	switch {
	case gone:
		return nil
	case plan == nil:
		if !n.waited && !n.unwanted {
			b.wait(n.key(), kind, payload)
		}
		return nil
	case n.unwanted:
		return nil
	case !n.may(b, plan):
		slog.Warn("somebody named another's message as theirs", "channel_id", n.ch.ID.String(), "message_id", plan.row.ID.String(), "kind", kind)
		return nil
	}
	return plan
}

// may tells whether the one who did it could have: the author of the message,
// in the chat where it was written, or there an admin.
func (n *news) may(b *batch, plan *messagePlan) bool {
	if len(n.by.Addresses) == 0 {
		return true
	}
	contact := b.byContact[plan.row.Contact]
	if contact == nil {
		return false
	}
	if n.by.Group.IsZero() {
		return !n.fromPhone && slices.ContainsFunc(contacts.KeysOf(n.by.Addresses), func(key string) bool { return slices.Contains(contact.keys, key) })
	}
	if !slices.Contains(contact.keys, n.by.Group.Key()) {
		return false
	}
	return n.byAdmins || !n.fromPhone && plan.row.Author != nil && !contradict(plan.row.Author.Address, n.by.Addresses)
}

// contradict tells that a person's names are not those of an address: there is
// one of its kind among them, and it is another.
func contradict(address providers.Address, names []providers.Address) bool {
	sameKind, equal := false, false
	for _, name := range names {
		sameKind = sameKind || name.Kind == address.Kind
		equal = equal || name.Key() == address.Key()
	}
	return sameKind && !equal
}

// ignored tells whether the message is of a contact that is ignored now: then
// what happens to it is not intercepted.
func (b *batch) ignored(plan *messagePlan) bool { return b.ignores(plan.row.Contact) }

// react mirrors a reaction on its target: one per person, an empty one takes
// it back.
func (b *batch) react(plan *messagePlan, reaction Reaction) {
	others := slices.DeleteFunc(slices.Clone(plan.row.Reactions), func(r Reaction) bool { return r.Author.ID == reaction.Author.ID })
	if reaction.Emoji != "" && len(others) < maxReactions {
		others = append(others, reaction)
		b.mention(plan, reaction.Author.ID)
	}
	plan.row.Reactions = others
	b.update(plan, "reactions", others)
}

// about plans an event of an existing message's session.
func (b *batch) about(plan *messagePlan, t events.Type, facts bson.D) {
	session := b.session(plan.row.Session, plan.row.Contact)
	b.event(session, t, func(e *events.Row) {
		e.Account, e.Channel, e.Contact, e.Message, e.Facts = plan.row.Account, plan.row.Channel, plan.row.Contact, plan.row.ID, facts
	})
}
