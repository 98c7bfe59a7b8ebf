package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// fleetingEvents leaves it to the servers to forget what fleeting events say: the
// store deleted the rows, whose positions the event stream then missed.
func fleetingEvents(ctx context.Context, db *mongo.Database) error {
	rows := db.Collection("event_batches")
	fleeting := partial(index("expiresAt"), has("expiresAt"))
	fleeting.Options.SetName("fleeting")
	// One field has one index: where this one is there, the old one is gone.
	if err := rows.Indexes().DropOne(ctx, "expiresAt_1"); err != nil && !missing(err) {
		return err
	}
	return mongodb.EnsureIndexes(ctx, rows, fleeting)
}
