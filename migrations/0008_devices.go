package migrations

import "go.mongodb.org/mongo-driver/v2/bson"

// devices are the linked devices of WhatsApp, and what they keep. Their rows are
// read by id, or by a range of ids: `<pairing>/<kind>/<key>`.
var devices = []collection{
	{
		name:     "devices",
		required: bson.D{{Key: "fence", Value: number}, {Key: "opening", Value: "objectId"}, {Key: "writes", Value: number}},
		optional: bson.D{{Key: "pairing", Value: "object"}, {Key: "leftovers", Value: "array"}},
		indexes:  []mongoIndex{partial(index("leftovers"), has("leftovers"))},
	},
	{
		name:     "device_rows",
		required: bson.D{{Key: "_id", Value: "string"}},
		optional: bson.D{
			{Key: "box", Value: "binData"}, {Key: "public", Value: "binData"}, {Key: "version", Value: number}, {Key: "uploaded", Value: "bool"},
			{Key: "format", Value: "string"}, {Key: "member", Value: "string"}, {Key: "at", Value: number}, {Key: "sentAt", Value: number},
			{Key: "insertedAt", Value: number}, {Key: "contact", Value: "object"}, {Key: "chat", Value: "object"}, {Key: "expiresAt", Value: "date"},
		},
		indexes: []mongoIndex{
			// The sender keys of one person, whichever the group.
			partial(index("member"), has("member")),
			partial(ttl("expiresAt"), has("expiresAt")),
		},
	},
	{
		name:     "lid_map",
		required: bson.D{{Key: "_id", Value: "string"}, {Key: "pn", Value: "string"}},
		indexes:  []mongoIndex{unique(index("pn"))},
	},
}
