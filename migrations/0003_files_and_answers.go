package migrations

import "go.mongodb.org/mongo-driver/v2/bson"

// filesAndAnswers are stored files, and answers kept for Idempotency-Keys.
var filesAndAnswers = []collection{
	{
		name:     "media",
		required: bson.D{{Key: "accountId", Value: "string"}, {Key: "createdAt", Value: "date"}},
	},
	{name: "secrets", required: bson.D{{Key: "sealed", Value: "object"}}},
	{name: "installation", required: bson.D{{Key: "at", Value: "date"}}},
	{
		name:     "idempotency",
		required: bson.D{{Key: "bodyHash", Value: "binData"}, {Key: "reserved", Value: "objectId"}, {Key: "done", Value: "bool"}, {Key: "expiresAt", Value: "date"}},
		indexes:  []mongoIndex{ttl("expiresAt"), partial(index("about"), has("about"))},
	},
}
