package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// deliveries are what the platforms are to hear, and who sees to it. A field
// that a partial index is limited by also stands first in it, so that asking
// for the accounts in it reads no row.
var deliveries = []collection{
	{
		name: "deliveries",
		required: bson.D{
			{Key: "accountId", Value: "string"}, {Key: "platformConfigId", Value: "objectId"}, {Key: "platformSlug", Value: "string"},
			{Key: "eventId", Value: "objectId"}, {Key: "type", Value: "string"}, {Key: "position", Value: number}, {Key: "key", Value: "objectId"},
			{Key: "status", Value: "string"}, {Key: "tries", Value: number}, {Key: "pendingSince", Value: "date"},
			{Key: "createdAt", Value: "date"}, {Key: "expiresAt", Value: "date"},
		},
		optional: bson.D{{Key: "attempts", Value: "array"}, {Key: "nextAt", Value: "date"}, {Key: "answersOf", Value: "objectId"}},
		indexes: []mongoIndex{
			// A list of all states merges the three.
			index("accountId", "status", "_id"),
			partial(index("status", "accountId", "platformConfigId", "position"), bson.D{{Key: "status", Value: "pending"}}),
			// What receivers answered may name persons of the channel, for erasing one.
			partial(index("answersOf"), has("answersOf")),
			ttl("expiresAt"),
		},
	},
	{name: "event_counters", required: bson.D{{Key: "_id", Value: "string"}}},
	{name: "event_owners", required: bson.D{{Key: "owner", Value: "string"}, {Key: "fence", Value: number}, {Key: "expiresAt", Value: "date"}}},
}

// deliveriesAndPositions makes room for deliveries and lets events get their
// positions.
func deliveriesAndPositions(ctx context.Context, db *mongo.Database) error {
	if err := create(deliveries)(ctx, db); err != nil {
		return err
	}
	return mongodb.EnsureIndexes(ctx, db.Collection("events"),
		partial(index("unplaced", "accountId", "sessionId", "sequence"), bson.D{{Key: "unplaced", Value: true}}),
		partial(index("accountId", "position"), has("position")),
	)
}
