package events

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/platforms"
)

const (
	// placeMost is how many events one transaction places.
	placeMost = 500
	// placeChunk is how many one update numbers: the server looks each one's
	// place up in the list.
	placeChunk = 100
)

// errMoved says that a row was placed or deleted while it was being placed.
var errMoved = errors.New("events changed while they were being placed")

// place numbers a batch of events and makes their deliveries, those of each
// platform in order.
func (o *owner) place(ctx context.Context, held *jobs.Held) (made map[ids.PlatformConfig][]Delivery, placed int, err error) {
	rows, err := o.unplaced(ctx)
	if err != nil || len(rows) == 0 {
		return nil, 0, err
	}
	configs, err := o.configs(ctx, rows)
	if err != nil {
		return nil, 0, err
	}
	var deliveries []Delivery
	err = mongodb.Transaction(ctx, o.room.db.Client(), func(ctx context.Context) error {
		if err := o.room.leases.Guard(ctx, held.Term()); err != nil {
			return err
		}
		first, err := o.advance(ctx, len(rows))
		if err != nil {
			return err
		}
		for i := range rows {
			rows[i].Position = first + int64(i)
		}
		if err := o.number(ctx, rows); err != nil {
			return err
		}
		if deliveries = o.deliveries(rows, configs); len(deliveries) == 0 {
			return nil
		}
		_, err = o.room.rows.InsertMany(ctx, deliveries)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("place %d events of account %s: %w", len(rows), o.account, err)
	}
	o.behind = rows[len(rows)-1].Session
	made = map[ids.PlatformConfig][]Delivery{}
	for _, d := range deliveries {
		if d.Status == Pending {
			made[d.Platform] = append(made[d.Platform], d)
		}
	}
	return made, len(rows), nil
}

// unplaced reads a batch: sessions behind the last batch's first, then from
// the beginning, so that a busy session keeps none waiting. A session's events
// come in their order, from the earliest.
func (o *owner) unplaced(ctx context.Context) ([]Row, error) {
	own := bson.D{{Key: "unplaced", Value: true}, {Key: "accountId", Value: o.account}}
	var rows []Row
	if !o.behind.IsZero() {
		var err error
		rows, err = o.readUnplaced(ctx, append(slices.Clone(own), bson.E{Key: "sessionId", Value: bson.D{{Key: "$gt", Value: o.behind}}}))
		if err != nil || len(rows) == placeMost {
			return rows, err
		}
	}
	seen := make(map[ids.Event]bool, len(rows))
	for _, row := range rows {
		seen[row.ID] = true
	}
	more, err := o.readUnplaced(ctx, own)
	for _, row := range more {
		// A session's tail that the first read had must not be split by what
		// came since: whatever of it is new waits for the next batch.
		if len(rows) < placeMost && !seen[row.ID] && (o.behind.IsZero() || row.Session.IsZero() || compare(row.Session, o.behind) <= 0) {
			rows = append(rows, row)
		}
	}
	return rows, err
}

func compare(a, b ids.Session) int { return slices.Compare(a[:], b[:]) }

func (o *owner) readUnplaced(ctx context.Context, filter bson.D) ([]Row, error) {
	cursor, err := o.room.events.Find(ctx, filter, options.Find().SetLimit(placeMost).
		SetSort(bson.D{{Key: "sessionId", Value: 1}, {Key: "sequence", Value: 1}}).
		SetProjection(bson.D{
			{Key: "accountId", Value: 1}, {Key: "type", Value: 1}, {Key: "channelId", Value: 1}, {Key: "sessionId", Value: 1}, {Key: "contactId", Value: 1},
			{Key: "sequence", Value: 1}, {Key: "platformConfigIds", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "expiresAt", Value: 1}, {Key: "facts.kind", Value: 1},
		}))
	if err != nil {
		return nil, fmt.Errorf("read new events of account %s: %w", o.account, err)
	}
	var rows []Row
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read new events of account %s: %w", o.account, err)
	}
	return rows, nil
}

// configs gives the platforms that the events are for and that are still
// there, as they are now: a URL that was just set counts.
func (o *owner) configs(ctx context.Context, rows []Row) (map[ids.PlatformConfig]platforms.Config, error) {
	var list []ids.PlatformConfig
	for _, row := range rows {
		for _, id := range row.Platforms {
			if !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
	}
	return o.room.platforms.Fresh(ctx, o.account, list...)
}

// advance takes n positions and gives the first.
func (o *owner) advance(ctx context.Context, n int) (int64, error) {
	var counter struct {
		Position int64 `bson:"position"`
	}
	err := o.room.counters.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: o.account}},
		bson.D{{Key: "$inc", Value: bson.D{{Key: "position", Value: int64(n)}}}},
		options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)).Decode(&counter)
	return counter.Position - int64(n) + 1, err
}

// number writes the positions of rows, which follow one another.
func (o *owner) number(ctx context.Context, rows []Row) error {
	for chunk := range slices.Chunk(rows, placeChunk) {
		list := make([]ids.Event, 0, len(chunk))
		for _, row := range chunk {
			list = append(list, row.ID)
		}
		place := bson.D{{Key: "$add", Value: bson.A{chunk[0].Position, bson.D{{Key: "$indexOfArray", Value: bson.A{list, "$_id"}}}}}}
		res, err := o.room.events.UpdateMany(ctx,
			bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: list}}}, {Key: "accountId", Value: o.account}, {Key: "unplaced", Value: true}},
			mongo.Pipeline{{{Key: "$set", Value: bson.D{{Key: "position", Value: place}}}}, {{Key: "$unset", Value: "unplaced"}}},
			options.UpdateMany().SetHint(bson.D{{Key: "_id", Value: 1}}))
		if err != nil {
			return err
		}
		if res.MatchedCount != int64(len(chunk)) {
			return errMoved
		}
	}
	return nil
}

// deliveries makes a row for every platform that is to hear of an event.
func (o *owner) deliveries(rows []Row, configs map[ids.PlatformConfig]platforms.Config) []Delivery {
	now := o.room.now()
	var made []Delivery
	for i := range rows {
		row := &rows[i]
		for _, id := range row.Platforms {
			config := configs[id]
			if !wants(config, row.Type) {
				continue
			}
			d := Delivery{
				ID: ids.Delivery(bson.NewObjectIDFromTimestamp(now)), Account: o.account, Platform: id, Slug: config.Slug, Event: row.ID, Type: row.Type, Position: row.Position,
				Key: row.key(), Channel: row.Channel, Session: row.Session, Sequence: row.Sequence, Contact: row.Contact,
				Status: Pending, PendingSince: now, PassesOn: row.passesOn(), CreatedAt: now, ExpiresAt: row.ExpiresAt,
			}
			if config.State.Status == platforms.Disabled {
				d.Status, d.Error = Failed, disabledReason
			}
			made = append(made, d)
		}
	}
	return made
}

// wants tells whether a platform is to hear of events of a type.
func wants(config platforms.Config, t Type) bool {
	return config.URL != "" && (len(config.Events) == 0 || t == PlatformTest || slices.Contains(config.Events, string(t)))
}
