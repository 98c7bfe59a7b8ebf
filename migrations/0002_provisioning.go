package migrations

import "go.mongodb.org/mongo-driver/v2/bson"

// provisioning are accounts, their keys, tags, platforms and channels.
var provisioning = []collection{
	{
		name:     "accounts",
		required: bson.D{{Key: "name", Value: "string"}, {Key: "createdAt", Value: "date"}},
	},
}
