package events_test

import (
	"context"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/events/eventstest"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/migrations"
)

func TestMain(m *testing.M) {
	os.Exit(mongotest.Run(m, func(ctx context.Context, db *mongo.Database) error {
		return mongodb.Migrate(ctx, db, migrations.All())
	}))
}

// nothing is what events without subjects speak of.
type nothing struct{}

// Read implements events.Reader.
func (nothing) Read(context.Context, ids.Account, events.Wanted) (events.Subjects, error) {
	return events.Subjects{}, nil
}

// serve runs a server's loops until the test ends.
func serve(t *testing.T, db *mongo.Database) *events.Service {
	t.Helper()
	s := events.NewService(events.Options{
		DB: db, Platforms: platforms.New(platforms.Options{DB: db, Vault: must(vault.New(vault.NewKey())), Now: time.Now}),
		Subjects: nothing{}, Client: http.DefaultClient, Now: time.Now, Registry: prometheus.NewRegistry(),
	})
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// sweep runs the sweep once: no stream tells this server of anything.
func sweep(t *testing.T, s *events.Service) {
	t.Helper()
	for _, loop := range s.Loops() {
		if loop.Name == "events_sweep" {
			if err := loop.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// placed waits until all events of an account have a position, and gives them
// by it.
func placed(t *testing.T, db *mongo.Database, account ids.Account, sweeping *events.Service) []events.Row {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		sweep(t, sweeping)
		n, err := db.Collection(events.Collection).CountDocuments(ctx, bson.D{{Key: "accountId", Value: account}, {Key: "unplaced", Value: true}})
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	return eventstest.Rows(t, db, account)
}

// Servers' clocks differ, and so do the orders of their ids: a session's events
// are placed in its own order all the same, with more of them than one
// transaction places.
func TestPositionsFollowEverySession(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	account := ids.NewAccount()
	one, other := ids.Session{1}, ids.Session{2}
	made := func(session ids.Session, sequence int64) events.Row {
		row := events.New(account, events.MessageReceived, time.Now())
		row.Session, row.Sequence = session, sequence
		return row
	}
	// At once: the servers of other tests would place what is there first.
	err := mongodb.Transaction(t.Context(), db.Client(), func(ctx context.Context) error {
		for n := int64(1100); n > 0; n -= 2 { // the last one first
			// The second session's events cross the first's batches.
			if err := events.Append(ctx, db, made(one, n), made(other, n/2), made(one, n-1)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	next := map[ids.Session]int64{}
	rows := placed(t, db, account, serve(t, db))
	if len(rows) != 1650 {
		t.Fatalf("%d events were placed", len(rows))
	}
	for i, row := range rows {
		if row.Position != int64(i+1) {
			t.Fatalf("the %dth event has position %d", i+1, row.Position)
		}
		if next[row.Session]++; row.Sequence != next[row.Session] {
			t.Fatalf("event %d of session %s came where %d should be", row.Sequence, row.Session, next[row.Session])
		}
	}
}

// A server that closes gives its accounts back at once.
func TestAClosedServerOwnsNothing(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t) // where no other server takes what this one gives back
	if err := mongodb.Migrate(t.Context(), db, migrations.All()); err != nil {
		t.Fatal(err)
	}
	account := ids.NewAccount()
	one, other := serve(t, db), serve(t, db)
	for i, server := range []*events.Service{one, other} {
		if err := events.Append(t.Context(), db, events.New(account, events.ContactCreated, time.Now())); err != nil {
			t.Fatal(err)
		}
		if rows := placed(t, db, account, server); len(rows) != i+1 || rows[i].Position != int64(i+1) {
			t.Errorf("placed: %+v", rows)
		}
		if err := server.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		var lease struct {
			Owner string `bson:"owner"`
		}
		if err := db.Collection(events.OwnersCollection).FindOne(t.Context(), bson.D{{Key: "_id", Value: "events/" + string(account)}}).Decode(&lease); err != nil || lease.Owner != "" {
			t.Errorf("the lease is %q's: %v", lease.Owner, err)
		}
	}
}
