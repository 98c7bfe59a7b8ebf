package messages

import (
	"cmp"
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

const (
	// queuedMost is how long a queued message is tried.
	queuedMost = 10 * time.Minute
	// unknownMost is how long an unknown message waits for its proof.
	unknownMost = 24 * time.Hour
)

// sendChange accepts a message to send: its row is queued, in the given
// session or in the one that a contact has or now opens.
type sendChange struct {
	ch  channelFacts
	row *Message

	session ids.Session // given; else the recipient's
	contact ids.Contact

	to      []providers.Address // the recipient, where no session is given
	name    string              // of a contact that is new
	company string              // of one that has none
	lacking bool                // the contact is there, without a company

	// repeated: an earlier run of the same request may have stored the row.
	repeated bool

	stored Message
	found  bool // it had
}

func (c *sendChange) route() string { return routeOf(c.ch.ID, c.to) }

func (c *sendChange) wants(w *wants) {
	if c.repeated || w.verify {
		w.messages[c.row.ID] = struct{}{}
	}
	if !c.session.IsZero() {
		w.given[c.session] = struct{}{}
		return
	}
	for _, key := range contacts.KeysOf(c.to) {
		w.identities[identity{c.ch.ID, key}] = struct{}{}
	}
}

func (c *sendChange) apply(ctx context.Context, b *batch) error {
	if plan := b.byMessage[c.row.ID]; plan != nil {
		c.stored, c.found = plan.row, true
		return nil
	}
	plan, err := c.plan(ctx, b)
	if err != nil {
		return err
	}
	if plan.complete && plan.row.State == sessions.Finished {
		return fault.New(fault.SessionFinished, "Session %s is finished. The contact's next message opens a new one.", plan.id)
	}
	plan.mustBeActive = true
	row := *c.row // a fresh copy: the plan may be made again
	row.Status, row.Rank = providers.MessageQueued, providers.MessageQueued.Rank()
	row.History = []StatusEntry{{Status: providers.MessageQueued, Timestamp: b.now}}
	row.Timestamp, row.ReceivedAt = b.now, b.now
	row.Unsettled, row.GiveUpAt = true, b.now.Add(queuedMost)
	c.stored, c.found = Message{}, false
	b.insert(plan, &row)
	b.byMessage[row.ID] = &messagePlan{row: row}
	b.done = append(b.done, func() { c.stored = row })
	return nil
}

// plan finds the session, or opens it.
func (c *sendChange) plan(ctx context.Context, b *batch) (*sessionPlan, error) {
	if !c.session.IsZero() {
		return b.session(c.session, c.contact), nil
	}
	found := b.contactOf(c.ch.ID, c.to)
	if len(found) > 1 {
		return nil, &mergeOrder{ch: c.ch, plans: found, addresses: c.to}
	}
	var contact *contactPlan
	if len(found) == 1 {
		contact = found[0]
		c.learn(b, contact)
	} else {
		contact = b.newContact(c.ch.Account, c.ch.ID, typeOf(c.to[0]), c.to, c.name)
		contact.row.Company, contact.row.PhotoDue = c.company, c.ch.shows()
		contact.given, contact.row.NameGiven = c.name != "", c.name != ""
	}
	c.row.To = contact.replyTo
	session := b.active[contact.contact]
	if session == nil {
		holder, err := b.holderFor(ctx, c.ch, contact)
		if err != nil {
			return nil, err
		}
		session = b.open(c.ch, contact, holder, true)
	}
	return session, nil
}

// learn writes where the contact works, if the caller knows and nobody did.
func (c *sendChange) learn(b *batch, contact *contactPlan) {
	if !c.lacking || c.company == "" || contact.isNew {
		return
	}
	contact.put("companyName", c.company)
	b.changeContact(contact)
	b.tellUpdated(c.ch, contact)
}

// outcomeChange records what came of an attempt to send.
type outcomeChange struct {
	ch      channelFacts
	message ids.Message
	to      providers.Address

	// token is of the claim that the attempt was made under; zero: none was. But
	// for a receipt, which is a proof, the word of who holds the claim no more
	// does not count.
	token bson.ObjectID
	// seen is what the message must still be, where there was no attempt: queued,
	// unless it says otherwise.
	seen providers.MessageStatus

	receipt *providers.Receipt      // taken by the provider
	unknown bool                    // perhaps taken
	failure *providers.MessageError // refused for good; with unknown: why nobody knows
	retryAt time.Time               // neither: queued again
	perhaps bool                    // with retryAt: the attempt perhaps succeeded

	content providers.Content // of the message: a reaction's target must be read

	// told is what the number's own webhook hears of the receipt; nil: nothing.
	told *notice

	stored Message
}

func (c *outcomeChange) route() string {
	return routeOf(c.ch.ID, []providers.Address{c.to})
}

func (c *outcomeChange) wants(w *wants) {
	w.messages[c.message] = struct{}{}
	w.owned = w.owned || c.told != nil
	if c.receipt != nil && c.content.Type == providers.TypeReaction {
		wantReacted(w, c.ch.ID, c.content.Target)
	}
}

func (c *outcomeChange) apply(_ context.Context, b *batch) error {
	plan := b.byMessage[c.message]
	if plan == nil { // erased in the meantime
		c.stored = Message{ID: c.message}
		return nil
	}
	switch {
	case c.receipt != nil:
		if b.sent(plan, *c.receipt) && c.told != nil {
			told := *c.told
			told.contact, told.id = plan.row.Contact, plan.row.ProviderID
			b.pass(c.ch, told)
		}
		c.mirror(b)
	case c.late(plan):
	case c.unknown, c.failure != nil && plan.row.Perhaps && plan.row.Status == providers.MessageQueued:
		b.climb(plan, StatusEntry{Status: providers.MessageUnknown, Timestamp: b.now, Error: c.failure})
		b.awaitProof(plan)
	case c.failure != nil:
		b.climb(plan, StatusEntry{Status: providers.MessageFailed, Timestamp: b.now, Error: c.failure})
	case plan.row.Status == providers.MessageQueued:
		plan.row.Claim, plan.row.NotBefore = nil, c.retryAt
		b.update(plan, "claim", nil)
		b.update(plan, "notBefore", c.retryAt)
		if c.perhaps {
			plan.row.Perhaps = true
			b.update(plan, "perhaps", true)
		}
	}
	row := plan.row
	b.done = append(b.done, func() { c.stored = row })
	return nil
}

// late tells that another holds the claim by now, or that the message was settled:
// what it is has come from elsewhere.
func (c *outcomeChange) late(plan *messagePlan) bool {
	claim := plan.row.Claim
	if c.token.IsZero() {
		return claim != nil || plan.row.Status != cmp.Or(c.seen, providers.MessageQueued)
	}
	return claim == nil || claim.Token != c.token
}

// mirror shows a reaction that was sent on its target.
func (c *outcomeChange) mirror(b *batch) {
	if c.content.Type != providers.TypeReaction {
		return
	}
	if target := b.reacted(c.ch.ID, c.content.Target); target != nil {
		b.react(target, Reaction{Emoji: c.content.Emoji, Author: Author{ID: fromSelf}, At: orNow(c.receipt.Timestamp, b.now)})
	}
}

// awaitProof ends the queueing of a message whose fate nobody knows.
func (b *batch) awaitProof(plan *messagePlan) {
	if plan.row.Status != providers.MessageUnknown {
		return
	}
	plan.row.Unsettled, plan.row.Claim = false, nil
	b.update(plan, "unsettled", nil)
	b.update(plan, "claim", nil)
	b.update(plan, "notBefore", nil)
	b.update(plan, "giveUpAt", b.now.Add(unknownMost))
}

// sent records the provider's receipt. The status may already be further: its
// webhook can be faster than its answer. It tells whether that was news.
func (b *batch) sent(plan *messagePlan, receipt providers.Receipt) bool {
	b.identify(plan, receipt.ID)
	news := b.climb(plan, StatusEntry{Status: providers.MessageSent, Timestamp: orNow(receipt.Timestamp, b.now), Note: receipt.Held})
	if !news && receipt.Held != "" {
		b.annotate(plan, providers.MessageSent, receipt.Held)
	}
	b.settle(plan)
	return news
}

// annotate notes on a step that was taken before what is only heard now.
func (b *batch) annotate(plan *messagePlan, step providers.MessageStatus, note string) {
	i := slices.IndexFunc(plan.row.History, func(e StatusEntry) bool { return e.Status == step })
	if i < 0 || plan.row.History[i].Note != "" {
		return
	}
	plan.row.History = slices.Clone(plan.row.History)
	plan.row.History[i].Note = note
	b.update(plan, "statusHistory", plan.row.History)
}
