package devicestore_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
)

// fenced checks that a write failed as the client has to see it.
func fenced(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, devicestore.ErrFenced) || !errors.Is(err, context.Canceled) {
		t.Errorf("%s: %v, want it fenced and canceled", what, err)
	}
}

// TestWhoWasPausedWritesNothing pauses a holder, lets another take over, delete
// and rewrite keys, and wakes it: each of its writes alone, as the first after
// the pause.
func TestWhoWasPausedWritesNothing(t *testing.T) {
	t.Parallel()
	for name, write := range writes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := mongotest.Database(t)
			channel := ids.New[ids.Channel]()
			var told atomic.Int32
			var toldOf error
			fence := held(1)
			fence.OnStop = func(cause error) { toldOf = cause; told.Add(1) }
			former := open(t, process(db), channel, fence)
			paused := pair(t, former, "999"+channel.String()[12:])
			settle(t, paused, "former")

			successor := open(t, process(db), channel, held(2)).Device()
			check(t, successor.Sessions.DeleteSession(t.Context(), addressOf(1)))
			check(t, successor.Identities.DeleteIdentity(t.Context(), addressOf(1)))
			check(t, successor.PreKeys.RemovePreKey(t.Context(), 1))
			check(t, successor.NCTSalt.DeleteNCTSalt(t.Context()))
			check(t, successor.SenderKeys.PutSenderKey(t.Context(), "group", addressOf(1), []byte("successor")))
			before := contents(t, channel)

			fenced(t, name, write(t.Context(), paused))
			if told.Load() != 1 || !errors.Is(toldOf, devicestore.ErrFenced) {
				t.Errorf("the owner was told %d times, of %v", told.Load(), toldOf)
			}
			if session, err := paused.Sessions.GetSession(t.Context(), addressOf(1)); err == nil {
				t.Errorf("a stopped holding still reads session %s", session)
			}
			for other, write := range writes {
				if other != "DeleteDevice" { // it would drop the device's JID
					fenced(t, other+" after "+name, write(t.Context(), paused))
				}
			}
			if told.Load() != 1 {
				t.Errorf("the owner was told %d times", told.Load())
			}
			if after := contents(t, channel); !reflect.DeepEqual(after, before) {
				t.Errorf("the rows changed:\n%v\n%v", before, after)
			}
			if n, err := db.Collection(devicestore.LIDs).CountDocuments(t.Context(), bson.D{{Key: "_id", Value: "1009"}}); n != 0 || err != nil {
				t.Errorf("an address was written: %d, %v", n, err)
			}
		})
	}
}

// TestTheDeletedStayDeleted lets the successor delete the device and pair anew.
func TestTheDeletedStayDeleted(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	channel, _, paused := paired(t, process(db))
	settle(t, paused, "former")
	successor := open(t, process(db), channel, held(2))
	check(t, successor.Device().Delete(t.Context()))
	anew := pair(t, successor, "999"+channel.String()[12:])
	settle(t, anew, "anew")
	before := contents(t, channel)
	fenced(t, "PutManySessions", paused.Sessions.PutManySessions(t.Context(), map[string][]byte{addressOf(1): []byte("stale")}))
	if after := contents(t, channel); !reflect.DeepEqual(after, before) {
		t.Errorf("the rows changed:\n%v\n%v", before, after)
	}
	if left := must(db.Collection(devicestore.Rows).CountDocuments(t.Context(), bson.D{{Key: "box", Value: []byte("stale")}})); left != 0 {
		t.Errorf("%d rows of the former device are back", left)
	}
}

// TestPausedWhileDecrypting takes the device over in the middle of a decryption:
// nothing of it is kept, whether it worked or found keys missing.
func TestPausedWhileDecrypting(t *testing.T) {
	t.Parallel()
	for name, outcome := range map[string]error{"it works": nil, "it fails": errors.New("no session")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := mongotest.Database(t)
			channel, _, paused := paired(t, process(db))
			settle(t, paused, "former")
			var before []bson.D
			err := paused.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error {
				check(t, paused.Sessions.PutSession(ctx, addressOf(1), []byte("stale")))
				settle(t, open(t, process(db), channel, held(2)).Device(), "successor")
				before = contents(t, channel)
				return errors.Join(outcome, paused.EventBuffer.PutBufferedEvent(ctx, [32]byte{9}, []byte("stale"), time.Now()))
			})
			fenced(t, "DoDecryptionTxn", err)
			if after := contents(t, channel); !reflect.DeepEqual(after, before) {
				t.Errorf("the rows changed:\n%v\n%v", before, after)
			}
		})
	}
}

// gate stops one command of a client until it is let through.
type gate struct {
	command, collection string
	armed               atomic.Bool
	reached, pass       chan struct{}
}

func newGate(command, collection string) *gate {
	return &gate{command: command, collection: collection, reached: make(chan struct{}), pass: make(chan struct{})}
}

func (g *gate) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		on, _ := e.Command.Lookup(e.CommandName).StringValueOK()
		if e.CommandName == g.command && (g.collection == "" || on == g.collection) && g.armed.CompareAndSwap(true, false) {
			close(g.reached)
			<-g.pass
		}
	}}
}

// TestPausedBeforeItsFirstCommand pauses the holder when it has decided to
// write, and everything is on its way.
func TestPausedBeforeItsFirstCommand(t *testing.T) {
	t.Parallel()
	g := newGate("update", devicestore.Devices)
	channel, _, paused := paired(t, process(watched(t, g.monitor())))
	settle(t, paused, "former")
	g.armed.Store(true)
	done := make(chan error, 1)
	go func() {
		done <- paused.Sessions.PutManySessions(t.Context(), map[string][]byte{addressOf(1): []byte("stale")})
	}()
	<-g.reached
	settle(t, open(t, process(mongotest.Database(t)), channel, held(2)).Device(), "successor")
	before := contents(t, channel)
	close(g.pass)
	fenced(t, "PutManySessions", <-done)
	if after := contents(t, channel); !reflect.DeepEqual(after, before) {
		t.Errorf("the rows changed:\n%v\n%v", before, after)
	}
}

// TestPausedBeforeItsCommit pauses the holder when all is written but the
// commit: whoever takes over waits for it, and sees all or nothing of it.
func TestPausedBeforeItsCommit(t *testing.T) {
	t.Parallel()
	g := newGate("commitTransaction", "")
	channel, _, paused := paired(t, process(watched(t, g.monitor())))
	g.armed.Store(true)
	written := make(chan error, 1)
	go func() {
		written <- paused.Sessions.PutManySessions(t.Context(), map[string][]byte{addressOf(1): []byte("last")})
	}()
	<-g.reached
	asked := make(chan struct{})
	taking := process(watched(t, &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		if e.CommandName == "findAndModify" {
			close(asked)
		}
	}}))
	type taken struct {
		holding *devicestore.Holding
		err     error
	}
	done := make(chan taken, 1)
	go func() {
		h, err := taking.Open(t.Context(), channel, held(2))
		done <- taken{h, err}
	}()
	<-asked
	select {
	case <-done:
		t.Fatal("the device was taken over in the middle of a transaction")
	case err := <-written:
		t.Fatalf("the write went on without its commit: %v", err)
	default:
	}
	close(g.pass)
	check(t, <-written)
	successor := <-done
	check(t, successor.err)
	session, err := successor.holding.Device().Sessions.GetSession(t.Context(), addressOf(1))
	if err != nil || string(session) != "last" {
		t.Errorf("the successor finds %q, %v", session, err)
	}
	fenced(t, "PutSession", paused.Sessions.PutSession(t.Context(), addressOf(1), []byte("stale")))
}

func TestOpenUnderALowerFence(t *testing.T) {
	t.Parallel()
	s := process(mongotest.Database(t))
	channel := ids.New[ids.Channel]()
	open(t, s, channel, held(5))
	if _, err := s.Open(t.Context(), channel, held(4)); !errors.Is(err, devicestore.ErrFenced) {
		t.Errorf("opened under a lower fence: %v", err)
	}
}

// TestManyOpenAtOnce lets many owners open a channel that nobody opened before:
// the highest fence gets it, whoever came first.
func TestManyOpenAtOnce(t *testing.T) {
	t.Parallel()
	const owners = 8
	s := process(mongotest.Database(t))
	for range 5 {
		channel := ids.New[ids.Channel]()
		var group sync.WaitGroup
		var holdings [owners + 1]*devicestore.Holding
		for fence := int64(1); fence <= owners; fence++ {
			group.Go(func() {
				h, err := s.Open(t.Context(), channel, held(fence))
				if err != nil && (fence == owners || !errors.Is(err, devicestore.ErrFenced)) {
					t.Errorf("fence %d: %v", fence, err)
				}
				holdings[fence] = h
			})
		}
		group.Wait()
		if t.Failed() {
			return
		}
		for fence, h := range holdings[1:owners] {
			if h != nil {
				d := must(h.NewDevice())
				d.ID = &ana
				fenced(t, fmt.Sprint("fence ", fence+1), d.Save(t.Context()))
			}
		}
		pair(t, holdings[owners], "999558")
	}
}

// TestOpenTwiceUnderOneFence is a client that is started again within a lease:
// what is left of the former one writes nothing.
func TestOpenTwiceUnderOneFence(t *testing.T) {
	t.Parallel()
	s := process(mongotest.Database(t))
	channel, _, former := paired(t, s)
	again := open(t, s, channel, held(1)).Device()
	check(t, again.Sessions.PutSession(t.Context(), addressOf(1), []byte("new")))
	fenced(t, "PutSession", former.Sessions.PutSession(t.Context(), addressOf(1), []byte("stale")))
}

// TestTheFenceOutlivesTheDevice deletes the device, and lets a former owner come.
func TestTheFenceOutlivesTheDevice(t *testing.T) {
	t.Parallel()
	s := process(mongotest.Database(t))
	channel, _, _ := paired(t, s)
	check(t, open(t, s, channel, held(2)).Device().Delete(t.Context()))
	if _, err := s.Open(t.Context(), channel, held(1)); !errors.Is(err, devicestore.ErrFenced) {
		t.Errorf("opened under a former fence: %v", err)
	}
	if h := open(t, s, channel, held(3)); h.Device() != nil {
		t.Error("the deleted device is back")
	}
}
