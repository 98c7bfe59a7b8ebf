package migrations

import "go.mongodb.org/mongo-driver/v2/bson"

// provisioning are accounts, their keys, tags, platforms and channels.
var provisioning = []collection{
	{
		name:     "accounts",
		required: bson.D{{Key: "name", Value: "string"}, {Key: "createdAt", Value: "date"}},
		indexes:  []mongoIndex{index("createdAt", "_id")},
	},
	{
		name: "api_keys",
		required: bson.D{
			{Key: "accountId", Value: "string"}, {Key: "admin", Value: "bool"}, {Key: "name", Value: "string"},
			{Key: "hash", Value: "binData"}, {Key: "createdAt", Value: "date"},
		},
		indexes: []mongoIndex{unique(index("hash")), index("accountId", "createdAt", "_id")},
	},
	{
		name:     "tags",
		required: bson.D{{Key: "accountId", Value: "string"}, {Key: "name", Value: "string"}, {Key: "createdAt", Value: "date"}},
		indexes:  []mongoIndex{unique(index("accountId", "name")), index("accountId", "createdAt", "_id")},
	},
	{
		name: "platform_configs",
		required: bson.D{
			{Key: "accountId", Value: "string"}, {Key: "platformSlug", Value: "string"}, {Key: "name", Value: "string"},
			{Key: "url", Value: "string"}, {Key: "events", Value: "array"}, {Key: "isDefault", Value: "bool"},
			{Key: "state", Value: "object"}, {Key: "secret", Value: "object"}, {Key: "held", Value: number}, {Key: "createdAt", Value: "date"},
		},
		optional: bson.D{{Key: "previousSecret", Value: "object"}, {Key: "previousUntil", Value: "date"}},
		indexes: []mongoIndex{
			unique(index("accountId", "platformSlug")),
			partial(unique(index("accountId")), bson.D{{Key: "isDefault", Value: true}}),
			index("accountId", "createdAt", "_id"),
		},
	},
	{
		name: "channels",
		required: bson.D{
			{Key: "accountId", Value: "string"}, {Key: "name", Value: "string"}, {Key: "provider", Value: "string"},
			{Key: "identifier", Value: "string"}, {Key: "identifierKey", Value: "string"}, {Key: "settings", Value: "object"},
			{Key: "connection", Value: "object"}, {Key: "webhook", Value: "object"}, {Key: "checkAt", Value: "date"},
			{Key: "live", Value: "bool"}, {Key: "createdAt", Value: "date"},
		},
		optional: bson.D{
			{Key: "platformConfigId", Value: "objectId"}, {Key: "numberId", Value: "string"},
			{Key: "credentials", Value: "object"}, {Key: "deletedAt", Value: "date"},
		},
		indexes: []mongoIndex{
			partial(unique(index("accountId", "provider", "identifierKey")), bson.D{{Key: "live", Value: true}}),
			index("accountId", "live", "createdAt", "_id"),
			index("live", "checkAt"),
			index("live", "connection.status"),
		},
	},
}
