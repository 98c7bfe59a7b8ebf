package mongodb

import (
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// EnsureCollection makes a collection, or gives an existing one this
// validator. schema is a JSON schema as MongoDB reads it ($jsonSchema); nil
// means no validator. Rows already there are not checked.
func EnsureCollection(ctx context.Context, db *mongo.Database, name string, schema bson.D) error {
	validator := bson.D{}
	if schema != nil {
		validator = bson.D{{Key: "$jsonSchema", Value: schema}}
	}
	err := db.CreateCollection(ctx, name, options.CreateCollection().SetValidator(validator))
	if hasCode(err, codeNamespaceExists) {
		err = db.RunCommand(ctx, bson.D{{Key: "collMod", Value: name}, {Key: "validator", Value: validator}}).Err()
	}
	if err != nil {
		return fmt.Errorf("ensure collection %s: %w", name, err)
	}
	return nil
}

// EnsureIndexes makes the indexes that coll lacks. An index of the same name
// or keys with other options is an error that names it: a migration drops it
// first, knowingly.
func EnsureIndexes(ctx context.Context, coll *mongo.Collection, indexes ...mongo.IndexModel) error {
	if len(indexes) == 0 {
		return nil
	}
	// The driver writes names into the options it is given, and these stand in
	// tables that every server of a process shares.
	own := slices.Clone(indexes)
	for i, index := range own {
		if index.Options != nil {
			own[i].Options = &options.IndexOptionsBuilder{Opts: slices.Clone(index.Options.Opts)}
		}
	}
	_, err := coll.Indexes().CreateMany(ctx, own)
	if hasCode(err, codeIndexOptionsConflict, codeIndexKeySpecConflict) {
		return fmt.Errorf("an index of %s exists with other options; drop it in a migration first: %w", coll.Name(), err)
	}
	if err != nil {
		return fmt.Errorf("ensure indexes of %s: %w", coll.Name(), err)
	}
	return nil
}
