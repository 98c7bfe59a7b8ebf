package migrations

import "go.mongodb.org/mongo-driver/v2/bson"

// number is any whole number of BSON.
var number = bson.A{"int", "long"}

// conversations are contacts, sessions, messages and their events. Every
// unique index begins with the channel, so that channelId can be the shard key.
var conversations = []collection{
	{
		name: "contacts",
		required: bson.D{
			{Key: "channelId", Value: "objectId"}, {Key: "accountId", Value: "string"}, {Key: "type", Value: "string"},
			{Key: "condition", Value: "string"}, {Key: "contactIdentifier", Value: "string"}, {Key: "name", Value: "string"},
			{Key: "nameKey", Value: "string"}, {Key: "isIgnored", Value: "bool"}, {Key: "createdAt", Value: "date"},
		},
		optional: bson.D{{Key: "identities", Value: "array"}, {Key: "tagIds", Value: "array"}, {Key: "mergedInto", Value: "objectId"}},
		indexes: []mongoIndex{
			partial(unique(index("channelId", "identities")), has("identities")),
			// Lists show live contacts only; the condition stands in the index so
			// that counting reads no rows. A list of both types merges the two, which
			// saves every new contact an index entry.
			index("accountId", "condition", "nameKey", "_id"),
			index("accountId", "condition", "type", "createdAt", "_id"),
			index("accountId", "condition", "channelId", "createdAt", "_id"),
			partial(index("accountId", "condition", "tagIds", "createdAt", "_id"), has("tagIds")),
			partial(index("accountId", "condition", "search", "createdAt", "_id"), has("search")),
			partial(index("mergedInto"), has("mergedInto")),
			partial(index("condition"), bson.D{{Key: "condition", Value: "erasing"}}),
			partial(index("channelId", "participants"), has("participants")),
		},
	},
	{
		name: "sessions",
		required: bson.D{
			{Key: "channelId", Value: "objectId"}, {Key: "accountId", Value: "string"}, {Key: "contactId", Value: "objectId"},
			{Key: "provider", Value: "string"}, {Key: "state", Value: "string"}, {Key: "ignored", Value: "bool"}, {Key: "identityRev", Value: number},
			{Key: "sequence", Value: number}, {Key: "eventSequence", Value: number}, {Key: "unreadCount", Value: number},
			{Key: "createdAt", Value: "date"},
		},
		optional: bson.D{{Key: "platformConfigId", Value: "objectId"}, {Key: "platformSlug", Value: "string"}, {Key: "transfers", Value: "array"}},
		indexes: []mongoIndex{
			partial(unique(index("channelId", "contactId")), bson.D{{Key: "state", Value: "active"}}),
			// A list of all states merges the two.
			index("accountId", "state", "createdAt", "_id"),
			index("accountId", "platformSlug", "createdAt", "_id"),
			partial(index("accountId", "agent.id", "createdAt", "_id"), has("agent.id")),
			index("channelId", "createdAt", "_id"),
			index("contactId", "createdAt", "_id"),
		},
	},
	{
		name: "messages",
		required: bson.D{
			{Key: "channelId", Value: "objectId"},
		},
		optional: bson.D{
			{Key: "accountId", Value: "string"}, {Key: "sessionId", Value: "objectId"}, {Key: "contactId", Value: "objectId"},
			{Key: "sequence", Value: number}, {Key: "direction", Value: "string"}, {Key: "timestamp", Value: "date"},
			{Key: "dedupeKey", Value: "binData"}, {Key: "expiresAt", Value: "date"}, {Key: "statusHistory", Value: "array"},
		},
		indexes: []mongoIndex{
			partial(unique(index("channelId", "dedupeKey")), has("dedupeKey")),
			partial(unique(index("channelId", "sessionId", "sequence")), has("sessionId")),
			// Queued messages, for the senders: due ones, and those before one of the same session.
			partial(index("notBefore"), bson.D{{Key: "unsettled", Value: true}}),
			partial(index("sessionId", "sequence"), bson.D{{Key: "unsettled", Value: true}}),
			partial(index("giveUpAt"), bson.D{{Key: "status", Value: "unknown"}}),
			// Files to fetch.
			partial(index("media.nextAt"), bson.D{{Key: "media.status", Value: "pending"}}),
			// What people wrote in groups, and their reactions, for erasing them.
			partial(index("channelId", "author.id", "sequence"), has("author.id")),
			partial(index("channelId", "reactions.author.id"), has("reactions.author.id")),
			partial(index("channelId", "quotedMessage.author.value"), has("quotedMessage.author.value")),
			partial(index("channelId", "quotedMessage.id"), has("quotedMessage.id")),
			partial(index("channelId", "content.target"), has("content.target")),
			partial(ttl("expiresAt"), has("expiresAt")),
		},
	},
	{
		name: "events",
		required: bson.D{
			{Key: "accountId", Value: "string"}, {Key: "type", Value: "string"}, {Key: "platformConfigIds", Value: "array"}, {Key: "createdAt", Value: "date"}, {Key: "expiresAt", Value: "date"},
		},
		indexes: []mongoIndex{ttl("expiresAt")},
	},
	{
		name:     "waiting",
		required: bson.D{{Key: "channelId", Value: "objectId"}, {Key: "dedupeKey", Value: "binData"}, {Key: "kind", Value: "string"}, {Key: "expiresAt", Value: "date"}},
		indexes:  []mongoIndex{ttl("expiresAt")},
	},
	{
		name:     "webhook_bodies",
		required: bson.D{{Key: "seenAt", Value: "date"}},
		indexes:  []mongoIndex{bodyTTL()},
	},
}

// bodyTTL keeps a body's trace for a minute: its window is ten seconds.
func bodyTTL() mongoIndex {
	m := index("seenAt")
	m.Options.SetExpireAfterSeconds(60)
	return m
}
