package devicestore_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"go.mau.fi/whatsmeow/store"
	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
)

// TestDevicesWriteTogether lets many devices of a process write at once, one of
// which is another's by now: that one writes nothing, all others everything, in
// fewer transactions than writes.
func TestDevicesWriteTogether(t *testing.T) {
	t.Parallel()
	const devices, rounds = 12, 10
	var commits atomic.Int32
	s := process(watched(t, &event.CommandMonitor{Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) {
		if e.CommandName == "commitTransaction" {
			commits.Add(1)
		}
	}}))
	lost, _, former := paired(t, s)
	var others []*store.Device
	for range devices {
		_, _, d := paired(t, s)
		others = append(others, d)
	}
	open(t, process(mongotest.Database(t)), lost, held(2))
	before := len(contents(t, lost))
	commits.Store(0)
	var group sync.WaitGroup
	for _, d := range others {
		group.Go(func() {
			for round := range rounds {
				if err := d.Sessions.PutSession(t.Context(), addressOf(1), fmt.Append(nil, round)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	fenced(t, "PutSession", former.Sessions.PutSession(t.Context(), addressOf(1), []byte("stale")))
	group.Wait()
	if n := commits.Load(); n >= devices*rounds {
		t.Errorf("%d transactions for %d writes", n, devices*rounds)
	}
	for _, d := range others {
		if session, err := d.Sessions.GetSession(t.Context(), addressOf(1)); err != nil || string(session) != fmt.Sprint(rounds-1) {
			t.Errorf("the session of %s is %q, %v", d.GetJID(), session, err)
		}
	}
	if after := len(contents(t, lost)); after != before {
		t.Errorf("the lost device has %d rows, had %d", after, before)
	}
}

// TestOneDeviceHoldsUpNobody has another transaction on one device's row: its
// write waits, those of the others go through.
func TestOneDeviceHoldsUpNobody(t *testing.T) {
	t.Parallel()
	s := process(mongotest.Database(t))
	blocked, _, slow := paired(t, s)
	_, _, other := paired(t, s)
	release := block(t, blocked)
	done := make(chan error, 1)
	go func() { done <- slow.Sessions.PutSession(t.Context(), addressOf(1), []byte("late")) }()
	for n := range 20 {
		check(t, other.Sessions.PutSession(t.Context(), addressOf(1), fmt.Append(nil, n)))
	}
	select {
	case err := <-done:
		t.Errorf("the blocked write ended with %v", err)
	default:
	}
	release()
	check(t, <-done)
}
