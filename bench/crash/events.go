package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// toldWithin is how long after its making, or after the platform's rise, an
// event may take to be there.
const toldWithin = 2 * time.Minute

// event is an event as the database has it.
type event struct {
	ID        bson.ObjectID   `bson:"_id"`
	Type      string          `bson:"type"`
	Session   bson.ObjectID   `bson:"sessionId"`
	Contact   bson.ObjectID   `bson:"contactId"`
	Message   bson.ObjectID   `bson:"messageId"`
	Sequence  int64           `bson:"sequence"`
	Platforms []bson.ObjectID `bson:"platformConfigIds"`
	CreatedAt time.Time       `bson:"createdAt"`
	Position  int64           `bson:"-"` // 0: it has none
}

// mustArrive tells whether the platform is to hear of the event: of all that
// has a session, and of contacts. What there was before the platform had its
// URL is of the channel only.
func (e *event) mustArrive() bool {
	return !e.Session.IsZero() || !e.Contact.IsZero() && len(e.Platforms) > 0
}

// batch is a row of events, which follow one another.
type batch struct {
	Account  string  `bson:"accountId"`
	Events   []event `bson:"events"`
	Last     int64   `bson:"last"` // position of its last event
	Unplaced bool    `bson:"unplaced"`
}

// delivery is an event's way to the platform.
type delivery struct {
	Event  bson.ObjectID `bson:"eventId"`
	Status string        `bson:"status"`
	Error  string        `bson:"error"`
}

// deliveryRow is a row of them.
type deliveryRow struct {
	Deliveries []delivery `bson:"deliveries"`
}

// picture is what the database has at one moment, and what had been told
// before it (the first so many) and after it.
type picture struct {
	batches    []batch
	deliveries []delivery
	last       int64 // position that the account counts
	owners     int64 // terms of the events' lease

	rose        time.Time // the platform
	arrivals    []arrival
	arrived     int
	heard       []frame
	listened    int
	connections int // of the stream
}

// countEvents waits until platform and stream have been told everything, at
// most as long as they may take, and judges what they were told.
func (s *scene) countEvents(ctx context.Context, client *mongo.Client, v *verdict) error {
	for limit := time.Now().Add(toldWithin); ; pause(ctx, time.Second) {
		p, err := s.look(ctx, client)
		if err != nil {
			return err
		}
		found := p.judge()
		if found.lost > 0 && time.Now().Before(limit) && ctx.Err() == nil {
			continue
		}
		v.add(found)
		for _, text := range append(s.platform.protests(), s.stream.protests()...) {
			v.miss("%s", text)
		}
		p.say()
		return ctx.Err()
	}
}

// look takes a picture.
func (s *scene) look(ctx context.Context, client *mongo.Client) (*picture, error) {
	p := &picture{}
	p.arrivals, _ = s.platform.arrivals()
	p.arrived, p.listened = len(p.arrivals), s.stream.told()
	err := atOneMoment(ctx, client, func(ctx context.Context, db *mongo.Database) error {
		var err error
		own := bson.D{{Key: "accountId", Value: s.world.Account}}
		if p.batches, err = all[batch](ctx, db.Collection("event_batches"), own); err != nil {
			return err
		}
		rows, err := all[deliveryRow](ctx, db.Collection("delivery_batches"), own)
		if err != nil {
			return err
		}
		for _, row := range rows {
			p.deliveries = append(p.deliveries, row.Deliveries...)
		}
		return p.readCounts(ctx, db, s.world.Account)
	})
	p.arrivals, p.rose = s.platform.arrivals()
	p.heard, p.connections = s.stream.heard()
	return p, err
}

func (p *picture) readCounts(ctx context.Context, db *mongo.Database, account string) error {
	var counter struct {
		Position int64 `bson:"position"`
	}
	var lease struct {
		Fence int64 `bson:"fence"`
	}
	for id, from := range map[string]struct {
		collection string
		into       any
	}{account: {"event_counters", &counter}, "events/" + account: {"event_owners", &lease}} {
		err := db.Collection(from.collection).FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(from.into)
		if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
			return err
		}
	}
	p.last, p.owners = counter.Position, lease.Fence
	return nil
}

// say prints the figures.
func (p *picture) say() {
	made := map[string]time.Time{}
	for i := range p.batches {
		for _, e := range p.batches[i].Events {
			made[e.ID.Hex()] = e.CreatedAt
		}
	}
	came, taken, caughtUp := map[string]bool{}, 0, time.Duration(0)
	for _, a := range p.arrivals {
		if !a.Taken {
			continue
		}
		taken++
		if at, there := made[a.ID]; there && !came[a.ID] && at.Before(p.rose) {
			caughtUp = a.At.Sub(p.rose)
		}
		came[a.ID] = true
	}
	fmt.Printf("  %d events, placed by %d owners; the platform answered 503 to %d calls, then took %d events in %d arrivals (%d repeats); it had all from before %.1f s after it rose\n",
		len(made), p.owners, len(p.arrivals)-taken, len(came), taken, taken-len(came), caughtUp.Seconds())
	fmt.Printf("  the stream told %d events up to position %d over %d connections\n", len(p.heard), p.last, p.connections)
}
