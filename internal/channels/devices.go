package channels

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// OwnersCollection has the lease of each linked device.
	OwnersCollection = "device_owners"
	// deviceLease is how long a server that died keeps others from its devices.
	deviceLease = 9 * time.Second
	// deviceLook is how often a server looks for devices that nobody holds, and
	// at what is wanted of those that it does.
	deviceLook = time.Second
	// openingMost is how many connections one server opens at once: each costs
	// a handshake, and WhatsApp sees them come from one address.
	openingMost = 16
	// openSpread is the most that the opening of one connection is delayed, so
	// that servers share the devices of one that died.
	openSpread = 300 * time.Millisecond
)

// Held is told that this server holds a channel's connection from now on.
type Held func(ctx context.Context, channel ids.Channel)

// Gone is told that a channel's device is no more, or is about to be; again is no
// error.
type Gone func(ctx context.Context, channel ids.Channel) error

// devices are the connections with a life of their own that this server holds.
type devices struct {
	leases  *jobs.Leases
	look    chan struct{} // look now
	opening chan struct{} // a place for each that is being opened
	ctx     context.Context
	stop    context.CancelFunc
	wg      sync.WaitGroup

	mu     sync.Mutex
	closed bool
	taken  map[ids.Channel]*device // held, or being taken
	wanted []ids.Channel           // as last looked at
}

// device is one of them.
type device struct {
	wish wish       // what it was opened for
	held *jobs.Held // the lease; nil before it is taken, and after
	stop context.CancelCauseFunc
	conn providers.Conn // nil until it is open
}

// wish is what is wanted of a connection; any other needs a new one.
type wish struct {
	as       providers.Channel // what the adapter is told, but for the lease
	restarts int64
}

var (
	errUnwanted = errors.New("the connection is not wanted any more")
	errChanged  = errors.New("what the connection must know has changed")
)

func newDevices(leases *jobs.Leases) *devices {
	d := &devices{leases: leases, look: make(chan struct{}, 1), opening: make(chan struct{}, openingMost), taken: map[ids.Channel]*device{}}
	d.ctx, d.stop = context.WithCancel(context.Background())
	return d
}

// conn gives the connection that this server holds; nil when it holds none.
func (d *devices) conn(id ids.Channel) providers.Conn {
	d.mu.Lock()
	defer d.mu.Unlock()
	if one := d.taken[id]; one != nil {
		return one.conn
	}
	return nil
}

// fence gives the fence of a device that this server holds.
func (d *devices) fence(id ids.Channel) (fence int64, here bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one := d.taken[id]
	if one == nil || one.conn == nil || one.held == nil {
		return 0, false
	}
	return one.held.Term().Fence, true
}

// take begins to hold a device, unless this server does already or stops.
func (d *devices) take(id ids.Channel, hold func(ctx context.Context, one *device)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.taken[id] != nil {
		return
	}
	ctx, stop := context.WithCancelCause(d.ctx)
	one := &device{stop: stop}
	d.taken[id] = one
	d.wg.Go(func() {
		defer func() {
			stop(nil)
			d.mu.Lock()
			delete(d.taken, id)
			d.mu.Unlock()
		}()
		hold(ctx, one)
	})
}

// ids lists the devices that this server holds.
func (d *devices) ids() []ids.Channel {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]ids.Channel, 0, len(d.taken))
	for id, one := range d.taken {
		if one.conn != nil {
			list = append(list, id)
		}
	}
	return list
}

func (d *devices) opened(one *device, wanted wish, conn providers.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one.wish, one.conn = wanted, conn
}

func (d *devices) gone(one *device) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one.conn = nil
}

// under notes the lease that a device is opened under.
func (d *devices) under(one *device, held *jobs.Held) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one.held = held
}

// term gives the lease of a device that this server holds or opens.
func (d *devices) term(id ids.Channel) (jobs.Term, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if one := d.taken[id]; one != nil && one.held != nil {
		return one.held.Term(), true
	}
	return jobs.Term{}, false
}

// shown compares what is wanted with what is held, and ends what is held
// otherwise.
func (d *devices) shown(wanted map[ids.Channel]wish) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wanted = slices.Collect(maps.Keys(wanted))
	for id, one := range d.taken {
		now, ok := wanted[id]
		switch {
		case !ok:
			one.stop(errUnwanted)
		case one.conn != nil && one.wish != now:
			one.stop(errChanged)
		}
	}
}

func (d *devices) close(ctx context.Context) error {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.stop()
	done := make(chan struct{})
	go func() {
		d.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close the linked devices: %w", ctx.Err())
	}
}
