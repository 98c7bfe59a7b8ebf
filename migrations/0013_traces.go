package migrations

import "go.mongodb.org/mongo-driver/v2/bson"

// traces lets chats know what was erased: beside a chat's messages there are the
// traces of erased ones, an id until expiresAt.
var traces = []collection{{
	name:     "chat_messages",
	required: bson.D{{Key: "_id", Value: "binData"}, {Key: "channelId", Value: "objectId"}},
	optional: bson.D{
		{Key: "chat", Value: "string"}, {Key: "timestamp", Value: "date"}, {Key: "order", Value: number}, {Key: "content", Value: "object"},
		{Key: "people", Value: "array"}, {Key: "expiresAt", Value: "date"},
	},
	indexes: []mongoIndex{partial(ttl("expiresAt"), has("expiresAt"))},
}}
