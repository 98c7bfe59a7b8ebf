package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// chats are what a linked device's phone shows: its conversations, and the
// newest messages of each.
var chats = []collection{
	{
		name: "chats",
		required: bson.D{
			{Key: "_id", Value: "string"}, {Key: "channelId", Value: "objectId"}, {Key: "key", Value: "string"}, {Key: "last", Value: "object"},
		},
		optional: bson.D{{Key: "unread", Value: number}, {Key: "mutedUntil", Value: "date"}},
		indexes: []mongoIndex{
			index("channelId", "last.order", "_id"),
			// Whose chat it is, for one that is asked for by the hidden address.
			partial(index("channelId", "lid"), has("lid")),
		},
	},
	{
		name: "chat_messages",
		required: bson.D{
			{Key: "_id", Value: "binData"}, {Key: "channelId", Value: "objectId"}, {Key: "chat", Value: "string"}, {Key: "timestamp", Value: "date"},
			{Key: "order", Value: number}, {Key: "content", Value: "object"},
		},
		optional: bson.D{{Key: "people", Value: "array"}},
		indexes: []mongoIndex{
			index("channelId", "chat", "order"),
			// What people wrote in groups, and where they are quoted, for erasing them.
			partial(index("channelId", "people"), has("people")),
		},
	},
}

// makeChats makes room for chats, and lets whoever keeps them see at once which
// few contacts are ignored.
func makeChats(ctx context.Context, db *mongo.Database) error {
	if err := create(chats)(ctx, db); err != nil {
		return err
	}
	ignored := partial(index("isIgnored", "channelId", "identities"), bson.D{{Key: "isIgnored", Value: true}})
	return mongodb.EnsureIndexes(ctx, db.Collection("contacts"), ignored)
}
