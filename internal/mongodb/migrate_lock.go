package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// The lock is one row with an owner and an expiry by the server's clock. Its
// holder extends it while it works; one that died is waited out.
const (
	lockID       = "migrations"
	lockTTL      = 15 * time.Second
	lockPollWait = 100 * time.Millisecond
)

// errLockLost ends a migration whose lock another server has taken over.
var errLockLost = errors.New("the migration lock was lost to another server")

// withMigrationLock waits for the lock and runs do while holding it.
func withMigrationLock(ctx context.Context, db *mongo.Database, do func(context.Context) error) error {
	lock := migrationLock{rows: db.Collection("migration_locks"), owner: bson.NewObjectID()}
	if err := lock.take(ctx); err != nil {
		return fmt.Errorf("take the migration lock: %w", err)
	}
	held, lost := context.WithCancelCause(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		lock.keep(held, lost)
	}()
	err := do(held)
	if err != nil && errors.Is(context.Cause(held), errLockLost) {
		err = fmt.Errorf("%w: %w", errLockLost, err)
	}
	lost(nil)
	<-stopped
	lock.release(ctx)
	return err
}

type migrationLock struct {
	rows  *mongo.Collection
	owner bson.ObjectID
}

func (l migrationLock) take(ctx context.Context) error {
	// An upsert cannot compare with the server's clock: the row comes first.
	free := bson.D{{Key: "_id", Value: lockID}, {Key: "owner", Value: bson.NilObjectID}, {Key: "expiresAt", Value: time.Unix(0, 0)}}
	if _, err := l.rows.InsertOne(ctx, free); err != nil && !IsDuplicateKey(err) {
		return err
	}
	expired := bson.D{
		{Key: "_id", Value: lockID},
		{Key: "$expr", Value: bson.D{{Key: "$lt", Value: bson.A{"$expiresAt", "$$NOW"}}}},
	}
	for {
		result, err := l.rows.UpdateOne(ctx, expired, l.extended())
		if err != nil {
			return err
		}
		if result.MatchedCount == 1 {
			return nil
		}
		if err := pause(ctx, lockPollWait); err != nil {
			return err
		}
	}
}

// keep extends the lock until ctx ends, and calls lost when it is somebody
// else's or could not be extended before it expired.
func (l migrationLock) keep(ctx context.Context, lost context.CancelCauseFunc) {
	mine := bson.D{{Key: "_id", Value: lockID}, {Key: "owner", Value: l.owner}}
	good := time.Now()
	for pause(ctx, lockTTL/5) == nil {
		began := time.Now()
		limited, cancel := context.WithTimeout(ctx, lockTTL/5)
		result, err := l.rows.UpdateOne(limited, mine, l.extended())
		cancel()
		switch {
		case err == nil && result.MatchedCount == 1:
			good = began
		case err == nil, time.Since(good) > lockTTL/2:
			lost(errLockLost)
			return
		}
	}
}

// extended is an update (a pipeline, for the server's clock) to this owner.
func (l migrationLock) extended() bson.A {
	until := bson.D{{Key: "$add", Value: bson.A{"$$NOW", lockTTL.Milliseconds()}}}
	return bson.A{bson.D{{Key: "$set", Value: bson.D{{Key: "owner", Value: l.owner}, {Key: "expiresAt", Value: until}}}}}
}

func (l migrationLock) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortPatience)
	defer cancel()
	mine := bson.D{{Key: "_id", Value: lockID}, {Key: "owner", Value: l.owner}}
	free := bson.D{{Key: "$set", Value: bson.D{{Key: "expiresAt", Value: time.Unix(0, 0)}}}}
	_, _ = l.rows.UpdateOne(ctx, mine, free) // it expires by itself otherwise
}
