package migrations

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// mentions puts the persons and messages that a message names into one field
// with one index, in place of five: a transaction that updates a message looks
// at every index of its collection, which cost a status a fifth of its time.
// Nothing was released between; later steps leave an index to the next release.
func mentions(ctx context.Context, db *mongo.Database) error {
	messages := db.Collection("messages")
	if _, err := messages.UpdateMany(ctx, named, mongo.Pipeline{{{Key: "$set", Value: bson.D{{Key: "mentions", Value: namedBefore}}}}}); err != nil {
		return err
	}
	if err := mongodb.EnsureIndexes(ctx, messages, partial(index("channelId", "mentions", "_id"), has("mentions"))); err != nil {
		return err
	}
	for _, name := range []string{
		"channelId_1_author.id_1_sequence_1", "channelId_1_reactions.author.id_1", "channelId_1_quotedMessage.author.value_1",
		"channelId_1_quotedMessage.id_1", "channelId_1_content.target_1",
	} {
		if err := messages.Indexes().DropOne(ctx, name); err != nil && !missing(err) {
			return err
		}
	}
	return nil
}

// missing tells an index that is not there: an earlier run dropped it.
func missing(err error) bool {
	const indexNotFound = 27
	var refused mongo.CommandError
	return errors.As(err, &refused) && refused.Code == indexNotFound
}

// named are the rows that name somebody and do not say so in one place yet.
var named = bson.D{{Key: "mentions", Value: bson.D{{Key: "$exists", Value: false}}}, {Key: "$or", Value: bson.A{
	has("author.id"), has("reactions.author.id"), has("quotedMessage.author.value"), has("quotedMessage.id"), has("content.target"),
}}}

// namedBefore gathers what a row names.
var namedBefore = bson.D{{Key: "$setUnion", Value: bson.A{
	each("by:", bson.A{"$author.id"}),
	each("by:", bson.D{{Key: "$ifNull", Value: bson.A{"$reactions.author.id", bson.A{}}}}),
	each("by:", bson.A{"$quotedMessage.author.value"}),
	each("of:", bson.A{"$quotedMessage.id"}),
	each("of:", bson.A{"$content.target"}),
}}}

// each prefixes the strings of a list; what is absent, empty, or the channel's
// own number is left out.
func each(prefix string, list any) bson.D {
	return bson.D{{Key: "$map", Value: bson.D{
		{Key: "input", Value: bson.D{{Key: "$filter", Value: bson.D{
			{Key: "input", Value: list}, {Key: "as", Value: "it"},
			{Key: "cond", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$in", Value: bson.A{bson.D{{Key: "$ifNull", Value: bson.A{"$$it", ""}}}, bson.A{"", "self"}}}}}}},
		}}}},
		{Key: "as", Value: "it"}, {Key: "in", Value: bson.D{{Key: "$concat", Value: bson.A{prefix, "$$it"}}}},
	}}}
}
