package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// replays lets what the webhook of a number was told be found by whom it names,
// for erasing one, also where it is kept for as long as other events. Nothing was
// released between, so that the index which held only what goes earlier is dropped.
func replays(ctx context.Context, db *mongo.Database) error {
	batches := db.Collection("event_batches")
	named := partial(index("events.names"), has("events.names"))
	named.Options.SetName("of_named")
	if err := mongodb.EnsureIndexes(ctx, batches, named); err != nil {
		return err
	}
	if err := batches.Indexes().DropOne(ctx, "events.names_1"); err != nil && !missing(err) {
		return err
	}
	return nil
}
