package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// contactNames sorts contacts of one type, and what a search finds, by name without
// sorting in memory, lets an account's uploads be found for deleting them, and
// cuts the keys of names that came without measure. The index by name gets the
// type before the name, as the one by time has it: a list of both types merges
// the two. Nothing was released between, so that the one without is dropped. What
// a search finds by is made anew where it has changed.
func contactNames(ctx context.Context, db *mongo.Database) error {
	people := db.Collection(contacts.Collection)
	err := mongodb.EnsureIndexes(ctx, people,
		index("accountId", "condition", "type", "nameKey", "_id"),
		partial(index("accountId", "condition", "search", "nameKey", "_id"), has("search")))
	if err != nil {
		return err
	}
	uploads := partial(index("accountId"), bson.D{{Key: "uploaded", Value: true}})
	if err := mongodb.EnsureIndexes(ctx, db.Collection("media"), uploads); err != nil {
		return err
	}
	if err := people.Indexes().DropOne(ctx, "accountId_1_condition_1_nameKey_1__id_1"); err != nil && !missing(err) {
		return err
	}
	// 50 characters have 200 bytes at most.
	_, err = people.UpdateMany(ctx,
		bson.D{{Key: "$expr", Value: bson.D{{Key: "$gt", Value: bson.A{bson.D{{Key: "$strLenBytes", Value: "$nameKey"}}, 200}}}}},
		mongo.Pipeline{{{Key: "$set", Value: bson.D{{Key: "nameKey", Value: bson.D{{Key: "$substrCP", Value: bson.A{"$nameKey", 0, 50}}}}}}}})
	if err != nil {
		return err
	}
	return searchAnew(ctx, people)
}

// searchAnew makes what a search by name finds contacts by as the program at hand
// makes it, where that may differ: words behind what is neither space nor letter,
// and names beside a custom one. A contact that is renamed meanwhile is left
// alone.
func searchAnew(ctx context.Context, rows *mongo.Collection) error {
	cursor, err := rows.Find(ctx, bson.D{{Key: "condition", Value: contacts.Live}, {Key: "$or", Value: bson.A{
		has("customName"), bson.D{{Key: "names", Value: bson.Regex{Pattern: `[^ \n\p{L}\p{Nd}\p{M}][\p{L}\p{Nd}]`}}},
	}}}, options.Find().SetProjection(bson.D{{Key: "name", Value: 1}, {Key: "customName", Value: 1}}))
	if err != nil {
		return err
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	var changes []mongo.WriteModel
	for cursor.Next(ctx) {
		var row struct {
			ID         bson.ObjectID `bson:"_id"`
			Name       string        `bson:"name"`
			CustomName string        `bson:"customName,omitempty"`
		}
		if err := cursor.Decode(&row); err != nil {
			return err
		}
		custom := any(row.CustomName)
		if row.CustomName == "" {
			custom = nil // absent
		}
		changes = append(changes, mongo.NewUpdateOneModel().
			SetFilter(bson.D{{Key: "_id", Value: row.ID}, {Key: "name", Value: row.Name}, {Key: "customName", Value: custom}}).
			SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "search", Value: contacts.SearchKeys(row.CustomName, row.Name)}}}}))
		if len(changes) == 500 {
			if _, err := rows.BulkWrite(ctx, changes); err != nil {
				return err
			}
			changes = nil
		}
	}
	if err := cursor.Err(); err != nil || len(changes) == 0 {
		return err
	}
	_, err = rows.BulkWrite(ctx, changes)
	return err
}
