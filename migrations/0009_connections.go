package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// connections are who holds which linked device, what one server asks of the
// server that does, and what a phone is to scan.
var connections = []collection{
	{
		name:     "device_owners",
		required: bson.D{{Key: "owner", Value: "string"}, {Key: "fence", Value: number}, {Key: "expiresAt", Value: "date"}},
	},
	{
		name: "commands",
		required: bson.D{
			{Key: "channelId", Value: "objectId"}, {Key: "kind", Value: "string"}, {Key: "open", Value: "bool"}, {Key: "expiresAt", Value: "date"},
		},
		optional: bson.D{{Key: "body", Value: "object"}, {Key: "answer", Value: "object"}},
		indexes:  []mongoIndex{partial(index("open", "channelId"), bson.D{{Key: "open", Value: true}}), ttl("expiresAt")},
	},
	{
		name:     "pairings",
		required: bson.D{{Key: "box", Value: "object"}, {Key: "until", Value: "date"}},
		indexes:  []mongoIndex{ttl("until")},
	},
}

// makeConnections makes room for connections, lets a server find the devices
// that are to be connected, and the messages that wait for one device.
func makeConnections(ctx context.Context, db *mongo.Database) error {
	if err := create(connections)(ctx, db); err != nil {
		return err
	}
	err := mongodb.EnsureIndexes(ctx, db.Collection("channels"),
		partial(index("link.wanted", "link.again"), bson.D{{Key: "link.wanted", Value: true}}),
		// A gateway's access code chooses among the accounts that have a number.
		partial(index("identifierKey", "provider", "createdAt", "_id"), bson.D{{Key: "live", Value: true}}))
	if err != nil {
		return err
	}
	if err := mongodb.EnsureIndexes(ctx, db.Collection("contacts"), partial(index("photoDue", "channelId"), bson.D{{Key: "photoDue", Value: true}})); err != nil {
		return err
	}
	return mongodb.EnsureIndexes(ctx, db.Collection("messages"),
		partial(index("unsettled", "channelId", "sequence"), bson.D{{Key: "unsettled", Value: true}}))
}
