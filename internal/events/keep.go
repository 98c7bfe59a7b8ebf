package events

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// Keep lets the store delete events after a time. All servers of a store should
// be given the same; the last one that starts decides. Where the store does so
// already, nothing is asked of it that waits for a lock: a transaction that a
// killed server left open holds one for a minute.
func Keep(ctx context.Context, db *mongo.Database, kept time.Duration) error {
	seconds := int64(kept.Seconds())
	now, err := keptNow(ctx, db)
	if err == nil && now == seconds {
		return nil
	}
	if err == nil {
		err = db.RunCommand(ctx, bson.D{{Key: "collMod", Value: Collection}, {Key: "index", Value: bson.D{
			{Key: "keyPattern", Value: bson.D{{Key: "createdAt", Value: 1}}}, {Key: "expireAfterSeconds", Value: seconds},
		}}}).Err()
	}
	if err != nil {
		return fmt.Errorf("keep events for %s: %w", kept, err)
	}
	return nil
}

// empty forgets what fleeting events say that nobody took in their time. That there
// was an event stays, as long as of others: positions have no hole. One without a
// position yet waits for that.
func (s *Service) empty(ctx context.Context) error {
	old := bson.D{{Key: "expiresAt", Value: bson.D{{Key: "$lte", Value: s.now()}}}, {Key: "unplaced", Value: nil}}
	if _, err := s.events.UpdateMany(ctx, old, bson.D{{Key: "$set", Value: bson.D{{Key: "events.0.gone", Value: true}}}, forgotten}); err != nil {
		return fmt.Errorf("forget what fleeting events say: %w", err)
	}
	return nil
}

// keptNow is after how many seconds the store deletes events.
func keptNow(ctx context.Context, db *mongo.Database) (int64, error) {
	cursor, err := db.Collection(Collection).Indexes().List(ctx)
	if err != nil {
		return 0, err
	}
	var indexes []struct {
		Name    string `bson:"name"`
		Seconds int64  `bson:"expireAfterSeconds"`
	}
	if err := mongodb.All(ctx, cursor, &indexes); err != nil {
		return 0, err
	}
	for _, index := range indexes {
		if index.Name == "createdAt_1" {
			return index.Seconds, nil
		}
	}
	return 0, nil
}
