package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// messageNumbers makes the index of a session's messages a plain one. Numbers
// are unique by how they are taken, a session's increment within the message's
// own transaction; that the index said so, too, cost the store one part in twenty
// of all that it does, since a unique index writes every entry twice.
// Nothing was released between; later steps leave an index to the next release.
func messageNumbers(ctx context.Context, db *mongo.Database) error {
	messages := db.Collection("messages")
	plain := partial(index("channelId", "sessionId", "sequence"), has("sessionId"))
	plain.Options.SetName("of_session")
	if err := mongodb.EnsureIndexes(ctx, messages, plain); err != nil {
		return err
	}
	if err := messages.Indexes().DropOne(ctx, "channelId_1_sessionId_1_sequence_1"); err != nil && !missing(err) {
		return err
	}
	return nil
}
