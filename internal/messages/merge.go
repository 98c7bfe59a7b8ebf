package messages

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// mergeOrder says that an item's addresses belong to more than one contact, or
// that a number among them has a new owner. The item waits until that is
// settled. It is an error only so that apply can give it back.
type mergeOrder struct {
	ch        channelFacts
	plans     []*contactPlan
	addresses []providers.Address
	// move: the provider said that the person has new names; nil: it did not.
	move *providers.ContactMoved
}

// Error names the contacts.
func (m *mergeOrder) Error() string {
	return fmt.Sprintf("%d contacts share the addresses of one person", len(m.plans))
}

// recycled tells whether a contact's stable id (LID, BSUID) differs from the
// one of the same kind that comes with its number now: then somebody else has
// the number.
func recycled(keys []string, addresses []providers.Address) bool {
	for _, address := range addresses {
		if !address.Kind.Stable() || slices.Contains(keys, address.Key()) {
			continue
		}
		prefix := string(address.Kind) + ":"
		if slices.ContainsFunc(keys, func(key string) bool { return len(key) > len(prefix) && key[:len(prefix)] == prefix }) {
			return true
		}
	}
	return false
}

// stranger tells whether a contact is somebody else than the person that the
// item is about, who only has one of the person's numbers.
func (m *mergeOrder) stranger(keys []string) bool {
	if m.move == nil {
		return recycled(keys, m.addresses)
	}
	return outsider(keys, *m.move)
}

// outsider tells whether a contact is not the person who moved: a stable id of
// its own is not among the person's, old or new, and the person was not known by
// its number either. A contact with no stable id is whoever has its number.
func outsider(keys []string, move providers.ContactMoved) bool {
	named := func(addresses []providers.Address, stable bool) bool {
		return slices.ContainsFunc(addresses, func(a providers.Address) bool {
			return a.Kind.Stable() == stable && slices.Contains(keys, a.Key())
		})
	}
	switch {
	case named(move.From, true), named(move.To, true):
		return false
	case named(move.From, false):
		return recycled(keys, move.From)
	default:
		return hasStable(keys)
	}
}

// hasStable tells whether one of the keys names a person for good.
func hasStable(keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool {
		kind, _, _ := strings.Cut(key, ":")
		return providers.AddressKind(kind).Stable()
	})
}

// merge makes one contact of several that are one person, or moves a recycled
// number away from its former owner, in one transaction.
func (s *store) merge(ctx context.Context, order mergeOrder) error {
	return mongodb.Transaction(ctx, s.client, func(ctx context.Context) error {
		rows, err := s.contactsOf(ctx, order)
		if err != nil {
			return err
		}
		var same []contacts.Contact
		for _, row := range rows {
			if order.stranger(row.Identities) {
				if err := s.takeNumbers(ctx, row, order.addresses); err != nil {
					return err
				}
				continue
			}
			same = append(same, row)
		}
		if len(same) < 2 {
			return nil
		}
		return s.unite(ctx, order.ch, same)
	})
}

// contactsOf reads the contacts as they are now.
func (s *store) contactsOf(ctx context.Context, order mergeOrder) ([]contacts.Contact, error) {
	found := bson.A{}
	for _, plan := range order.plans {
		found = append(found, plan.contact)
	}
	var rows []contacts.Contact
	err := each(ctx, s.contacts, bson.A{bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: found}}}, {Key: "condition", Value: contacts.Live}}}, nil,
		func(row contacts.Contact) { rows = append(rows, row) })
	return rows, err
}

// takeNumbers removes from a contact the addresses that now come with another
// stable id.
func (s *store) takeNumbers(ctx context.Context, row contacts.Contact, addresses []providers.Address) error {
	gone := contacts.KeysOf(addresses)
	keep := slices.DeleteFunc(slices.Clone(row.Identities), func(key string) bool { return slices.Contains(gone, key) })
	left := slices.DeleteFunc(slices.Clone(row.Addresses), func(a providers.Address) bool { return slices.Contains(gone, a.Key()) })
	set := bson.D{{Key: "identities", Value: keep}, {Key: "addresses", Value: left}}
	if slices.Contains(gone, row.ReplyTo.Key()) && len(left) > 0 {
		set = append(set, bson.E{Key: "replyTo", Value: left[0]})
	}
	if _, err := s.contacts.UpdateOne(ctx, bson.D{{Key: "_id", Value: row.ID}}, bson.D{{Key: "$set", Value: set}}); err != nil {
		return err
	}
	_, err := s.sessions.UpdateMany(ctx, bson.D{{Key: "channelId", Value: row.Channel}, {Key: "contactId", Value: row.ID}, {Key: "state", Value: sessions.Active}},
		bson.D{{Key: "$inc", Value: bson.D{{Key: "identityRev", Value: 1}}}})
	return err
}

// unite merges contacts into the one with an open session, else the oldest.
func (s *store) unite(ctx context.Context, ch channelFacts, rows []contacts.Contact) error {
	now := s.now()
	open, err := s.openSessions(ctx, ch.ID, rows)
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b contacts.Contact) int {
		_, aOpen := open[a.ID]
		_, bOpen := open[b.ID]
		if aOpen != bOpen {
			if aOpen {
				return -1
			}
			return 1
		}
		return a.CreatedAt.Compare(b.CreatedAt)
	})
	survivor, losers, unread := rows[0], rows[1:], int64(0)
	for _, loser := range losers {
		_, err := s.contacts.UpdateOne(ctx, bson.D{{Key: "_id", Value: loser.ID}, {Key: "condition", Value: contacts.Live}}, bson.D{
			{Key: "$set", Value: bson.D{{Key: "condition", Value: contacts.Merged}, {Key: "mergedInto", Value: survivor.ID}, {Key: "updatedAt", Value: now}}},
			{Key: "$unset", Value: bson.D{{Key: "identities", Value: ""}, {Key: "search", Value: ""}}},
		})
		if err != nil {
			return err
		}
		if session, ok := open[loser.ID]; ok {
			if err := s.finishMerged(ctx, session, now); err != nil {
				return err
			}
			unread += session.Unread
			loser.LastInboundAt = latest(loser.LastInboundAt, session.LastInboundAt)
		}
		survivor.Absorb(loser)
		if err := s.tellMerged(ctx, ch, open[survivor.ID], loser.ID, survivor.ID, now); err != nil {
			return err
		}
	}
	if session, ok := open[survivor.ID]; ok {
		if err := s.inherit(ctx, session.ID, survivor.LastInboundAt, unread); err != nil {
			return err
		}
	}
	return s.writeSurvivor(ctx, survivor, losers, now)
}

func (s *store) openSessions(ctx context.Context, channel ids.Channel, rows []contacts.Contact) (map[ids.Contact]sessions.Session, error) {
	owners := bson.A{}
	for _, row := range rows {
		owners = append(owners, row.ID)
	}
	open := map[ids.Contact]sessions.Session{}
	err := each(ctx, s.sessions, bson.A{bson.D{{Key: "channelId", Value: channel}, {Key: "contactId", Value: bson.D{{Key: "$in", Value: owners}}}, {Key: "state", Value: sessions.Active}}}, nil,
		func(row sessions.Session) { open[row.Contact] = row })
	return open, err
}

// finishMerged closes the open session of a contact that is no more.
func (s *store) finishMerged(ctx context.Context, session sessions.Session, now time.Time) error {
	err := s.sessions.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: session.ID}, {Key: "state", Value: sessions.Active}}, bson.D{
		{Key: "$set", Value: bson.D{{Key: "state", Value: sessions.Finished}, {Key: "finishedAt", Value: now}, {Key: "finishReason", Value: "merged"}}},
		{Key: "$inc", Value: bson.D{{Key: "eventSequence", Value: 1}, {Key: sessions.VersionCount, Value: 1}}},
	}, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&session)
	if err != nil {
		return err
	}
	row := events.New(session.Account, events.SessionFinished, now)
	row.Channel, row.Session, row.Contact, row.Sequence = session.Channel, session.ID, session.Contact, session.EventSequence
	row.Facts = bson.D{{Key: "reason", Value: "merged"}}
	address(&row, session.Platform)
	return events.Append(ctx, s.events, row)
}

func (s *store) tellMerged(ctx context.Context, ch channelFacts, session sessions.Session, from, into ids.Contact, now time.Time) error {
	row := contactEvent(events.ContactMerged, ch, into, now)
	row.Facts = bson.D{{Key: "contactId", Value: from}, {Key: "into", Value: into}}
	if session.ID.IsZero() {
		address(&row, ch.Holder.Config)
	} else {
		address(&row, session.Platform)
	}
	return events.Append(ctx, s.events, row)
}

func (s *store) writeSurvivor(ctx context.Context, survivor contacts.Contact, losers []contacts.Contact, now time.Time) error {
	survivor.UpdatedAt = now
	survivor.Index()
	if _, err := s.contacts.ReplaceOne(ctx, bson.D{{Key: "_id", Value: survivor.ID}, {Key: "condition", Value: contacts.Live}}, survivor); err != nil {
		return err
	}
	if survivor.IsIgnored {
		_, err := s.sessions.UpdateMany(ctx, bson.D{{Key: "channelId", Value: survivor.Channel}, {Key: "contactId", Value: survivor.ID}, {Key: "state", Value: sessions.Active}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "ignored", Value: true}}}})
		if err != nil {
			return err
		}
	}
	// Those merged into a loser earlier answer with the survivor at once.
	former := bson.A{}
	for _, loser := range losers {
		former = append(former, loser.ID)
	}
	_, err := s.contacts.UpdateMany(ctx, bson.D{{Key: "mergedInto", Value: bson.D{{Key: "$in", Value: former}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "mergedInto", Value: survivor.ID}}}})
	return err
}

// moveChange learns that a person has a new number or a new stable id.
type moveChange struct {
	ch   channelFacts
	move providers.ContactMoved
}

func newMove(ch channelFacts, move providers.ContactMoved) change {
	if len(move.From) == 0 || len(move.To) == 0 {
		return nil
	}
	return &moveChange{ch: ch, move: move}
}

func (c *moveChange) route() string { return routeOf(c.ch.ID, c.move.From) }

func (c *moveChange) wants(w *wants) {
	for _, key := range contacts.KeysOf(append(slices.Clone(c.move.From), c.move.To...)) {
		w.identities[identity{c.ch.ID, key}] = struct{}{}
	}
}

func (c *moveChange) apply(_ context.Context, b *batch) error {
	all := append(slices.Clone(c.move.To), c.move.From...)
	found := b.contactOf(c.ch.ID, all)
	if len(found) > 1 || len(found) == 1 && outsider(found[0].keys, c.move) {
		return &mergeOrder{ch: c.ch, plans: found, addresses: all, move: &c.move}
	}
	if len(found) == 1 && !found[0].ignored {
		b.learnAddresses(c.ch.ID, found[0], all, c.replyTo(found[0].replyTo))
	}
	return nil
}

// replyTo is what to reply to after the move, which was `before` so far: the new
// name of that kind. Where there is none, the old one stands unless it was moved
// away from.
func (c *moveChange) replyTo(before providers.Address) providers.Address {
	for _, address := range c.move.To {
		if address.Kind == before.Kind {
			return address
		}
	}
	if before.IsZero() || slices.Contains(contacts.KeysOf(c.move.From), before.Key()) {
		return c.move.To[0]
	}
	return before
}
