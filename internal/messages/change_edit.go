package messages

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/events"
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
	ch      channelFacts
	edit    providers.MessageEdited
	waited  bool
	settled bool
}

func (c *editChange) key() dedupeID {
	return dedupeID{c.ch.ID, [16]byte(DedupeKeyOf(directionOf(c.edit.FromPhone), c.edit.Target).Data)}
}

func (c *editChange) route() string { return string(c.ch.ID[:]) + string(c.edit.Target) }

func (c *editChange) wants(w *wants) {
	w.keys[c.key()] = struct{}{}
	w.contents, w.owned = true, true
}

func (c *editChange) apply(_ context.Context, b *batch) error {
	plan := b.byKey[c.key()]
	if _, gone := b.erased[c.key()]; gone {
		c.settled = true
		return nil
	}
	if plan == nil {
		if !c.waited {
			b.wait(c.key(), waitingEdit, c.edit)
		}
		return nil
	}
	c.settled = true
	if !c.edit.FromPhone && b.ignored(plan) {
		return nil
	}
	at := orNow(c.edit.Timestamp, b.now)
	if !plan.row.EditedAt.Before(at) || !plan.row.RevokedAt.IsZero() {
		return nil // the same edit again, or an older one
	}
	edits := append(slices.Clone(plan.row.Edits), Edit{Content: plan.row.Content, At: at})
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

// revokeChange marks a message as deleted for everyone.
type revokeChange struct {
	ch      channelFacts
	revoke  providers.MessageRevoked
	waited  bool
	settled bool
}

func (c *revokeChange) key() dedupeID {
	return dedupeID{c.ch.ID, [16]byte(DedupeKeyOf(directionOf(c.revoke.FromPhone), c.revoke.Target).Data)}
}

func (c *revokeChange) route() string { return string(c.ch.ID[:]) + string(c.revoke.Target) }

func (c *revokeChange) wants(w *wants) {
	w.keys[c.key()] = struct{}{}
	w.owned = true
}

func (c *revokeChange) apply(_ context.Context, b *batch) error {
	plan := b.byKey[c.key()]
	if _, gone := b.erased[c.key()]; gone {
		c.settled = true
		return nil
	}
	if plan == nil {
		if !c.waited {
			b.wait(c.key(), waitingRevoke, c.revoke)
		}
		return nil
	}
	c.settled = true
	if !c.revoke.FromPhone && b.ignored(plan) {
		return nil
	}
	if plan.row.RevokedAt.IsZero() {
		plan.row.RevokedAt = orNow(c.revoke.Timestamp, b.now)
		b.update(plan, "revokedAt", plan.row.RevokedAt)
		b.about(plan, events.MessageRevoked, nil)
	}
	return nil
}

// ignored tells whether the message is of a contact that is ignored now: then
// what happens to it is not intercepted.
func (b *batch) ignored(plan *messagePlan) bool {
	contact := b.byContact[plan.row.Contact]
	return contact != nil && contact.ignored
}

// react mirrors a reaction on its target: one per person, an empty one takes
// it back.
func (b *batch) react(plan *messagePlan, reaction Reaction) {
	others := slices.DeleteFunc(slices.Clone(plan.row.Reactions), func(r Reaction) bool { return r.Author.ID == reaction.Author.ID })
	if reaction.Emoji != "" && len(others) < maxReactions {
		others = append(others, reaction)
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
