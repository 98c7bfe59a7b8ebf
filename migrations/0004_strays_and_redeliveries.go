package migrations

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// straysAndRedeliveries lets the files be found that no message may name, and
// keeps digests for as long as a provider redelivers, seven days, and one more:
// on a channel in gateway mode nothing else tells a redelivery.
func straysAndRedeliveries(ctx context.Context, db *mongo.Database) error {
	if err := mongodb.EnsureIndexes(ctx, db.Collection("media"), partial(index("checkAt"), has("checkAt"))); err != nil {
		return err
	}
	return db.RunCommand(ctx, bson.D{{Key: "collMod", Value: "webhook_bodies"}, {Key: "index", Value: bson.D{
		{Key: "keyPattern", Value: bson.D{{Key: "seenAt", Value: 1}}}, {Key: "expireAfterSeconds", Value: int64((8 * 24 * time.Hour).Seconds())},
	}}}).Err()
}
