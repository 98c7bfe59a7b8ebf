package messages

import (
	"context"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// wants are the rows that a batch's changes must see before they are planned.
type wants struct {
	identities map[identity]struct{}
	sessions   map[ids.Session]struct{}
	given      map[ids.Session]struct{} // read only when the batch verifies
	messages   map[ids.Message]struct{}
	keys       map[dedupeID]struct{}
	bodies     map[dedupeID]struct{}
	passing    []ids.Media
	contents   bool // of the messages, too
	owned      bool // the messages' contacts, too
	owners     []ids.Contact
	// afresh: contacts are read also where they are remembered, since no row of
	// theirs is written that would show what changed.
	afresh bool
	// verify: the batch failed before. What it wrote may be there.
	verify bool
}

func newWants(verify bool) *wants {
	return &wants{
		verify:     verify,
		identities: map[identity]struct{}{}, sessions: map[ids.Session]struct{}{}, given: map[ids.Session]struct{}{},
		messages: map[ids.Message]struct{}{}, keys: map[dedupeID]struct{}{}, bodies: map[dedupeID]struct{}{},
	}
}

// batch is a plan: the rows as the changes before have left them, and what
// must be written for it.
type batch struct {
	now    time.Time
	verify bool // rows that are usually trusted are read

	byIdentity map[identity]*contactPlan
	byContact  map[ids.Contact]*contactPlan
	bySession  map[ids.Session]*sessionPlan
	active     map[ids.Contact]*sessionPlan
	byMessage  map[ids.Message]*messagePlan
	byKey      map[dedupeID]*messagePlan
	erased     map[dedupeID]ids.Message
	traces     map[ids.Message]ids.Channel // of erased messages
	seenBodies map[dedupeID]time.Time
	passStates map[ids.Media]passState

	contacts []*contactPlan
	sessions []*sessionPlan
	messages []*messagePlan
	inserted []*Message
	events   []*events.Row
	waiting  []waitingRow
	bodies   []bodyRow
	passing  []passingFile                      // to be fetched
	passed   []passedFile                       // that were
	held     map[ids.PlatformConfig]ids.Account // must not be deleted meanwhile

	// wrote is when contacts wrote last, not into an open session.
	wrote map[ids.Contact]time.Time

	numbers *numbering // nil: they are read back

	done     []func() // what may be believed once the batch is committed
	recent   *lru.Cache[dedupeID, outcome]
	platform platformFinder
}

// platformFinder finds an account's platform by its slug.
type platformFinder func(ctx context.Context, account ids.Account, slug string) (sessions.PlatformRef, bool, error)

// contactPlan is a contact in a batch.
type contactPlan struct {
	fact
	row      contacts.Contact // complete only when read or new
	complete bool
	isNew    bool
	ignored  bool
	slug     string // of its exclusive platform
	// announced: its contact.created is planned.
	announced bool

	learned []providers.Address // new names of it
	set     bson.D
	opens   bool // a session opens: the row guards it
	bySend  bool // … by a send, which an ignored contact does not hinder
}

// sessionPlan is a session in a batch. Numbers are relative to what the row
// has when the transaction increments it.
type sessionPlan struct {
	id       ids.Session
	contact  ids.Contact
	row      sessions.Session // complete only when read or new
	complete bool
	isNew    bool

	messages, events, unread int64
	readFirst                bool // unread counts from 0
	mustBeActive             bool // an inbound or a send: only an active session takes it
	unignored                bool // an inbound: not one of an ignored contact, nor of one that lost the name
	rev                      int64
	touched                  bool // lastMessageAt moves
	lastInbound              time.Time
	set                      bson.D

	before sessions.Version // of the row whose numbers are remembered
	after  numbers          // of the row behind the batch

	addressee []stamp // events whose addressee is the session's holder
	stamps    []stamp
}

// put plans a field of the session's row.
func (p *sessionPlan) put(field string, value any) {
	for i := range p.set {
		if p.set[i].Key == field {
			p.set[i].Value = value
			return
		}
	}
	p.set = append(p.set, bson.E{Key: field, Value: value})
}

// stamp is a row that gets its number, or its addressee, from the session.
type stamp struct {
	message  *Message
	event    *events.Row
	relative int64
	holder   ids.PlatformConfig // whom the event is for as the session's holder only
}

// messagePlan is an existing message in a batch.
type messagePlan struct {
	row Message
	set map[string]any
}

func newBatch(now time.Time, verify bool) *batch {
	return &batch{
		now: now, verify: verify,
		byIdentity: map[identity]*contactPlan{}, byContact: map[ids.Contact]*contactPlan{},
		bySession: map[ids.Session]*sessionPlan{}, active: map[ids.Contact]*sessionPlan{},
		byMessage: map[ids.Message]*messagePlan{}, byKey: map[dedupeID]*messagePlan{}, erased: map[dedupeID]ids.Message{}, traces: map[ids.Message]ids.Channel{}, seenBodies: map[dedupeID]time.Time{},
		passStates: map[ids.Media]passState{}, wrote: map[ids.Contact]time.Time{}, held: map[ids.PlatformConfig]ids.Account{},
	}
}

// contactOf finds the contact of any of these addresses; more than one means
// that two contacts have turned out to be one person.
func (b *batch) contactOf(channel ids.Channel, addresses []providers.Address) []*contactPlan {
	var found []*contactPlan
	for _, key := range contacts.KeysOf(addresses) {
		if plan := b.byIdentity[identity{channel, key}]; plan != nil && !slices.Contains(found, plan) {
			found = append(found, plan)
		}
	}
	return found
}

// newContact plans a contact that nobody knew.
func (b *batch) newContact(account ids.Account, channel ids.Channel, kind contacts.Type, addresses []providers.Address, name string) *contactPlan {
	row := contacts.NewContact(ids.New[ids.Contact](), account, channel, kind, addresses, name, b.now)
	plan := &contactPlan{row: row, complete: true, isNew: true, fact: fact{
		contact: row.ID, kind: kind, keys: row.Identities, replyTo: row.ReplyTo, name: name,
	}}
	b.contacts = append(b.contacts, plan)
	b.byContact[row.ID] = plan
	for _, key := range row.Identities {
		b.byIdentity[identity{channel, key}] = plan
	}
	return plan
}

// changeContact notes that an existing contact's row must be written.
func (b *batch) changeContact(plan *contactPlan) {
	if !plan.isNew && !slices.Contains(b.contacts, plan) {
		b.contacts = append(b.contacts, plan)
	}
}

// open plans the next session of a contact.
func (b *batch) open(ch channelFacts, contact *contactPlan, holder sessions.PlatformRef, bySend bool) *sessionPlan {
	plan := &sessionPlan{id: ids.New[ids.Session](), contact: contact.contact, complete: true, isNew: true}
	plan.row = sessions.Session{
		ID: plan.id, Channel: ch.ID, Account: ch.Account, Contact: contact.contact, Provider: ch.Provider,
		State: sessions.Active, Ignored: contact.ignored, Platform: holder.Config, Slug: holder.Slug, CreatedAt: b.now,
		LastInboundAt: latest(contact.row.LastInboundAt, b.wrote[contact.contact]),
	}
	contact.opens, contact.bySend = true, contact.bySend || bySend
	b.changeContact(contact)
	b.sessions = append(b.sessions, plan)
	b.bySession[plan.id] = plan
	b.active[contact.contact] = plan
	b.announce(ch, contact, plan)
	b.event(plan, events.SessionCreated, func(row *events.Row) {
		row.Account, row.Channel, row.Contact = ch.Account, ch.ID, contact.contact
	})
	return plan
}

// opened are the sessions that open in the batch, for a platform.
func (b *batch) opened() (list []sessions.Session) {
	for _, plan := range b.sessions {
		if plan.isNew && !plan.row.Platform.IsZero() {
			list = append(list, plan.row)
		}
	}
	return list
}

// announce plans the event of a new contact, once, for the platform that gets
// its session.
func (b *batch) announce(ch channelFacts, contact *contactPlan, session *sessionPlan) {
	if !contact.isNew || contact.announced {
		return
	}
	contact.announced = true
	b.tell(session, contactEvent(events.ContactCreated, ch, contact.contact, b.now))
}

// session gives the plan of an existing session.
func (b *batch) session(id ids.Session, contact ids.Contact) *sessionPlan {
	plan := b.bySession[id]
	if plan == nil {
		plan = &sessionPlan{id: id, contact: contact}
		b.bySession[id] = plan
	}
	return plan
}

// hold plans that an account's platform must be there when the batch commits.
func (b *batch) hold(account ids.Account, config ids.PlatformConfig) {
	if !config.IsZero() {
		b.held[config] = account
	}
}

// touch notes that an existing session's row must be written.
func (b *batch) touch(plan *sessionPlan) {
	if !plan.isNew && !slices.Contains(b.sessions, plan) {
		b.sessions = append(b.sessions, plan)
	}
}

// insert plans a new message of a session; it gets the session's next number.
func (b *batch) insert(plan *sessionPlan, row *Message) {
	b.touch(plan)
	plan.messages++
	plan.touched = true
	row.Session, row.Contact, row.Mentions = plan.id, plan.contact, row.named()
	plan.stamps = append(plan.stamps, stamp{message: row, relative: plan.messages})
	b.inserted = append(b.inserted, row)
}

// event plans an event of a session, for the platform that holds it.
func (b *batch) event(plan *sessionPlan, t events.Type, fill func(*events.Row)) *events.Row {
	b.touch(plan)
	plan.events++
	row := events.New("", t, b.now)
	row.Session = plan.id
	fill(&row)
	plan.stamps = append(plan.stamps, stamp{event: &row, relative: plan.events})
	b.events = append(b.events, &row)
	return &row
}

// tell plans an event that has no number of a session but goes to its holder.
func (b *batch) tell(plan *sessionPlan, row events.Row) {
	b.touch(plan)
	plan.addressee = append(plan.addressee, stamp{event: &row})
	b.events = append(b.events, &row)
}

// update plans new fields of an existing message.
func (b *batch) update(plan *messagePlan, field string, value any) {
	if plan.set == nil {
		plan.set = map[string]any{}
		b.messages = append(b.messages, plan)
	}
	plan.set[field] = value
}
