// Package eventstest shows tests what is in the store of events.
package eventstest

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
)

// Rows gives the events of an account, by position; those without one last, by
// session and sequence. It ends the test when the store cannot be read.
func Rows(t testing.TB, db *mongo.Database, account ids.Account) []events.Row {
	t.Helper()
	cursor, err := db.Collection(events.Collection).Find(context.Background(), bson.D{{Key: "accountId", Value: account}})
	var batches []events.Batch
	if err == nil {
		err = cursor.All(context.Background(), &batches)
	}
	if err != nil {
		t.Fatalf("read the events of account %s: %v", account, err)
	}
	var placed, rest []events.Row
	for _, batch := range batches {
		for _, row := range batch.Rows() {
			if row.Position > 0 {
				placed = append(placed, row)
			} else {
				rest = append(rest, row)
			}
		}
	}
	slices.SortFunc(placed, func(a, b events.Row) int { return int(a.Position - b.Position) })
	slices.SortStableFunc(rest, func(a, b events.Row) int {
		if by := bytes.Compare(a.Session[:], b.Session[:]); by != 0 {
			return by
		}
		return int(a.Sequence - b.Sequence)
	})
	return append(placed, rest...)
}
