package events

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// Collection is where the batches are.
const Collection = "event_batches"

// batchMost is how many events one row of the store holds.
const batchMost = 200

// Batch is what the store keeps: the events of an account that one commit made,
// or some of them. One row for many events, because each row costs the commit
// its index entries, and each position an update.
type Batch struct {
	ID      ids.EventBatch `bson:"_id"` // its first event's
	Account ids.Account    `bson:"accountId"`
	Events  []Row          `bson:"events"` // those of a session in their order
	// Unplaced batches wait for Last, the position of the last event; the others
	// have the positions before it. Positions count from 1 within the account.
	Unplaced  bool      `bson:"unplaced,omitempty"`
	Last      int64     `bson:"last,omitempty"`
	CreatedAt time.Time `bson:"createdAt"`
	// ExpiresAt is set where what the event says goes earlier than others: once it
	// is delivered, or at this time (KeptInGateway).
	ExpiresAt time.Time `bson:"expiresAt,omitempty"`
}

// Rows gives the events with all that they share.
func (b *Batch) Rows() []Row {
	rows := slices.Clone(b.Events)
	for i := range rows {
		rows[i].Batch, rows[i].Account, rows[i].ExpiresAt = b.ID, b.Account, b.ExpiresAt
		if b.Last > 0 {
			rows[i].Position = b.first() + int64(i)
		}
	}
	return rows
}

// first is the position of the first event.
func (b *Batch) first() int64 { return b.Last - int64(len(b.Events)) + 1 }

// Append writes events; ctx must carry the transaction of the change.
func Append(ctx context.Context, db *mongo.Database, rows ...Row) error {
	return mongodb.Insert(ctx, db.Collection(Collection), batches(rows))
}

// batches puts events of one account together. What holds all that was said stands
// alone: it is forgotten without the others.
func batches(rows []Row) []*Batch {
	sorted := make([]*Row, len(rows)) // the rows are long
	for i := range rows {
		sorted[i] = &rows[i]
	}
	slices.SortStableFunc(sorted, func(a, b *Row) int {
		return cmp.Or(bytes.Compare(a.Session[:], b.Session[:]), cmp.Compare(a.Sequence, b.Sequence))
	})
	var made []*Batch
	open := map[ids.Account]*Batch{}
	for i, row := range sorted {
		alone := row.passesOn()
		batch := open[row.Account]
		if alone || batch == nil || len(batch.Events) == batchMost {
			batch = &Batch{ID: ids.EventBatch(row.ID), Account: row.Account, Unplaced: true, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt}
			made = append(made, batch)
			if !alone {
				batch.Events = make([]Row, 0, min(batchMost, len(sorted)-i))
				open[row.Account] = batch
			}
		}
		batch.Events = append(batch.Events, *row)
	}
	return made
}

// eventsOf is the filter of batches by their ids.
func eventsOf(account ids.Account, list []ids.EventBatch) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: list}}}, {Key: "accountId", Value: account}}
}
