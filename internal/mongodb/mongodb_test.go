package mongodb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/local"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

func TestMain(m *testing.M) { os.Exit(mongotest.Run(m)) }

// collection gives a collection of this test's own in the shared database.
func collection(t *testing.T) *mongo.Collection {
	t.Helper()
	return mongotest.Database(t).Collection("t_" + bson.NewObjectID().Hex())
}

func count(t *testing.T, coll *mongo.Collection) int64 {
	t.Helper()
	n, err := coll.CountDocuments(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestConnectRefuses(t *testing.T) {
	t.Parallel()
	_, err := mongodb.Connect(t.Context(), "mysql://root:hunter2@host", mongodb.Options{})
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "OMNI_MONGODB_URI") {
		t.Errorf("a wrong address: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := mongodb.Connect(ctx, "mongodb://127.0.0.1:1", mongodb.Options{}); err == nil {
		t.Error("connected to nothing")
	}
}

func TestConnectPromisesMajorityWhateverTheAddressSays(t *testing.T) {
	t.Parallel()
	seen := map[string]bson.Raw{}
	monitor := &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		seen[e.CommandName] = append(bson.Raw(nil), e.Command...)
	}}
	client, err := mongodb.Connect(t.Context(), mongotest.URI(t)+"&w=1&journal=false&readConcernLevel=local",
		mongodb.Options{Monitor: monitor})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	coll := client.Database(mongotest.Database(t).Name()).Collection("majority")
	if _, err := coll.InsertOne(t.Context(), bson.D{}); err != nil {
		t.Fatal(err)
	}
	if err := coll.FindOne(t.Context(), bson.D{}).Err(); err != nil {
		t.Fatal(err)
	}
	if got := seen["insert"].Lookup("writeConcern").String(); !strings.Contains(got, `"majority"`) || !strings.Contains(got, `"j": true`) {
		t.Errorf("insert with write concern %s", got)
	}
	if got := seen["find"].Lookup("readConcern").String(); !strings.Contains(got, `"majority"`) {
		t.Errorf("find with read concern %s", got)
	}
}

func TestTransactionCommitsAndAborts(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	client := mongotest.Client(t)
	boom := errors.New("boom")
	err := mongodb.Transaction(t.Context(), client, func(ctx context.Context) error {
		if _, err := coll.InsertOne(ctx, bson.D{}); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) || count(t, coll) != 0 {
		t.Fatalf("got %v and %d rows, want boom and none", err, count(t, coll))
	}
	err = mongodb.Transaction(t.Context(), client, func(ctx context.Context) error {
		if _, err := coll.InsertOne(ctx, bson.D{}); err != nil {
			return err
		}
		return mongodb.Transaction(ctx, client, func(ctx context.Context) error { // joins
			_, err := coll.InsertOne(ctx, bson.D{})
			return err
		})
	})
	if err != nil || count(t, coll) != 2 {
		t.Fatalf("got %v and %d rows, want 2", err, count(t, coll))
	}
}

func TestTransactionPanicAborts(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	if _, err := coll.InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}, {Key: "n", Value: 0}}); err != nil {
		t.Fatal(err)
	}
	add := func(ctx context.Context) error {
		_, err := coll.UpdateByID(ctx, 1, bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}})
		return err
	}
	func() {
		defer func() { _ = recover() }()
		_ = mongodb.Transaction(t.Context(), mongotest.Client(t), func(ctx context.Context) error {
			if err := add(ctx); err != nil {
				t.Error(err)
			}
			panic("boom")
		})
	}()
	// An open transaction would hold the row and make this wait for a minute.
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := add(ctx); err != nil {
		t.Fatalf("the row is still held: %v", err)
	}
}

func TestTransactionRetriesConflicts(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	if _, err := coll.InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}, {Key: "n", Value: 0}}); err != nil {
		t.Fatal(err)
	}
	const workers, each = 4, 10
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range each {
				if err := increment(t.Context(), coll); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var row struct{ N int }
	if err := coll.FindOne(t.Context(), bson.D{{Key: "_id", Value: 1}}).Decode(&row); err != nil {
		t.Fatal(err)
	}
	if row.N != workers*each {
		t.Fatalf("n is %d, want %d", row.N, workers*each)
	}
}

// increment reads and writes back: wrong but for snapshot isolation.
func increment(ctx context.Context, coll *mongo.Collection) error {
	return mongodb.Transaction(ctx, coll.Database().Client(), func(ctx context.Context) error {
		var row struct{ N int }
		if err := coll.FindOne(ctx, bson.D{{Key: "_id", Value: 1}}).Decode(&row); err != nil {
			return err
		}
		_, err := coll.UpdateByID(ctx, 1, bson.D{{Key: "$set", Value: bson.D{{Key: "n", Value: row.N + 1}}}})
		return err
	})
}

func TestTransactionEndsWithItsContext(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := mongodb.Transaction(ctx, mongotest.Client(t), func(ctx context.Context) error {
		_, err := coll.InsertOne(ctx, bson.D{})
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) || errors.Is(err, mongodb.ErrCommitUnknown) || count(t, coll) != 0 {
		t.Fatalf("got %v and %d rows", err, count(t, coll))
	}
}

// breakable gives a client of a server of this test's own, and a way to have
// that server hang up on the next n commands of a name.
func breakable(t *testing.T) (client *mongo.Client, hangUp func(command string, n int)) {
	t.Helper()
	server, err := local.Start(t.Context(), local.Options{Dir: t.TempDir(), TestCommands: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	client, err = mongodb.Connect(t.Context(), server.URI(), mongodb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	return client, func(command string, n int) {
		t.Helper()
		err := client.Database("admin").RunCommand(t.Context(), bson.D{
			{Key: "configureFailPoint", Value: "failCommand"},
			{Key: "mode", Value: bson.D{{Key: "times", Value: n}}},
			{Key: "data", Value: bson.D{{Key: "failCommands", Value: bson.A{command}}, {Key: "closeConnection", Value: true}}},
		}).Err()
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestTransactionRepeatsACommitWithoutAnswer(t *testing.T) {
	t.Parallel()
	client, hangUp := breakable(t)
	coll := client.Database("test").Collection("rows")
	for _, hangups := range []int{1, 2, 5} {
		runs, before := 0, count(t, coll)
		hangUp("commitTransaction", hangups)
		err := mongodb.Transaction(t.Context(), client, func(ctx context.Context) error {
			runs++
			_, err := coll.InsertOne(ctx, bson.D{})
			return err
		})
		if err != nil || runs != 1 || count(t, coll) != before+1 {
			t.Fatalf("%d hang-ups: %v after %d runs and %d rows", hangups, err, runs, count(t, coll)-before)
		}
	}
}

// A commit that did not arrive before its context ended would hold its rows until
// the server gives it up.
func TestTransactionAsksForItsCommitOnceMore(t *testing.T) {
	t.Parallel()
	client, hangUp := breakable(t)
	coll := client.Database("test").Collection("rows")
	if _, err := coll.InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}}); err != nil {
		t.Fatal(err)
	}
	hangUp("commitTransaction", 1_000_000)
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- mongodb.Transaction(ctx, client, func(ctx context.Context) error {
			_, err := coll.UpdateOne(ctx, bson.D{{Key: "_id", Value: 1}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}})
			time.AfterFunc(500*time.Millisecond, end) // while it is being committed
			return err
		})
	}()
	<-ctx.Done()
	hangUp("commitTransaction", 1)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	var row struct{ N int }
	if err := coll.FindOne(t.Context(), bson.D{{Key: "_id", Value: 1}}).Decode(&row); err != nil || row.N != 1 {
		t.Errorf("the row counts %d: %v", row.N, err)
	}
}

func TestTransactionSaysWhenItCannotKnow(t *testing.T) {
	t.Parallel()
	client, hangUp := breakable(t)
	coll := client.Database("test").Collection("rows")
	hangUp("commitTransaction", 1_000_000)
	ctx, end := context.WithCancelCause(t.Context())
	err := mongodb.Transaction(ctx, client, func(ctx context.Context) error {
		_, err := coll.InsertOne(ctx, bson.D{})
		time.AfterFunc(time.Second, func() { end(context.DeadlineExceeded) }) // while it is being committed
		return err
	})
	if !errors.Is(err, mongodb.ErrCommitUnknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
}

func TestTransactionStartsAgainAfterALostConnection(t *testing.T) {
	t.Parallel()
	client, hangUp := breakable(t)
	coll := client.Database("test").Collection("rows")
	runs := 0
	hangUp("insert", 2)
	err := mongodb.Transaction(t.Context(), client, func(ctx context.Context) error {
		runs++
		_, err := coll.InsertOne(ctx, bson.D{})
		return err
	})
	if err != nil || runs != 3 || count(t, coll) != 1 {
		t.Fatalf("%v after %d runs and %d rows", err, runs, count(t, coll))
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	err := mongodb.EnsureIndexes(t.Context(), coll, mongo.IndexModel{
		Keys:    bson.D{{Key: "channelId", Value: 1}, {Key: "name", Value: 1}},
		Options: options.Index().SetUnique(true).SetName("one_name_per_channel"),
	})
	if err != nil {
		t.Fatal(err)
	}
	row := func(id any) bson.D {
		return bson.D{{Key: "_id", Value: id}, {Key: "channelId", Value: 1}, {Key: "name", Value: "index: evil dup key"}}
	}
	if _, err := coll.InsertOne(t.Context(), row(1)); err != nil {
		t.Fatal(err)
	}
	byTransaction := mongodb.Transaction(t.Context(), mongotest.Client(t), func(ctx context.Context) error {
		_, err := coll.InsertOne(ctx, row(2))
		return err
	})
	byInsert := mongodb.Transaction(t.Context(), mongotest.Client(t), func(ctx context.Context) error {
		return mongodb.Insert(ctx, coll, []written{written(row(6)), written(row(2))})
	})
	_, byName := coll.InsertOne(t.Context(), row(2))
	_, byID := coll.InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}})
	_, byBulk := coll.InsertMany(t.Context(), []any{bson.D{{Key: "_id", Value: 5}}, row(3), row(4)})
	byFind := coll.FindOneAndUpdate(t.Context(), bson.D{{Key: "_id", Value: 5}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "channelId", Value: 1}, {Key: "name", Value: "index: evil dup key"}}}}).Err()
	for _, c := range []struct {
		name, want string
		err        error
	}{
		{"in a transaction", "one_name_per_channel", byTransaction},
		{"Insert", "one_name_per_channel", byInsert},
		{"one insert", "one_name_per_channel", byName},
		{"the id", "_id_", byID},
		{"many inserts", "one_name_per_channel", byBulk},
		{"find and update", "one_name_per_channel", byFind},
		{"wrapped", "_id_", fmt.Errorf("store: %w", byID)},
		{"something else", "", errors.New("E11000 duplicate key error collection: a index: b dup key")},
		{"nothing", "", nil},
	} {
		if got := mongodb.DuplicateIndex(c.err); got != c.want || mongodb.IsDuplicateKey(c.err) != (c.want != "") {
			t.Errorf("%s: index %q of %v, want %q", c.name, got, c.err, c.want)
		}
		if mongodb.IsTransient(c.err) {
			t.Errorf("%s: %v is called transient", c.name, c.err)
		}
	}
}

// written is a document that writes itself.
type written bson.D

func (w written) MarshalBSON() ([]byte, error) {
	return bson.Marshal(append(bson.D(w), bson.E{Key: "itself", Value: true}))
}

func TestInsert(t *testing.T) {
	t.Parallel()
	coll := collection(t)
	rows := func(ids ...int) (made []written) {
		for _, id := range ids {
			made = append(made, written{{Key: "_id", Value: id}, {Key: "name", Value: "Olá"}})
		}
		return made
	}
	for _, list := range [][]written{nil, rows(1), rows(2, 3, 4)} {
		err := mongodb.Transaction(t.Context(), mongotest.Client(t), func(ctx context.Context) error { return mongodb.Insert(ctx, coll, list) })
		if err != nil {
			t.Fatal(err)
		}
	}
	refused := errors.New("the caller thought better of it")
	err := mongodb.Transaction(t.Context(), mongotest.Client(t), func(ctx context.Context) error {
		return errors.Join(mongodb.Insert(ctx, coll, rows(5)), refused)
	})
	if !errors.Is(err, refused) || count(t, coll) != 4 {
		t.Errorf("%v and %d rows, want four", err, count(t, coll))
	}
	if n, err := coll.CountDocuments(t.Context(), bson.D{{Key: "itself", Value: true}}); err != nil || n != 4 {
		t.Errorf("%d rows have written themselves, want four: %v", n, err)
	}
	err = mongodb.Transaction(t.Context(), mongotest.Client(t), func(ctx context.Context) error {
		return mongodb.Insert(ctx, coll, []bson.D{{{Key: "_id", Value: 6}}, {{Key: "_id", Value: 7}}})
	})
	if err != nil || count(t, coll) != 6 {
		t.Errorf("%v and %d rows, want six", err, count(t, coll))
	}
}

func TestIsTransient(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
		want bool
	}{
		{"nothing", nil, false},
		{"a canceled context", fmt.Errorf("find: %w", context.Canceled), false},
		{"a deadline", context.DeadlineExceeded, true},
		{"a write conflict", mongo.CommandError{Code: 112}, true},
		{"an election", mongo.CommandError{Code: 189, Labels: []string{"RetryableWriteError"}}, true},
		{"a commit without answer", mongo.CommandError{Labels: []string{"UnknownTransactionCommitResult"}}, true},
		{"a lost connection", mongo.CommandError{Labels: []string{"NetworkError"}}, true},
		{"a refused document", mongo.CommandError{Code: 121}, false},
		{"no document", mongo.ErrNoDocuments, false},
	} {
		if got := mongodb.IsTransient(c.err); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
