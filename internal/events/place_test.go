package events_test

import (
	"context"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/events"
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
	cursor, err := db.Collection(events.Collection).Find(ctx, bson.D{{Key: "accountId", Value: account}})
	var rows []events.Row
	if err == nil {
		err = cursor.All(ctx, &rows)
	}
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(rows, func(a, b events.Row) int { return int(a.Position - b.Position) })
	return rows
}

// A batch takes five hundred: a session with more of them is placed in its
// order, and does not keep another from its turn.
func TestABusySessionKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	account := ids.NewAccount()
	busy, quiet := ids.Session{1}, ids.Session{2}
	var rows []events.Row
	for n := int64(1200); n > 0; n-- { // the last one first: the order is that of the numbers
		row := events.New(account, events.MessageReceived, time.Now())
		row.Session, row.Sequence = busy, n
		rows = append(rows, row)
	}
	row := events.New(account, events.SessionCreated, time.Now())
	row.Session, row.Sequence = quiet, 1
	rows = append(rows, row)
	// At once: the servers of other tests would place what is there first.
	if err := mongodb.Transaction(t.Context(), db.Client(), func(ctx context.Context) error { return events.Append(ctx, db, rows...) }); err != nil {
		t.Fatal(err)
	}
	next := int64(1)
	for i, row := range placed(t, db, account, serve(t, db)) {
		switch {
		case row.Position != int64(i+1):
			t.Fatalf("the %dth event has position %d", i+1, row.Position)
		case row.Session == quiet && row.Position > 501:
			t.Errorf("the quiet session's event has position %d", row.Position)
		case row.Session == busy && row.Sequence != next:
			t.Fatalf("event %d of the busy session came where %d should be", row.Sequence, next)
		case row.Session == busy:
			next++
		}
	}
}

// A server of before leaves rows without the mark: they keep having no
// position.
func TestRowsOfBeforeAreLeftAlone(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	account := ids.NewAccount()
	old, now := events.New(account, events.ContactCreated, time.Now()), events.New(account, events.ContactCreated, time.Now())
	old.Unplaced = false
	if err := events.Append(t.Context(), db, old, now); err != nil {
		t.Fatal(err)
	}
	rows := placed(t, db, account, serve(t, db))
	if len(rows) != 2 || rows[0].ID != old.ID || rows[0].Position != 0 || rows[1].Position != 1 {
		t.Errorf("placed: %+v", rows)
	}
}

// A server that closes gives its accounts back at once.
func TestAClosedServerOwnsNothing(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
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
