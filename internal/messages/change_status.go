package messages

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// waitMost is how long something about an unknown message is kept: a status
// may beat the answer of the send.
const waitMost = 10 * time.Minute

// statusChange moves an outbound message up its ladder.
type statusChange struct {
	ch     channelFacts
	status providers.StatusChanged
	// waited: the row is in the waiting collection already.
	waited bool
	// asks whether the recipient is ignored, and whether the message is one of which
	// only a digest is kept: it is not known.
	asks bool

	settled bool // the message was found
}

func (c *statusChange) key() dedupeID {
	return dedupeID{c.ch.ID, [16]byte(DedupeKeyOf(Outbound, c.status.ID).Data)}
}

func (c *statusChange) route() string {
	if c.status.Address.IsZero() {
		return string(c.ch.ID[:])
	}
	return routeOf(c.ch.ID, []providers.Address{c.status.Address})
}

func (c *statusChange) wants(w *wants) {
	if !c.status.OurID.IsZero() {
		w.messages[c.status.OurID] = struct{}{}
	}
	w.keys[c.key()] = struct{}{}
	if c.asks {
		if !c.status.Address.IsZero() {
			w.identities[identity{c.ch.ID, c.status.Address.Key()}], w.afresh = struct{}{}, true
		}
		if step, wanted := c.step(); wanted {
			w.bodies[c.key()], w.bodies[step] = struct{}{}, struct{}{}
		}
	}
	if kind, ok := steps[c.status.Status]; ok && c.ch.Hook.wants(kind) {
		w.owned = true
	}
}

func (c *statusChange) apply(_ context.Context, b *batch) error {
	plan := b.byMessage[c.status.OurID]
	if plan == nil || plan.row.Channel != c.ch.ID {
		plan = b.byKey[c.key()]
	}
	_, gone := b.erased[c.key()]
	if gone || b.traces[c.status.OurID] == c.ch.ID {
		c.settled = true
		return nil
	}
	if plan == nil || plan.row.Direction != Outbound {
		return c.wait(b)
	}
	c.settled = true
	b.identify(plan, c.status.ID)
	if b.climb(plan, StatusEntry{Status: c.status.Status, Timestamp: orNow(c.status.Timestamp, b.now), Error: c.status.Error}) {
		if n, ok := c.ch.Hook.step(c.status); ok {
			n.contact, n.id = plan.row.Contact, plan.row.ProviderID
			b.pass(c.ch, n)
		}
	}
	return nil
}

// wait keeps the status until its message is known; nothing is kept of an ignored
// contact. Who that is costs most statuses nothing: their message is known.
func (c *statusChange) wait(b *batch) error {
	if c.waited {
		return nil
	}
	if _, wanted := c.step(); !c.asks && (wanted || !c.status.Address.IsZero()) {
		c.asks = true
		return errLater
	}
	with := b.contactOf(c.ch.ID, []providers.Address{c.status.Address})
	if slices.ContainsFunc(with, func(p *contactPlan) bool { return p.ignored }) {
		return nil
	}
	if c.settled = c.tellStray(b, with); !c.settled {
		b.wait(c.key(), waitingStatus, c.status)
	}
	return nil
}

// identify gives an outbound message the provider's id, if it has none.
func (b *batch) identify(plan *messagePlan, id ids.ProviderMessage) {
	if id == "" || plan.row.ProviderID != "" {
		return
	}
	plan.row.ProviderID = id
	plan.row.DedupeKey = DedupeKeyOf(Outbound, id)
	b.update(plan, "providerId", id)
	b.update(plan, "dedupeKey", plan.row.DedupeKey)
	b.byKey[dedupeID{plan.row.Channel, [16]byte(plan.row.DedupeKey.Data)}] = plan
}

// climb adds a step to a message's history, and moves the message when the
// step is higher than where it stands. It tells whether there was news in it.
func (b *batch) climb(plan *messagePlan, step StatusEntry) bool {
	known := slices.ContainsFunc(plan.row.History, func(e StatusEntry) bool { return e.Status == step.Status })
	if known || step.Status.Rank() == 0 {
		return false
	}
	plan.row.History = append(slices.Clone(plan.row.History), step)
	b.update(plan, "statusHistory", plan.row.History)
	kind := events.MessageStatus
	if step.Status == providers.MessageSent { // told once, however late it is heard of
		kind = events.MessageSent
	}
	higher := step.Status.Rank() > plan.row.Rank
	if higher {
		b.rise(plan, step)
	}
	if !higher && kind != events.MessageSent {
		return false
	}
	facts := bson.D{{Key: "status", Value: plan.row.Status}, {Key: "timestamp", Value: step.Timestamp}}
	if step.Error != nil {
		facts = append(facts, bson.E{Key: "error", Value: step.Error})
	}
	b.about(plan, kind, facts)
	return true
}

// rise moves a message to a higher step.
func (b *batch) rise(plan *messagePlan, step StatusEntry) {
	plan.row.Status, plan.row.Rank = step.Status, step.Status.Rank()
	b.update(plan, "status", step.Status)
	b.update(plan, "statusRank", plan.row.Rank)
	b.setError(plan, step)
	b.settle(plan)
}

// setError keeps why a message failed, and forgets it when a late proof shows
// that it did not.
func (b *batch) setError(plan *messagePlan, step StatusEntry) {
	switch {
	case step.Error != nil:
		plan.row.Error = step.Error
		b.update(plan, "error", step.Error)
	case plan.row.Error != nil:
		plan.row.Error = nil
		b.update(plan, "error", nil)
	}
}

// settle ends what was open about a message once its fate is known.
func (b *batch) settle(plan *messagePlan) {
	if plan.row.Rank < providers.MessageSent.Rank() || !plan.row.Unsettled {
		return
	}
	plan.row.Unsettled, plan.row.Claim = false, nil
	for _, field := range []string{"unsettled", "claim", "notBefore", "giveUpAt"} {
		b.update(plan, field, nil)
	}
}

func orNow(t, now time.Time) time.Time {
	if t.IsZero() {
		return now
	}
	return t
}
