package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// deliveryRows hold the deliveries of one platform that were made together.
var deliveryRows = collection{
	name: "delivery_batches",
	required: bson.D{
		{Key: "accountId", Value: "string"}, {Key: "platformConfigId", Value: "objectId"}, {Key: "platformSlug", Value: "string"},
		{Key: "deliveries", Value: "array"}, {Key: "last", Value: number}, {Key: "left", Value: number},
		{Key: "createdAt", Value: "date"}, {Key: "expiresAt", Value: "date"},
	},
	optional: bson.D{{Key: "pending", Value: "bool"}, {Key: "passesOn", Value: "bool"}},
	indexes: []mongoIndex{
		// A list of all states merges the three.
		index("accountId", "deliveries.status", "_id"),
		// How many are left is asked of the index alone.
		partial(index("pending", "accountId", "platformConfigId", "last", "left"), bson.D{{Key: "pending", Value: true}}),
		// What receivers answered may name persons of the channel, for erasing one.
		partial(index("deliveries.answersOf"), has("deliveries.answersOf")),
		ttl("expiresAt"),
	},
}

// deliveryBatches puts deliveries into batches: one in a row of its own cost the
// store four index entries when it was made and two more when it was taken, which
// was a fifth of all its work. Nothing was released between; later steps leave old
// rows to the next release. Each old delivery becomes a batch of its own.
func deliveryBatches(ctx context.Context, db *mongo.Database) error {
	if err := create([]collection{deliveryRows})(ctx, db); err != nil {
		return err
	}
	old := db.Collection("deliveries")
	waits := bson.D{{Key: "$eq", Value: bson.A{"$status", "pending"}}}
	move, err := old.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$project", Value: bson.D{
			{Key: "accountId", Value: 1}, {Key: "platformConfigId", Value: 1}, {Key: "platformSlug", Value: 1}, {Key: "passesOn", Value: 1},
			{Key: "createdAt", Value: 1}, {Key: "expiresAt", Value: 1}, {Key: "last", Value: "$position"},
			{Key: "left", Value: bson.D{{Key: "$cond", Value: bson.A{waits, 1, 0}}}},
			{Key: "pending", Value: bson.D{{Key: "$cond", Value: bson.A{waits, true, "$$REMOVE"}}}},
			{Key: "deliveries", Value: bson.A{"$$ROOT"}},
		}}},
		{{Key: "$unset", Value: bson.A{
			"deliveries.accountId", "deliveries.platformConfigId", "deliveries.platformSlug", "deliveries.passesOn", "deliveries.createdAt", "deliveries.expiresAt",
		}}},
		{{Key: "$merge", Value: bson.D{{Key: "into", Value: deliveryRows.name}, {Key: "whenMatched", Value: "keepExisting"}}}},
	})
	if err != nil {
		return err
	}
	if err := move.Close(ctx); err != nil {
		return err
	}
	return old.Drop(ctx)
}
