package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/platforms"
)

// placeMost is how many events one transaction places, but for the rest of the
// last batch.
const placeMost = 1000

// errMoved says that a batch was placed or deleted while it was being placed.
var errMoved = errors.New("events changed while they were being placed")

// place numbers batches of events and makes their deliveries, those of each
// platform in order. It tells how many events it placed; fewer than placeMost
// were all that a short backlog had.
func (o *owner) place(ctx context.Context, held *jobs.Held) (made map[ids.PlatformConfig]*placed, n int, err error) {
	from := o.source()
	some, err := from.some(ctx)
	if err != nil {
		o.lost()
	}
	if !some {
		return nil, 0, err
	}
	var batches []Batch
	err = o.transaction(ctx, func(ctx context.Context) (err error) {
		made = nil
		if err := o.room.leases.Guard(ctx, held.Term()); err != nil {
			return err
		}
		if batches, err = from.next(ctx); err != nil {
			return err
		}
		if n = count(batches); n == 0 {
			return nil
		}
		if err := o.number(ctx, batches); err != nil {
			return err
		}
		made, err = o.deliver(ctx, batches)
		return err
	})
	if errors.Is(err, errMany) {
		if err = o.lineUp(ctx); err == nil {
			return o.place(ctx, held)
		}
	}
	if err != nil {
		o.lost() // what of them is placed, perhaps, nobody knows
		return nil, 0, fmt.Errorf("place %d events of account %s: %w", n, o.account, err)
	}
	from.placed(batches)
	o.erased(ctx, batches)
	return made, n, nil
}

// placePatience is how long one transaction may take: the store ends those that
// take longer than it allows.
const placePatience = 5 * time.Second

func (o *owner) transaction(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, placePatience)
	defer cancel()
	return mongodb.Transaction(ctx, o.room.db.Client(), do)
}

// placed is what a platform is to get of some events.
type placed struct {
	config  platforms.Config // as the events were placed
	pending []offered
}

// offered is a delivery that was just made, with its event.
type offered struct {
	Delivery
	event *Row
}

func count(batches []Batch) (n int) {
	for i := range batches {
		n += len(batches[i].Events)
	}
	return n
}

// inOrder puts each batch behind those that have earlier events of one of its
// sessions; else they stay as they are, by their ids, and so about as they were
// made. Commits have an order, so that there is always such a one.
func inOrder(batches []Batch) []Batch {
	type part struct {
		batch int
		from  int64
	}
	sessions := map[ids.Session][]part{}
	for i, batch := range batches {
		for _, row := range batch.Events {
			if row.Session.IsZero() || row.Sequence == 0 {
				continue
			}
			parts := sessions[row.Session]
			if len(parts) == 0 || parts[len(parts)-1].batch != i {
				sessions[row.Session] = append(parts, part{i, row.Sequence})
			}
		}
	}
	before := make([][]int, len(batches))
	for _, parts := range sessions {
		slices.SortFunc(parts, func(a, b part) int { return int(a.from - b.from) })
		for i := 1; i < len(parts); i++ {
			before[parts[i].batch] = append(before[parts[i].batch], parts[i-1].batch)
		}
	}
	order, seen := make([]Batch, 0, len(batches)), make([]bool, len(batches))
	var visit func(int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for _, earlier := range before[i] {
			visit(earlier)
		}
		order = append(order, batches[i])
	}
	for i := range batches {
		visit(i)
	}
	return order
}

// advance takes n positions and gives the first.
func (o *owner) advance(ctx context.Context, n int) (int64, error) {
	var counter counter
	err := o.room.counters.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: o.account}},
		bson.D{{Key: "$inc", Value: bson.D{{Key: "position", Value: int64(n)}}}},
		options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)).Decode(&counter)
	return counter.Position - int64(n) + 1, err
}

// number writes the positions of batches, which follow one another.
func (o *owner) number(ctx context.Context, batches []Batch) error {
	next, err := o.advance(ctx, count(batches))
	if err != nil {
		return err
	}
	list, last := make([]ids.EventBatch, 0, len(batches)), make([]int64, 0, len(batches))
	for i := range batches {
		batch := &batches[i]
		next += int64(len(batch.Events))
		batch.Last, batch.Unplaced = next-1, false
		list, last = append(list, batch.ID), append(last, batch.Last)
	}
	// One update for all: each statement costs the store about as much as two rows.
	own := bson.D{{Key: "$arrayElemAt", Value: bson.A{last, bson.D{{Key: "$indexOfArray", Value: bson.A{list, "$_id"}}}}}}
	res, err := o.room.events.UpdateMany(ctx, append(eventsOf(o.account, list), bson.E{Key: "unplaced", Value: true}),
		mongo.Pipeline{{{Key: "$set", Value: bson.D{{Key: "last", Value: own}}}}, {{Key: "$unset", Value: "unplaced"}}},
		options.UpdateMany().SetHint(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return err
	}
	if res.MatchedCount != int64(len(batches)) {
		return errMoved
	}
	return nil
}

// deliver writes a delivery for every platform that is to hear of an event, as the
// platforms are now: a URL that was just set counts.
func (o *owner) deliver(ctx context.Context, batches []Batch) (map[ids.PlatformConfig]*placed, error) {
	var rows []Row
	var list []ids.PlatformConfig
	for i := range batches {
		for _, row := range batches[i].Rows() {
			rows = append(rows, row)
			for _, id := range row.Platforms {
				if !slices.Contains(list, id) {
					list = append(list, id)
				}
			}
		}
	}
	configs, err := o.room.platforms.Fresh(ctx, o.account, list...)
	if err != nil {
		return nil, err
	}
	offers := o.deliveries(rows, configs)
	if err := o.dropUnwanted(ctx, rows, offers); err != nil || len(offers) == 0 {
		return nil, err
	}
	packs, made := o.room.packed(offers), map[ids.PlatformConfig]*placed{}
	for i := range offers {
		one := &offers[i]
		if made[one.Platform] == nil {
			made[one.Platform] = &placed{config: configs[one.Platform]}
		}
		if one.Status == Pending {
			made[one.Platform].pending = append(made[one.Platform].pending, *one)
		}
	}
	return made, mongodb.Insert(ctx, o.room.rows, packs)
}

// deliveries makes those of deliver, without their ids.
func (o *owner) deliveries(rows []Row, configs map[ids.PlatformConfig]platforms.Config) []offered {
	now := o.room.now()
	usual := now.Add(o.room.keptFor)
	var made []offered
	for _, row := range rows { // each its own: what waits long keeps no others in memory
		for _, id := range row.Platforms {
			config := configs[id]
			if !wants(config, row.Type) {
				continue
			}
			d := Delivery{
				Account: o.account, Platform: id, Slug: config.Slug, Event: row.ID, Batch: row.Batch, Type: row.Type, Position: row.Position,
				Key: row.key(), Channel: row.Channel, Session: row.Session, Sequence: row.Sequence, Contact: row.Contact,
				Status: Pending, PendingSince: now, PassesOn: row.fleeting(), CreatedAt: now, ExpiresAt: usual,
			}
			if row.fleeting() {
				d.ExpiresAt = row.ExpiresAt
			}
			if config.State.Status == platforms.Disabled {
				d.Status, d.Error = Failed, disabledReason
			}
			known := &row
			if len(row.Names) > 0 {
				known = nil // it is read when its turn comes: who is named may be erased by then
			}
			made = append(made, offered{d, known})
		}
	}
	return made
}

// wants tells whether a platform is to hear of events of a type.
func wants(config platforms.Config, t Type) bool {
	return config.URL != "" && t != PlatformStatus && (len(config.Events) == 0 || t == PlatformTest || slices.Contains(config.Events, string(t)))
}
