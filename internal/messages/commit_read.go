package messages

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// read brings what the batch wants: from what is remembered, else from the
// store. A hit needs every identity of an item, so identities that are
// not remembered are read together with those that share their contact.
func (s *store) read(ctx context.Context, m *memory, w *wants, b *batch) error {
	if err := s.readMessages(ctx, w, b); err != nil {
		return fmt.Errorf("read messages for a batch: %w", err)
	}
	if err := s.readContacts(ctx, m, w, b); err != nil {
		return fmt.Errorf("read contacts for a batch: %w", err)
	}
	if err := s.readSessions(ctx, w, b); err != nil {
		return fmt.Errorf("read sessions for a batch: %w", err)
	}
	if err := s.readPassing(ctx, w, b); err != nil {
		return fmt.Errorf("read passing files for a batch: %w", err)
	}
	return s.readBodies(ctx, w, b)
}

// messageFields are what changes look at; contents stay where they are.
var messageFields = bson.D{
	{Key: "channelId", Value: 1}, {Key: "accountId", Value: 1}, {Key: "sessionId", Value: 1}, {Key: "contactId", Value: 1},
	{Key: "direction", Value: 1}, {Key: "origin", Value: 1}, {Key: "providerId", Value: 1}, {Key: "dedupeKey", Value: 1},
	{Key: "status", Value: 1}, {Key: "statusRank", Value: 1}, {Key: "statusHistory", Value: 1}, {Key: "error", Value: 1},
	{Key: "reactions", Value: 1}, {Key: "editedAt", Value: 1}, {Key: "revokedAt", Value: 1}, {Key: "timestamp", Value: 1},
	{Key: "claim", Value: 1}, {Key: "unsettled", Value: 1}, {Key: "perhaps", Value: 1}, {Key: "rev", Value: 1}, {Key: "media", Value: 1},
	{Key: "content.type", Value: 1}, {Key: "to", Value: 1}, {Key: "edits", Value: 1}, {Key: "receivedAt", Value: 1}, {Key: "mentions", Value: 1},
}

func (s *store) readMessages(ctx context.Context, w *wants, b *batch) error {
	var any bson.A
	if len(w.messages) > 0 {
		any = append(any, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: slices.Collect(maps.Keys(w.messages))}}}})
	}
	byChannel := map[ids.Channel]bson.A{}
	for id := range w.keys {
		byChannel[id.channel] = append(byChannel[id.channel], bson.Binary{Data: id.key[:]})
	}
	for channel, keys := range byChannel {
		any = append(any, bson.D{{Key: "channelId", Value: channel}, {Key: "dedupeKey", Value: bson.D{{Key: "$in", Value: keys}}}})
	}
	fields := messageFields
	if w.contents {
		fields = nil
	}
	return each(ctx, s.messages, any, fields, func(row Message) {
		keyed := len(row.DedupeKey.Data) == 16
		if row.Session.IsZero() { // the trace of an erased message: it only tells redeliveries
			b.traces[row.ID] = row.Channel
			if keyed {
				b.erased[dedupeID{row.Channel, [16]byte(row.DedupeKey.Data)}] = row.ID
			}
			return
		}
		if w.owned {
			w.owners = append(w.owners, row.Contact)
		}
		plan := &messagePlan{row: row}
		b.byMessage[row.ID] = plan
		if keyed {
			b.byKey[dedupeID{row.Channel, [16]byte(row.DedupeKey.Data)}] = plan
		}
	})
}

func (s *store) readContacts(ctx context.Context, m *memory, w *wants, b *batch) error {
	var any bson.A
	if len(w.owners) > 0 {
		any = append(any, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: w.owners}}}})
	}
	missing := map[ids.Channel]bson.A{}
	for id := range w.identities {
		if known, ok := m.known.Get(id); ok && !b.verify && !w.afresh {
			b.trust(id, known)
			continue
		}
		missing[id.channel] = append(missing[id.channel], id.key)
	}
	for channel, keys := range missing {
		any = append(any, bson.D{{Key: "channelId", Value: channel}, {Key: "identities", Value: bson.D{{Key: "$in", Value: keys}}}})
	}
	return each(ctx, s.contacts, any, nil, func(row contacts.Contact) {
		plan := &contactPlan{row: row, complete: true, ignored: row.IsIgnored, slug: row.Platform, fact: fact{
			contact: row.ID, kind: row.Type, keys: row.Identities, replyTo: row.ReplyTo, name: row.Name, given: row.NameGiven, handle: row.Username,
		}}
		b.byContact[row.ID] = plan
		for _, key := range row.Identities {
			b.byIdentity[identity{row.Channel, key}] = plan
		}
	})
}

// trust takes a contact and its session from what is remembered.
func (b *batch) trust(id identity, known *fact) {
	plan := b.byContact[known.contact]
	if plan == nil {
		plan = &contactPlan{fact: *known}
		b.byContact[known.contact] = plan
		session := b.session(known.session, known.contact)
		session.rev = known.rev
		b.active[known.contact] = session
	}
	for _, key := range known.keys {
		b.byIdentity[identity{id.channel, key}] = plan
	}
}

func (s *store) readSessions(ctx context.Context, w *wants, b *batch) error {
	var any bson.A
	for id := range w.given {
		if b.verify {
			w.sessions[id] = struct{}{}
		}
	}
	if len(w.sessions) > 0 {
		any = append(any, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: slices.Collect(maps.Keys(w.sessions))}}}})
	}
	byChannel := map[ids.Channel]bson.A{}
	for id, plan := range b.byContact {
		if plan.complete && plan.row.Condition == contacts.Live {
			byChannel[plan.row.Channel] = append(byChannel[plan.row.Channel], id)
		}
	}
	for channel, owners := range byChannel {
		any = append(any, bson.D{{Key: "channelId", Value: channel}, {Key: "contactId", Value: bson.D{{Key: "$in", Value: owners}}}, {Key: "state", Value: sessions.Active}})
	}
	return each(ctx, s.sessions, any, nil, func(row sessions.Session) {
		plan := b.session(row.ID, row.Contact)
		plan.row, plan.complete, plan.rev = row, true, row.IdentityRev
		if row.State == sessions.Active {
			b.active[row.Contact] = plan
		}
	})
}

func (s *store) readBodies(ctx context.Context, w *wants, b *batch) error {
	if len(w.bodies) == 0 {
		return nil
	}
	keys := bson.A{}
	byID := map[string]dedupeID{}
	for id := range w.bodies {
		key := bodyID(id.channel, id.key[:])
		keys = append(keys, key)
		byID[string(key.Data)] = id
	}
	type seen struct {
		ID bson.Binary   `bson:"_id"`
		At bson.DateTime `bson:"seenAt"`
	}
	return each(ctx, s.bodies, bson.A{bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: keys}}}}}, nil, func(row seen) {
		b.seenBodies[byID[string(row.ID.Data)]] = row.At.Time()
	})
}

// each reads the rows of any of the filters; none means no read.
func each[T any](ctx context.Context, from *mongo.Collection, filters bson.A, fields bson.D, take func(T)) error {
	if len(filters) == 0 {
		return nil
	}
	filter := filters[0]
	if len(filters) > 1 {
		filter = bson.D{{Key: "$or", Value: filters}}
	}
	find := options.Find().SetBatchSize(10_000)
	if fields != nil {
		find.SetProjection(fields)
	}
	cursor, err := from.Find(ctx, filter, find)
	if err != nil {
		return err
	}
	var rows []T
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return err
	}
	for _, row := range rows {
		take(row)
	}
	return nil
}
