package messages

import (
	"context"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// proofChange is a status that may be the proof that a reaction of ours was
// sent, of which nobody knew: then the reaction's target shows it from now on.
//
// What a reaction is about is not among what a batch reads for a status, and
// such proofs are rare: the change learns it step by step, and comes again each
// time with what it then wants.
type proofChange struct {
	*statusChange
	reaction bool                // the message is one: its content must be read
	about    ids.ProviderMessage // its target, which must be read
}

func newStatus(ch channelFacts, status providers.StatusChanged) *proofChange {
	return &proofChange{statusChange: &statusChange{ch: ch, status: status}}
}

func (c *proofChange) wants(w *wants) {
	c.statusChange.wants(w)
	w.contents = w.contents || c.reaction
	if c.about != "" {
		wantReacted(w, c.ch.ID, c.about)
	}
}

func (c *proofChange) apply(ctx context.Context, b *batch) error {
	plan := c.proven(b)
	if plan == nil {
		return c.statusChange.apply(ctx, b)
	}
	if !c.reaction {
		c.reaction = true
		return errLater
	}
	if c.about != plan.row.Content.Target {
		c.about = plan.row.Content.Target
		return errLater
	}
	reaction := Reaction{Emoji: plan.row.Content.Emoji, Author: Author{ID: fromSelf}, At: plan.row.Timestamp}
	if err := c.statusChange.apply(ctx, b); err != nil {
		return err
	}
	if target := b.reacted(c.ch.ID, c.about); target != nil && !target.row.reactedSince(reaction) {
		b.react(target, reaction)
	}
	return nil
}

// proven gives the message if it is a reaction that this status is the first
// to show as sent.
func (c *proofChange) proven(b *batch) *messagePlan {
	plan := b.byMessage[c.status.OurID]
	if plan == nil || plan.row.Channel != c.ch.ID {
		plan = b.byKey[c.key()]
	}
	if plan == nil || plan.row.Direction != Outbound || plan.row.Content.Type != providers.TypeReaction {
		return nil
	}
	if wasSent(plan.row.Status) || !wasSent(c.status.Status) {
		return nil
	}
	return plan
}

// wasSent tells whether a message of this status has left.
func wasSent(status providers.MessageStatus) bool {
	return status.Rank() >= providers.MessageSent.Rank() && status != providers.MessageFailed
}

// reactedSince tells whether the same person's reaction there is a later one.
func (m *Message) reactedSince(reaction Reaction) bool {
	for _, other := range m.Reactions {
		if other.Author.ID == reaction.Author.ID && other.At.After(reaction.At) {
			return true
		}
	}
	return false
}

// wantReacted wants a reaction's target, whoever wrote it.
func wantReacted(w *wants, channel ids.Channel, target ids.ProviderMessage) {
	for _, key := range reactedKeys(channel, target) {
		w.keys[key] = struct{}{}
	}
}

// reacted finds a reaction's target; nil when there is none.
func (b *batch) reacted(channel ids.Channel, target ids.ProviderMessage) *messagePlan {
	for _, key := range reactedKeys(channel, target) {
		if plan := b.byKey[key]; plan != nil {
			return plan
		}
	}
	return nil
}

func reactedKeys(channel ids.Channel, target ids.ProviderMessage) [2]dedupeID {
	var keys [2]dedupeID
	for i, direction := range []Direction{Inbound, Outbound} {
		keys[i] = dedupeID{channel, [16]byte(DedupeKeyOf(direction, target).Data)}
	}
	return keys
}
