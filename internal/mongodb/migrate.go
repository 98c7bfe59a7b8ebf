package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// ErrMigrationHistory marks a database whose recorded migrations do not fit
// the ones this program knows: renamed, out of order, or newer.
var ErrMigrationHistory = errors.New("the database's migrations do not fit this program")

// Migration is one numbered step of the schema. Released migrations are never
// changed, renamed or removed.
type Migration struct {
	// Version orders the migrations: 1 and up, each once.
	Version int
	// Name says what it does, in snake_case; it is recorded and compared.
	Name string
	// Up does it. It must be repeatable: after a crash it runs again from its
	// beginning. Its context ends when another server has taken over.
	Up func(ctx context.Context, db *mongo.Database) error
}

// migrationRow is what the collection `migrations` keeps of a done migration.
type migrationRow struct {
	Version   int       `bson:"_id"`
	Name      string    `bson:"name"`
	AppliedAt time.Time `bson:"appliedAt"`
}

// Migrate brings db to the newest of the given migrations, in order, each
// recorded when it is done. Several servers may call it at once: one works,
// the others wait for it. A database with migrations that this program does
// not know is refused with ErrMigrationHistory.
func Migrate(ctx context.Context, db *mongo.Database, migrations []Migration) error {
	if err := checkList(migrations); err != nil {
		return err
	}
	for {
		todo, newer, err := compare(ctx, db, migrations)
		if err != nil {
			return err
		}
		if newer != nil {
			return fmt.Errorf("%w: migration %d (%s) was applied by a newer program; run that one, or restore a backup from before",
				ErrMigrationHistory, newer.Version, newer.Name)
		}
		if len(todo) == 0 {
			return nil
		}
		err = withMigrationLock(ctx, db, func(ctx context.Context) error { return apply(ctx, db, migrations) })
		if !errors.Is(err, errLockLost) {
			return err
		}
	}
}

// Pending names the migrations that db still lacks, oldest first. A database
// that a newer program has migrated further is not refused: migrations only
// expand, so this program may go on beside the newer one. Renamed or
// out-of-order migrations are ErrMigrationHistory.
func Pending(ctx context.Context, db *mongo.Database, migrations []Migration) ([]string, error) {
	if err := checkList(migrations); err != nil {
		return nil, err
	}
	todo, _, err := compare(ctx, db, migrations)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(todo))
	for _, m := range todo {
		names = append(names, fmt.Sprintf("%d_%s", m.Version, m.Name))
	}
	return names, nil
}

// checkList refuses a list of migrations that is none.
func checkList(migrations []Migration) error {
	last := 0
	for _, m := range migrations {
		if m.Version <= last || m.Name == "" || m.Up == nil {
			return fmt.Errorf("migration %d (%q) after %d: versions must rise from 1, each with a name and a step", m.Version, m.Name, last)
		}
		last = m.Version
	}
	return nil
}

// compare gives the migrations not yet recorded, and the first recorded one
// that is newer than all of the list.
func compare(ctx context.Context, db *mongo.Database, migrations []Migration) (todo []Migration, newer *migrationRow, err error) {
	byVersion := options.Find().SetSort(bson.D{{Key: "_id", Value: 1}})
	cursor, err := db.Collection("migrations").Find(ctx, bson.D{}, byVersion)
	if err != nil {
		return nil, nil, fmt.Errorf("read the applied migrations: %w", err)
	}
	var rows []migrationRow
	if err := All(ctx, cursor, &rows); err != nil {
		return nil, nil, fmt.Errorf("read the applied migrations: %w", err)
	}
	for i, row := range rows {
		if i >= len(migrations) {
			return nil, &rows[i], nil
		}
		if row.Version != migrations[i].Version || row.Name != migrations[i].Name {
			return nil, nil, fmt.Errorf("%w: in place %d the database has %d (%s), the program %d (%s); migrations are only ever appended",
				ErrMigrationHistory, i+1, row.Version, row.Name, migrations[i].Version, migrations[i].Name)
		}
	}
	return migrations[len(rows):], nil, nil
}

// apply runs what is still to do; the caller holds the lock. It looks again
// first: another server may have worked while this one waited.
func apply(ctx context.Context, db *mongo.Database, migrations []Migration) error {
	todo, _, err := compare(ctx, db, migrations)
	if err != nil {
		return err
	}
	for _, m := range todo {
		if err := m.Up(ctx, db); err != nil {
			return fmt.Errorf("migration %d (%s): %w", m.Version, m.Name, err)
		}
		row := migrationRow{Version: m.Version, Name: m.Name, AppliedAt: time.Now().UTC()}
		// A duplicate is another server's record of the same, made after this
		// one lost the lock.
		if _, err := db.Collection("migrations").InsertOne(ctx, row); err != nil && !IsDuplicateKey(err) {
			return fmt.Errorf("record migration %d (%s): %w", m.Version, m.Name, err)
		}
	}
	return nil
}
