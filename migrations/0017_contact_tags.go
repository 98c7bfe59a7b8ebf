package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// contactTags sorts the contacts of a tag by name without sorting in memory. Only
// contacts that have tags are in the index.
func contactTags(ctx context.Context, db *mongo.Database) error {
	return mongodb.EnsureIndexes(ctx, db.Collection(contacts.Collection),
		partial(index("accountId", "condition", "tagIds", "nameKey", "_id"), has("tagIds")))
}
