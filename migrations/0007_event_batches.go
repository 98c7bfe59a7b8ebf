package migrations

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// batches hold the events of one commit in one row.
var batches = collection{
	name: "event_batches",
	required: bson.D{
		{Key: "accountId", Value: "string"}, {Key: "events", Value: "array"}, {Key: "createdAt", Value: "date"},
	},
	optional: bson.D{{Key: "expiresAt", Value: "date"}, {Key: "unplaced", Value: "bool"}, {Key: "last", Value: number}},
	indexes: []mongoIndex{
		partial(index("unplaced", "accountId", "_id"), bson.D{{Key: "unplaced", Value: true}}),
		partial(index("accountId", "last"), has("last")),
		// How long events are kept is a setting, which the server puts into the
		// index; some go earlier.
		kept("createdAt", 7*24*time.Hour),
		partial(ttl("expiresAt"), has("expiresAt")),
	},
}

// kept lets rows go some time after that of their field.
func kept(field string, long time.Duration) mongoIndex {
	m := index(field)
	m.Options.SetExpireAfterSeconds(int32(long.Seconds()))
	return m
}

// eventBatches puts events into batches: an event in a row of its own cost the
// commit four index entries, and its position an update, which took half of
// what the store can do. Nothing was released between; later steps leave old
// rows to the next release. Each old event becomes a batch of its own.
func eventBatches(ctx context.Context, db *mongo.Database) error {
	if err := create([]collection{batches})(ctx, db); err != nil {
		return err
	}
	old := db.Collection("events")
	kept := bson.D{{Key: "$or", Value: bson.A{bson.D{{Key: "unplaced", Value: true}}, has("position")}}}
	move, err := old.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: kept}},
		{{Key: "$project", Value: bson.D{
			{Key: "accountId", Value: 1}, {Key: "unplaced", Value: 1}, {Key: "last", Value: "$position"}, {Key: "createdAt", Value: 1},
			{Key: "expiresAt", Value: bson.D{{Key: "$cond", Value: bson.A{bson.D{{Key: "$gt", Value: bson.A{"$facts.kind", nil}}}, "$expiresAt", "$$REMOVE"}}}},
			{Key: "events", Value: bson.A{"$$ROOT"}},
		}}},
		{{Key: "$unset", Value: bson.A{"events.accountId", "events.unplaced", "events.position", "events.expiresAt"}}},
		{{Key: "$merge", Value: bson.D{{Key: "into", Value: "event_batches"}, {Key: "whenMatched", Value: "keepExisting"}}}},
	})
	if err != nil {
		return err
	}
	if err := move.Close(ctx); err != nil {
		return err
	}
	_, err = db.Collection("deliveries").UpdateMany(ctx, bson.D{{Key: "batchId", Value: bson.D{{Key: "$exists", Value: false}}}},
		mongo.Pipeline{{{Key: "$set", Value: bson.D{{Key: "batchId", Value: "$eventId"}}}}})
	if err != nil {
		return err
	}
	return old.Drop(ctx)
}
