package main

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	mongoOptions "go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// stored is a message as the database has it.
type stored struct {
	ID         bson.ObjectID `bson:"_id"`
	Session    bson.ObjectID `bson:"sessionId"`
	Sequence   int64         `bson:"sequence"`
	Direction  string        `bson:"direction"`
	ProviderID string        `bson:"providerId"`
	Status     string        `bson:"status"`
	Content    struct {
		Text string `bson:"text"`
	} `bson:"content"`
}

// count compares what was acknowledged with the database, what the simulated
// phones show, and what platform and stream were told.
func (s *scene) count(ctx context.Context, messages counter) (v verdict, err error) {
	client, err := mongodb.Connect(ctx, s.mongod.URI(), mongodb.Options{AppName: "crash"})
	if err != nil {
		return v, err
	}
	defer client.Disconnect(ctx)
	if err := settle(ctx, client.Database("omnichannel")); err != nil {
		return v, err
	}
	if err := atOneMoment(ctx, client, func(ctx context.Context, db *mongo.Database) error { return messages(ctx, db, &v) }); err != nil {
		return v, err
	}
	err = s.countEvents(ctx, client, &v)
	return v, err
}

// atOneMoment lets everything be read as it is at one moment: statuses may
// still be arriving.
func atOneMoment(ctx context.Context, client *mongo.Client, read func(context.Context, *mongo.Database) error) error {
	moment, err := client.StartSession(mongoOptions.Session().SetSnapshot(true))
	if err != nil {
		return err
	}
	defer moment.EndSession(ctx)
	return read(mongo.NewSessionContext(ctx, moment), client.Database("omnichannel"))
}

func (s *scene) countMessages(ctx context.Context, db *mongo.Database, r *record, v *verdict) error {
	rows, err := all[stored](ctx, db.Collection("messages"), bson.D{{Key: "sessionId", Value: bson.D{{Key: "$exists", Value: true}}}})
	if err != nil {
		return err
	}
	countInbound(rows, r, v)
	s.countSends(rows, r, v)
	return countNumbers(ctx, db, rows, v)
}

// settle waits until no message is queued any more: the senders take up what
// killed servers left behind.
func settle(ctx context.Context, db *mongo.Database) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	for {
		n, err := db.Collection("messages").CountDocuments(ctx, bson.D{{Key: "unsettled", Value: true}})
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		pause(ctx, time.Second)
		if ctx.Err() != nil {
			return fmt.Errorf("%d messages are still queued: %w", n, ctx.Err())
		}
	}
}

func countInbound(rows []stored, r *record, v *verdict) {
	seen := map[string]int{}
	for _, row := range rows {
		if row.Direction == "inbound" {
			seen[row.ProviderID]++
		}
	}
	for id := range r.inbound {
		switch n := seen[id]; {
		case n == 0:
			v.miss("inbound %s was acknowledged and is not in the database", id)
		case n > 1:
			v.double("inbound %s is in the database %d times", id, n)
		}
	}
}

// countSends holds the answers against rows and phones: an answered send has
// its row, a sent one is on the phone once, nothing is on a phone twice.
func (s *scene) countSends(rows []stored, r *record, v *verdict) {
	byText := map[string][]stored{}
	for _, row := range rows {
		if row.Direction == "outbound" {
			byText[row.Content.Text] = append(byText[row.Content.Text], row)
		}
	}
	shown := map[string]int{}
	for i := range people {
		for _, text := range s.phoneShows(from(i)) {
			shown[text]++
		}
	}
	states := map[string]int{}
	for text, answer := range r.sent {
		found := byText[text]
		if len(found) == 0 {
			v.miss("send %q was answered %s and has no row", text, answer)
			continue
		}
		if len(found) > 1 {
			v.double("send %q has %d rows", text, len(found))
		}
		states[found[0].Status]++
		delivered := map[string]bool{"sent": true, "delivered": true, "read": true}[found[0].Status]
		if delivered && shown[text] == 0 {
			v.miss("send %q is %s and on no phone", text, found[0].Status)
		}
	}
	for text, n := range shown {
		if n > 1 {
			v.double("%q is on the phone %d times", text, n)
		}
	}
	fmt.Printf("  sends by status: %v; %d texts on the phones\n", states, len(shown))
}

// countNumbers sees to it that the numbers of each session have no gap and no
// double, neither of messages nor of events.
func countNumbers(ctx context.Context, db *mongo.Database, rows []stored, v *verdict) error {
	type session struct {
		ID     bson.ObjectID `bson:"_id"`
		Last   int64         `bson:"sequence"`
		Events int64         `bson:"eventSequence"`
	}
	sessions, err := all[session](ctx, db.Collection("sessions"), bson.D{})
	if err != nil {
		return err
	}
	batches, err := all[batch](ctx, db.Collection("event_batches"), bson.D{})
	if err != nil {
		return err
	}
	var events []event
	for _, b := range batches {
		for _, e := range b.Events {
			if !e.Session.IsZero() {
				events = append(events, e)
			}
		}
	}
	messages, told := map[bson.ObjectID]map[int64]int{}, map[bson.ObjectID]map[int64]int{}
	add := func(to map[bson.ObjectID]map[int64]int, id bson.ObjectID, n int64) {
		if to[id] == nil {
			to[id] = map[int64]int{}
		}
		to[id][n]++
	}
	for _, row := range rows {
		add(messages, row.Session, row.Sequence)
	}
	received := map[bson.ObjectID]int{}
	for _, e := range events {
		add(told, e.Session, e.Sequence)
		if e.Type == "message.received" {
			received[e.Message]++
		}
	}
	for _, row := range rows {
		if row.Direction == "inbound" && received[row.ID] != 1 {
			v.miss("inbound %s has %d events", row.ProviderID, received[row.ID])
		}
	}
	for _, s := range sessions {
		checkNumbers(fmt.Sprintf("messages of session %s", s.ID.Hex()), messages[s.ID], s.Last, v)
		checkNumbers(fmt.Sprintf("events of session %s", s.ID.Hex()), told[s.ID], s.Events, v)
	}
	fmt.Printf("  %d messages and %d events in %d sessions\n", len(rows), len(events), len(sessions))
	return nil
}

func checkNumbers(what string, seen map[int64]int, last int64, v *verdict) {
	for n := int64(1); n <= last; n++ {
		switch {
		case seen[n] == 0:
			v.miss("%s: number %d is missing", what, n)
		case seen[n] > 1:
			v.double("%s: number %d is there %d times", what, n, seen[n])
		}
	}
	if int64(len(seen)) > last {
		v.double("%s: %d numbers, the session counts %d", what, len(seen), last)
	}
}

func all[T any](ctx context.Context, from *mongo.Collection, filter bson.D) ([]T, error) {
	cursor, err := from.Find(ctx, filter)
	if err != nil {
		return nil, err
	}
	var rows []T
	return rows, cursor.All(ctx, &rows)
}
