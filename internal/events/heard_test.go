package events_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/migrations"
)

// TestWhatTheStreamTellsIsNotSearchedFor: the index of what waits keeps minutes
// of what waited, over which each search walks. What was committed while there
// was no stream is searched for, once there is one again.
func TestWhatTheStreamTellsIsNotSearchedFor(t *testing.T) {
	t.Parallel()
	db := mongotest.Fresh(t) // where no other server places what this one is to
	if err := mongodb.Migrate(t.Context(), db, migrations.All()); err != nil {
		t.Fatal(err)
	}
	var searches atomic.Int64
	s := serve(t, seen(t, db, func(find bson.Raw) {
		if _, err := find.LookupErr("filter", "_id"); err != nil {
			searches.Add(1)
		}
	}))
	account := ids.NewAccount()
	append1(t, db, account)
	placed(t, db, account, s) // this server owns the account now

	hush := listen(t, s)
	append1(t, db, account)
	waitPlaced(t, db, account)
	before := searches.Load()
	if before == 0 {
		t.Fatal("no search was seen: the test looks at the wrong commands")
	}
	for range 20 {
		append1(t, db, account)
		waitPlaced(t, db, account)
	}
	if n := searches.Load() - before; n != 0 {
		t.Errorf("20 events that the stream told of took %d searches", n)
	}

	hush()
	append1(t, db, account)
	listen(t, s)
	waitPlaced(t, db, account)
}

// seen gives the database by a connection whose finds among the events are shown.
func seen(t *testing.T, db *mongo.Database, show func(find bson.Raw)) *mongo.Database {
	t.Helper()
	client, err := mongodb.Connect(t.Context(), mongotest.URI(t), mongodb.Options{Monitor: &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) {
			if of, is := e.Command.Lookup("find").StringValueOK(); is && of == events.Collection {
				show(e.Command)
			}
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) }) // the test is over
	return client.Database(db.Name())
}

// listen runs a server's change stream, and gives what ends it.
func listen(t *testing.T, s *events.Service) (hush func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	for _, loop := range s.Loops() {
		if loop.Name == "events_heard" {
			go func() { ended <- loop.Run(ctx) }()
		}
	}
	hush = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the stream broke off: %v", err)
		}
	})
	t.Cleanup(hush)
	return hush
}

// append1 stores an event by a commit of its own.
func append1(t *testing.T, db *mongo.Database, account ids.Account) {
	t.Helper()
	if err := events.Append(t.Context(), db, events.New(account, events.MessageReceived, time.Now())); err != nil {
		t.Fatal(err)
	}
}

// waitPlaced waits until all events of an account have a position; nobody sweeps.
func waitPlaced(t *testing.T, db *mongo.Database, account ids.Account) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		n, err := db.Collection(events.Collection).CountDocuments(ctx, bson.D{{Key: "accountId", Value: account}, {Key: "unplaced", Value: true}})
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}
