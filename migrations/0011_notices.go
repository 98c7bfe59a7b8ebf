package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// passing are the files of messages that nobody keeps.
var passing = []collection{{
	name: "passing_files",
	required: bson.D{
		{Key: "accountId", Value: "string"}, {Key: "channelId", Value: "objectId"}, {Key: "state", Value: "string"}, {Key: "nextAt", Value: "date"},
		{Key: "giveUpAt", Value: "date"},
	},
	optional: bson.D{{Key: "message", Value: "object"}, {Key: "events", Value: "array"}, {Key: "names", Value: "array"}, {Key: "tries", Value: number}},
	indexes:  []mongoIndex{index("nextAt"), partial(index("channelId", "names"), has("names"))},
}}

// notices lets what waits for the webhook of a number be found by whom it
// names, for erasing one; and the webhook of a channel by the channel. It makes
// room for the files that only pass.
func notices(ctx context.Context, db *mongo.Database) error {
	if err := create(passing)(ctx, db); err != nil {
		return err
	}
	if err := mongodb.EnsureIndexes(ctx, db.Collection("event_batches"), partial(index("events.names"), has("expiresAt"))); err != nil {
		return err
	}
	return mongodb.EnsureIndexes(ctx, db.Collection("platform_configs"), partial(unique(index("accountId", "channelId")), has("channelId")))
}
