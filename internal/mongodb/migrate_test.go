package mongodb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

func nothing(context.Context, *mongo.Database) error { return nil }

func TestMigrateRunsEachOnceInOrder(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	var ran []int
	step := func(v int) mongodb.Migration {
		return mongodb.Migration{Version: v, Name: fmt.Sprint("step_", v), Up: func(context.Context, *mongo.Database) error {
			ran = append(ran, v)
			return nil
		}}
	}
	list := []mongodb.Migration{step(1), step(2), step(5)}
	pending, err := mongodb.Pending(t.Context(), db, list)
	if err != nil || !slices.Equal(pending, []string{"1_step_1", "2_step_2", "5_step_5"}) {
		t.Fatalf("pending %v, %v", pending, err)
	}
	for range 2 {
		if err := mongodb.Migrate(t.Context(), db, list); err != nil {
			t.Fatal(err)
		}
	}
	if err := mongodb.Migrate(t.Context(), db, append(list, step(6))); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(ran, []int{1, 2, 5, 6}) {
		t.Errorf("ran %v", ran)
	}
	if pending, err = mongodb.Pending(t.Context(), db, list); err != nil || len(pending) != 0 {
		t.Errorf("beside a newer program: pending %v, %v", pending, err)
	}
}

func TestMigrateRaced(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	other, err := mongodb.Connect(t.Context(), mongotest.URI(t), mongodb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Disconnect(context.Background()) }()
	var runs, atOnce atomic.Int32
	up := func(ctx context.Context, db *mongo.Database) error {
		runs.Add(1)
		if atOnce.Add(1) != 1 {
			t.Error("two migrations at once")
		}
		defer atOnce.Add(-1)
		return mongodb.EnsureCollection(ctx, db, "rows", bson.D{{Key: "bsonType", Value: "object"}})
	}
	list := []mongodb.Migration{{Version: 1, Name: "a", Up: up}, {Version: 2, Name: "b", Up: up}}
	var wg sync.WaitGroup
	for i := range 4 {
		db := []*mongo.Database{db, other.Database(db.Name())}[i%2]
		wg.Go(func() {
			if err := mongodb.Migrate(t.Context(), db, list); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if runs.Load() != 2 {
		t.Errorf("%d runs of two migrations", runs.Load())
	}
}

func TestMigrateGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	boom := errors.New("boom")
	fails := true
	list := []mongodb.Migration{
		{Version: 1, Name: "a", Up: nothing},
		{Version: 2, Name: "b", Up: func(context.Context, *mongo.Database) error {
			if fails {
				return boom
			}
			return nil
		}},
	}
	err := mongodb.Migrate(t.Context(), db, list)
	if !errors.Is(err, boom) || !strings.Contains(err.Error(), "migration 2 (b)") {
		t.Fatalf("got %v", err)
	}
	fails = false
	if err := mongodb.Migrate(t.Context(), db, list); err != nil {
		t.Fatal(err)
	}
}

func TestMigrateRefusesAnotherHistory(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	m := func(v int, name string) mongodb.Migration {
		return mongodb.Migration{Version: v, Name: name, Up: nothing}
	}
	if err := mongodb.Migrate(t.Context(), db, []mongodb.Migration{m(1, "a"), m(3, "c")}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name        string
		list        []mongodb.Migration
		pendingGood bool
	}{
		{"renamed", []mongodb.Migration{m(1, "a"), m(3, "other")}, false},
		{"put in between", []mongodb.Migration{m(1, "a"), m(2, "b"), m(3, "c")}, false},
		{"newer database", []mongodb.Migration{m(1, "a")}, true},
	} {
		if err := mongodb.Migrate(t.Context(), db, c.list); !errors.Is(err, mongodb.ErrMigrationHistory) {
			t.Errorf("%s: Migrate gave %v", c.name, err)
		}
		if _, err := mongodb.Pending(t.Context(), db, c.list); (err == nil) != c.pendingGood {
			t.Errorf("%s: Pending gave %v", c.name, err)
		}
	}
	for name, list := range map[string][]mongodb.Migration{
		"twice": {m(1, "a"), m(1, "b")}, "falling": {m(2, "a"), m(1, "b")},
		"nameless": {m(1, "")}, "stepless": {{Version: 1, Name: "a"}}, "zero": {m(0, "a")},
	} {
		if err := mongodb.Migrate(t.Context(), db, list); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestEnsureCollectionAndIndexes(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	needs := func(field string) bson.D {
		return bson.D{{Key: "bsonType", Value: "object"}, {Key: "required", Value: bson.A{field}}}
	}
	rows := db.Collection("rows")
	for _, field := range []string{"a", "b", "b"} { // made, changed, left
		if err := mongodb.EnsureCollection(t.Context(), db, "rows", needs(field)); err != nil {
			t.Fatal(err)
		}
		if _, err := rows.InsertOne(t.Context(), bson.D{}); err == nil {
			t.Errorf("validator on %s let a row without it in", field)
		}
		if _, err := rows.InsertOne(t.Context(), bson.D{{Key: field, Value: 1}}); err != nil {
			t.Errorf("validator on %s: %v", field, err)
		}
	}
	if err := mongodb.EnsureCollection(t.Context(), db, "rows", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := rows.InsertOne(t.Context(), bson.D{}); err != nil {
		t.Errorf("without a validator: %v", err)
	}
	index := func(unique bool) mongo.IndexModel {
		return mongo.IndexModel{Keys: bson.D{{Key: "c", Value: 1}}, Options: options.Index().SetName("by_c").SetSparse(true).SetUnique(unique)}
	}
	for range 2 {
		if err := mongodb.EnsureIndexes(t.Context(), rows, index(false)); err != nil {
			t.Fatal(err)
		}
	}
	if err := mongodb.EnsureIndexes(t.Context(), rows, index(true)); err == nil || !strings.Contains(err.Error(), "drop it") {
		t.Errorf("other options: %v", err)
	}
}

func TestMigrateTakesOverFromTheDead(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	list := []mongodb.Migration{{Version: 1, Name: "a", Up: nothing}}
	dead := bson.D{{Key: "_id", Value: "migrations"}, {Key: "owner", Value: bson.NewObjectID()}, {Key: "expiresAt", Value: time.Now().Add(time.Hour)}}
	if _, err := db.Collection("migration_locks").InsertOne(t.Context(), dead); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := mongodb.Migrate(ctx, db, list); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("beside a holder: %v", err)
	}
	expired := bson.D{{Key: "$set", Value: bson.D{{Key: "expiresAt", Value: time.Now().Add(-time.Second)}}}}
	if _, err := db.Collection("migration_locks").UpdateByID(t.Context(), "migrations", expired); err != nil {
		t.Fatal(err)
	}
	if err := mongodb.Migrate(t.Context(), db, list); err != nil {
		t.Fatal(err)
	}
}

func TestMigrateStopsWhenAnotherTookOver(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t)
	locks := db.Collection("migration_locks")
	runs := 0
	up := func(ctx context.Context, db *mongo.Database) error {
		if runs++; runs > 1 {
			return nil
		}
		taken := bson.D{{Key: "$set", Value: bson.D{{Key: "owner", Value: bson.NewObjectID()}, {Key: "expiresAt", Value: time.Now().Add(time.Second)}}}}
		if _, err := locks.UpdateByID(ctx, "migrations", taken); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	}
	if err := mongodb.Migrate(t.Context(), db, []mongodb.Migration{{Version: 1, Name: "a", Up: up}}); err != nil || runs != 2 {
		t.Fatalf("%v after %d runs; want a second run once the other's lock expired", err, runs)
	}
}
