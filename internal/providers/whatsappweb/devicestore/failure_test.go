package devicestore_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/vault"
)

// TestTheLeaseRunsOut uses a device after its lease was to be trusted.
func TestTheLeaseRunsOut(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	now := func() time.Time { return time.Unix(clock.Load(), 0) }
	clock.Store(1_800_000_000)
	var told error
	s := devicestore.New(devicestore.Options{DB: mongotest.Database(t), Vault: must(vault.New(masterKey)), Now: now})
	h := open(t, s, ids.New[ids.Channel](), devicestore.Fence{
		Number: 1, TrustedUntil: func() time.Time { return time.Unix(1_800_000_010, 0) }, OnStop: func(cause error) { told = cause },
	})
	d := pair(t, h, "999777")
	check(t, d.Sessions.PutSession(t.Context(), addressOf(1), []byte("one")))
	clock.Store(1_800_000_010)
	err := d.Sessions.PutSession(t.Context(), addressOf(1), []byte("two"))
	if !errors.Is(err, devicestore.ErrUntrusted) || !errors.Is(err, context.Canceled) || !errors.Is(told, devicestore.ErrUntrusted) {
		t.Errorf("written after the lease: %v, told %v", err, told)
	}
	if !errors.Is(h.Err(), devicestore.ErrUntrusted) {
		t.Errorf("the holding goes on: %v", h.Err())
	}
	if _, err := d.Sessions.GetSession(t.Context(), addressOf(1)); !errors.Is(err, devicestore.ErrUntrusted) {
		t.Errorf("read after the lease: %v", err)
	}
	if _, err := s.Open(t.Context(), ids.New[ids.Channel](), devicestore.Fence{TrustedUntil: now}); !errors.Is(err, devicestore.ErrUntrusted) {
		t.Errorf("opened without a lease: %v", err)
	}
}

// ending is a fence whose lease ends when it is told to.
func ending() (devicestore.Fence, *atomic.Pointer[time.Time]) {
	ends := &atomic.Pointer[time.Time]{}
	fence := held(1)
	fence.TrustedUntil = func() time.Time {
		if end := ends.Load(); end != nil {
			return *end
		}
		return time.Now().Add(time.Minute)
	}
	return fence, ends
}

// TestTheLeaseRunsOutDuringAWrite blocks a transaction by another one until the
// lease is over: it is given up, and never done.
func TestTheLeaseRunsOutDuringAWrite(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	channel := ids.New[ids.Channel]()
	fence, ends := ending()
	d := pair(t, open(t, process(db), channel, fence), "999778")
	release := block(t, channel)
	soon := time.Now().Add(200 * time.Millisecond)
	ends.Store(&soon)
	err := d.Sessions.PutSession(t.Context(), addressOf(1), []byte("late"))
	if !errors.Is(err, devicestore.ErrUntrusted) {
		t.Errorf("got %v", err)
	}
	release()
	session, err := open(t, process(db), channel, held(2)).Device().Sessions.GetSession(t.Context(), addressOf(1))
	if err != nil || session != nil {
		t.Errorf("the successor finds %q, %v", session, err)
	}
}

// TestTheLeaseRunsOutWhileAWriteIsGathered: it is never done, and the holding ends
// with it, so that nothing is acknowledged on the strength of it.
func TestTheLeaseRunsOutWhileAWriteIsGathered(t *testing.T) {
	t.Parallel()
	fence, ends := ending()
	h := open(t, process(mongotest.Database(t)), ids.New[ids.Channel](), fence)
	d := pair(t, h, "999780")
	soon := time.Now().Add(200 * time.Millisecond)
	ends.Store(&soon)
	err := d.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error {
		err := d.Sessions.PutSession(ctx, addressOf(1), []byte("late"))
		<-ctx.Done()
		return err
	})
	if !errors.Is(err, devicestore.ErrUntrusted) || !errors.Is(h.Err(), devicestore.ErrUntrusted) {
		t.Errorf("got %v, and the holding ended with %v", err, h.Err())
	}
}

// TestALeaseThatIsRenewedIsTrusted blocks a transaction for longer than the lease
// had when it began: since it is renewed all the time, the write is done.
func TestALeaseThatIsRenewedIsTrusted(t *testing.T) {
	t.Parallel()
	channel := ids.New[ids.Channel]()
	var asked atomic.Int64
	again := make(chan struct{})
	fence := held(1)
	fence.TrustedUntil = func() time.Time {
		if asked.Add(-1) == 0 {
			close(again)
		}
		return time.Now().Add(200 * time.Millisecond)
	}
	d := pair(t, open(t, process(mongotest.Database(t)), channel, fence), "999779")
	release := block(t, channel)
	asked.Store(6) // by the two contexts of a write as it begins, and when their first time was over
	written := make(chan error, 1)
	go func() { written <- d.Sessions.PutSession(t.Context(), addressOf(1), []byte("in time")) }()
	select {
	case <-again:
	case err := <-written:
		t.Errorf("given up: %v", err)
	}
	release()
	if t.Failed() {
		return
	}
	check(t, <-written)
}

// block has a transaction of somebody else's on a device's row until the
// returned function ends it.
func block(t *testing.T, channel ids.Channel) func() {
	t.Helper()
	began, over, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	gaveUp := errors.New("gave up")
	db := mongotest.Database(t)
	go func() {
		defer close(done)
		_ = mongodb.Transaction(context.Background(), db.Client(), func(ctx context.Context) error {
			_, err := db.Collection(devicestore.Devices).UpdateOne(ctx, bson.D{{Key: "_id", Value: channel}}, bson.D{{Key: "$set", Value: bson.D{{Key: "blocked", Value: true}}}})
			if err != nil {
				return err
			}
			close(began)
			<-over
			return gaveUp
		})
	}()
	<-began
	return func() { close(over); <-done }
}

// TestAWriteConflictIsNobodysBusiness lets a decryption meet another transaction:
// it is done in the end, decrypting once, and the client sees no error, so that
// no retry receipt goes out.
func TestAWriteConflictIsNobodysBusiness(t *testing.T) {
	t.Parallel()
	conflicts := make(chan struct{}, 1000)
	db := watched(t, &event.CommandMonitor{Failed: func(_ context.Context, e *event.CommandFailedEvent) {
		if e.CommandName == "update" {
			conflicts <- struct{}{}
		}
	}})
	channel, h, d := paired(t, process(db))
	release := block(t, channel)
	ran := 0
	done := make(chan error, 1)
	go func() {
		done <- d.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error {
			ran++
			return errors.Join(d.Sessions.PutSession(ctx, addressOf(1), []byte("new")), d.EventBuffer.PutBufferedEvent(ctx, [32]byte{1}, []byte("plain"), time.Now()))
		})
	}()
	<-conflicts
	<-conflicts
	release()
	check(t, <-done)
	if ran != 1 || h.Err() != nil {
		t.Errorf("it ran %d times; the holding: %v", ran, h.Err())
	}
	event, err := d.EventBuffer.GetBufferedEvent(t.Context(), [32]byte{1})
	if err != nil || event == nil {
		t.Errorf("the message is not kept: %v, %v", event, err)
	}
}

// broken is a device whose store is gone.
func broken(t *testing.T, told *error) (ids.Channel, *store.Device) {
	t.Helper()
	db := watched(t, nil)
	channel := ids.New[ids.Channel]()
	fence := held(1)
	fence.OnStop = func(cause error) { *told = cause }
	d := pair(t, open(t, process(db), channel, fence), "999"+channel.String()[12:])
	check(t, db.Client().Disconnect(context.Background()))
	return channel, d
}

// TestAFailureOfTheStoreIsNoAnswer loses the store while decrypting. Whatever
// the decryption makes of it, the client sees an end of its context, which it
// neither answers nor acknowledges; and its owner hears before it.
func TestAFailureOfTheStoreIsNoAnswer(t *testing.T) {
	t.Parallel()
	for name, becomes := range map[string]func(error) error{
		"handed on": func(err error) error { return err },
		"renamed":   func(error) error { return errors.New("no session with that user") },
		"hidden":    func(error) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var told error
			_, d := broken(t, &told)
			err := d.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error {
				_, err := d.Sessions.GetSession(ctx, addressOf(1))
				if err == nil || told == nil {
					t.Errorf("the failure: %v, told %v", err, told)
				}
				return becomes(err)
			})
			if !errors.Is(err, context.Canceled) || errors.Is(err, devicestore.ErrFenced) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAFailureOfTheCommitIsNoAnswer(t *testing.T) {
	t.Parallel()
	var told error
	_, d := broken(t, &told)
	err := d.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error {
		return d.EventBuffer.PutBufferedEvent(ctx, [32]byte{1}, []byte("plain"), time.Now())
	})
	if !errors.Is(err, context.Canceled) || !errors.Is(told, context.Canceled) {
		t.Errorf("got %v, told %v", err, told)
	}
}

// TestTheCallerGivesUp ends a call's context: that is the caller's affair, and
// the device goes on.
func TestTheCallerGivesUp(t *testing.T) {
	t.Parallel()
	channel, h, d := paired(t, process(mongotest.Database(t)))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, write := range writes {
		if err := write(gone, d); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.Sessions.GetSession(gone, addressOf(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("read: %v", err)
	}
	late, giveUp := context.WithCancel(t.Context())
	err := d.EventBuffer.DoDecryptionTxn(late, func(ctx context.Context) error {
		defer giveUp()
		return d.Sessions.PutSession(ctx, addressOf(1), []byte("given up"))
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("decrypted: %v", err)
	}
	check(t, h.Err())
	check(t, d.Sessions.PutSession(t.Context(), addressOf(2), []byte("goes on")))
	d = open(t, process(mongotest.Database(t)), channel, held(2)).Device()
	for number, want := range map[uint16]string{1: "", 2: "goes on"} {
		if session, err := d.Sessions.GetSession(t.Context(), addressOf(number)); err != nil || string(session) != want {
			t.Errorf("session %d is %q, %v", number, session, err)
		}
	}
}

// TestTheCallerGivesUpWaiting ends the context of a write that has no turn yet.
func TestTheCallerGivesUpWaiting(t *testing.T) {
	t.Parallel()
	_, h, d := paired(t, process(mongotest.Database(t)))
	check(t, d.EventBuffer.DoDecryptionTxn(t.Context(), func(context.Context) error {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- d.Sessions.PutSession(ctx, addressOf(1), []byte("waits")) }()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		return nil
	}))
	check(t, h.Err())
}

func TestClose(t *testing.T) {
	t.Parallel()
	_, h, d := paired(t, process(mongotest.Database(t)))
	began, finish := make(chan struct{}), make(chan struct{})
	written := make(chan error, 1)
	go func() {
		written <- d.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error {
			close(began)
			<-finish
			return d.Sessions.PutSession(ctx, addressOf(1), []byte("one"))
		})
	}()
	<-began
	closed := make(chan error, 1)
	go func() { closed <- h.Close(t.Context()) }()
	select {
	case err := <-closed:
		t.Fatalf("closed during a write: %v", err)
	default:
	}
	close(finish)
	check(t, <-written)
	check(t, <-closed)
	check(t, h.Close(t.Context()))
	if err := d.Sessions.PutSession(t.Context(), addressOf(1), []byte("two")); !errors.Is(err, devicestore.ErrClosed) {
		t.Errorf("written after Close: %v", err)
	}
	if _, err := d.Sessions.GetSession(t.Context(), addressOf(1)); !errors.Is(err, devicestore.ErrClosed) {
		t.Errorf("read after Close: %v", err)
	}
}

func TestCloseGivesUpWaiting(t *testing.T) {
	t.Parallel()
	_, h, d := paired(t, process(mongotest.Database(t)))
	err := d.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := h.Close(gone); !errors.Is(err, context.Canceled) {
			t.Errorf("close: %v", err)
		}
		return d.Sessions.PutSession(ctx, addressOf(1), []byte("one"))
	})
	if !errors.Is(err, devicestore.ErrClosed) {
		t.Errorf("got %v", err)
	}
}
