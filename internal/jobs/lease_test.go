package jobs_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

func TestMain(m *testing.M) { os.Exit(mongotest.Run(m)) }

const long = time.Minute

func rows(t *testing.T) *mongo.Collection {
	t.Helper()
	return mongotest.Database(t).Collection("leases_" + bson.NewObjectID().Hex())
}

func acquire(t *testing.T, l *jobs.Leases) jobs.Term {
	t.Helper()
	term, err := l.Acquire(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	return term
}

// expire makes the lease's holder late, by the server's clock.
func expire(t *testing.T, coll *mongo.Collection) {
	t.Helper()
	past := bson.D{{Key: "$set", Value: bson.D{{Key: "expiresAt", Value: time.Now().Add(-time.Hour)}}}}
	if _, err := coll.UpdateByID(t.Context(), "x", past); err != nil {
		t.Fatal(err)
	}
}

func TestOneHolderAtATime(t *testing.T) {
	t.Parallel()
	coll := rows(t)
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) // a clock that is years wrong
	a := jobs.NewLeases(coll, "a", long, func() time.Time { return now })
	b := jobs.NewLeases(coll, "b", long, nil)
	first := acquire(t, a)
	if first.Fence != 1 || first.Owner != "a" || !first.TrustedUntil.Equal(now.Add(48*time.Second)) {
		t.Errorf("got %+v", first)
	}
	for _, l := range []*jobs.Leases{a, b} {
		if _, err := l.Acquire(t.Context(), "x"); !errors.Is(err, jobs.ErrHeld) {
			t.Errorf("while held: %v", err)
		}
	}
	now = now.Add(30 * time.Second)
	first, err := a.Renew(t.Context(), first)
	if err != nil || first.Fence != 1 || !first.TrustedUntil.Equal(now.Add(48*time.Second)) {
		t.Errorf("renewed: %+v, %v", first, err)
	}
	if err := a.Resign(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Renew(t.Context(), first); !errors.Is(err, jobs.ErrLost) {
		t.Errorf("renewed after resigning: %v", err)
	}
	if second := acquire(t, b); second.Fence != 2 || second.Owner != "b" {
		t.Errorf("got %+v", second)
	}
}

func TestAnExpiredTermTouchesNothing(t *testing.T) {
	t.Parallel()
	coll := rows(t)
	a, b := jobs.NewLeases(coll, "a", long, nil), jobs.NewLeases(coll, "b", long, nil)
	late := acquire(t, a)
	expire(t, coll)
	if _, err := a.Renew(t.Context(), late); err != nil {
		t.Errorf("renewed late, but nobody else began: %v", err)
	}
	expire(t, coll)
	current := acquire(t, b)
	if current.Fence <= late.Fence {
		t.Errorf("fence %d after %d", current.Fence, late.Fence)
	}
	if _, err := a.Renew(t.Context(), late); !errors.Is(err, jobs.ErrLost) {
		t.Errorf("renewed another's term: %v", err)
	}
	if err := a.Resign(t.Context(), late); err != nil {
		t.Error(err)
	}
	if _, err := b.Renew(t.Context(), current); err != nil {
		t.Errorf("a late resignation ended the next term: %v", err)
	}
	guarded := func(l *jobs.Leases, term jobs.Term) error {
		return mongodb.Transaction(t.Context(), mongotest.Client(t), func(ctx context.Context) error { return l.Guard(ctx, term) })
	}
	if err := guarded(a, late); !errors.Is(err, jobs.ErrLost) {
		t.Errorf("guarded by a lost term: %v", err)
	}
	if err := guarded(b, current); err != nil {
		t.Errorf("guarded by the current term: %v", err)
	}
}

// A takeover in the middle of a guarded transaction makes it fail, though its
// guard had passed.
func TestGuardHoldsUntilTheCommit(t *testing.T) {
	t.Parallel()
	coll := rows(t)
	a, b := jobs.NewLeases(coll, "a", long, nil), jobs.NewLeases(coll, "b", long, nil)
	written := coll.Database().Collection(coll.Name() + "_writes")
	late := acquire(t, a)
	expire(t, coll)
	runs := 0
	err := mongodb.Transaction(t.Context(), mongotest.Client(t), func(ctx context.Context) error {
		if runs++; runs == 1 {
			// The snapshot begins here, before the takeover.
			if err := written.FindOne(ctx, bson.D{}).Err(); !errors.Is(err, mongo.ErrNoDocuments) {
				return err
			}
			acquire(t, b)
		}
		if err := a.Guard(ctx, late); err != nil {
			return err
		}
		_, err := written.InsertOne(ctx, bson.D{})
		return err
	})
	if !errors.Is(err, jobs.ErrLost) || runs != 2 {
		t.Errorf("%v after %d runs", err, runs)
	}
	if n, err := written.CountDocuments(t.Context(), bson.D{}); err != nil || n != 0 {
		t.Errorf("%d rows written, %v", n, err)
	}
}

func TestManyWantOneLease(t *testing.T) {
	t.Parallel()
	coll := rows(t)
	var wins atomic.Int32
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			_, err := jobs.NewLeases(coll, bson.NewObjectID().Hex(), long, nil).Acquire(t.Context(), "x")
			if err == nil {
				wins.Add(1)
			} else if !errors.Is(err, jobs.ErrHeld) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d hold the lease", wins.Load())
	}
}

func TestHoldRenewsAndResigns(t *testing.T) {
	t.Parallel()
	coll := rows(t)
	const short = 3 * time.Second
	a, b := jobs.NewLeases(coll, "a", short, nil), jobs.NewLeases(coll, "b", short, nil)
	boom := errors.New("boom")
	err := a.Hold(t.Context(), "x", func(ctx context.Context, held *jobs.Held) error {
		first := held.Term()
		for held.Term().TrustedUntil.Equal(first.TrustedUntil) {
			if err := b.Hold(ctx, "x", func(context.Context, *jobs.Held) error { return nil }); !errors.Is(err, jobs.ErrHeld) {
				t.Errorf("held twice: %v", err)
			}
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(20 * time.Millisecond):
			}
		}
		return boom
	})
	if !errors.Is(err, boom) || errors.Is(err, jobs.ErrLost) {
		t.Fatal(err)
	}
	acquire(t, b) // resigned: no wait for the expiry
}

func TestHoldEndsWithItsTerm(t *testing.T) {
	t.Parallel()
	coll := rows(t)
	a, b := jobs.NewLeases(coll, "a", 3*time.Second, nil), jobs.NewLeases(coll, "b", long, nil)
	err := a.Hold(t.Context(), "x", func(ctx context.Context, held *jobs.Held) error {
		expire(t, coll)
		acquire(t, b)
		<-ctx.Done()
		return nil
	})
	if !errors.Is(err, jobs.ErrLost) {
		t.Fatalf("got %v", err)
	}
}

func TestHoldEndsWhenTheStoreIsGone(t *testing.T) {
	t.Parallel()
	client, err := mongodb.Connect(t.Context(), mongotest.URI(t), mongodb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	coll := client.Database(mongotest.Database(t).Name()).Collection("leases_" + bson.NewObjectID().Hex())
	l := jobs.NewLeases(coll, "a", time.Second, nil)
	err = l.Hold(t.Context(), "x", func(ctx context.Context, held *jobs.Held) error {
		if err := client.Disconnect(ctx); err != nil {
			t.Error(err)
		}
		<-ctx.Done()
		return nil
	})
	if !errors.Is(err, jobs.ErrLost) {
		t.Fatalf("got %v", err)
	}
}
