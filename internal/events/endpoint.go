package events

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
)

const (
	// windowMost is how many pending deliveries of an endpoint are in memory.
	windowMost = 5000
	// parallel is how many calls of one endpoint are under way at once.
	parallel = 32
	// renderMost is how many events are rendered at once.
	renderMost = 100
	// renderedFor is how long what an event shows is believed to be as it is.
	renderedFor = time.Second
	// configFor is how long a config is believed to be as it was.
	configFor = time.Second
	// tick is the longest time between two looks of an endpoint that waits.
	tick = time.Second
)

// Reasons of deliveries that are failed without a refusal of their own.
const (
	disabledReason = "The platform config is disabled: its URL answered 410. Set the URL again, then replay."
	noURLReason    = "The platform config has no URL any more."
	expiredReason  = "The event is not kept any more."
	silenceReason  = "The URL took no event for three days."
)

// endpoint delivers to one platform config, on the server that owns its
// account. All its fields but the offers belong to the goroutine of run.
type endpoint struct {
	room    *Service
	account ids.Account
	id      ids.PlatformConfig
	wake    chan struct{}
	quiet   atomic.Bool // nothing pending, as of the last look

	mu      sync.Mutex
	offered []offered                 // new ones, not yet in the window
	newest  *platforms.Config         // as of the last offer; nil: looked at already
	erased  map[ids.Channel]time.Time // of which persons were erased, and when
	lost    bool                      // the store may have pending ones that were not offered
	recount bool                      // it is to be seen whether it has

	writing sync.Mutex // held while marks are written down

	window *window
	// complete: all that is pending is in the window or comes as an offer.
	complete bool
	readTo   int64                     // position up to which the store was read
	highest  int64                     // position up to which deliveries have ever been taken in
	settling map[ids.Delivery]struct{} // settled, but not in the store yet
	config   platforms.Config          // as of looked
	looked   time.Time
	signers  []*standardwebhooks.Webhook // as of the last rendering
	health   health
	parking  string // why everything is about to be parked

	marks     []mark
	flushing  bool
	flushAt   time.Time // not before
	rendering bool
	prepared  int       // items that were rendered and not sent yet
	renderAt  time.Time // not before, after a failure
	stale     time.Time // what was read before is not believed any more

	results  chan result
	rendered chan renderedBatch
	flushed  chan flush
	under    sync.WaitGroup // what run has started
}

func newEndpoint(room *Service, account ids.Account, id ids.PlatformConfig) *endpoint {
	return &endpoint{
		room: room, account: account, id: id, wake: make(chan struct{}, 1), lost: true,
		erased: map[ids.Channel]time.Time{},
		window: newWindow(), settling: map[ids.Delivery]struct{}{},
		results: make(chan result, parallel), rendered: make(chan renderedBatch, 1), flushed: make(chan flush, 1),
	}
}

// offer hands over deliveries that were just made, in order, and the config as
// it was then.
func (e *endpoint) offer(config platforms.Config, rows []offered) {
	e.mu.Lock()
	e.newest = &config
	if len(e.offered) > windowMost {
		e.offered, e.lost = nil, true
	} else {
		e.offered = append(e.offered, rows...)
	}
	e.mu.Unlock()
	e.quiet.Store(false)
	signal(e.wake)
}

// lose lets the endpoint read all that is pending again.
func (e *endpoint) lose() {
	e.mu.Lock()
	e.lost = true
	e.mu.Unlock()
	e.quiet.Store(false)
	signal(e.wake)
}

// look lets the endpoint see what became of its config, and whether the store has
// pending ones that nobody told of.
func (e *endpoint) look() {
	e.mu.Lock()
	e.recount = true
	e.mu.Unlock()
	signal(e.wake)
}

func (e *endpoint) isQuiet() bool { return e.quiet.Load() }

// run delivers until ctx ends, or, when the room closes, until what is under
// way is done and written down.
func (e *endpoint) run(ctx context.Context) {
	defer e.under.Wait()
	e.room.enter(e)
	defer e.room.leave(e)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		closing := e.room.begins.Err() != nil
		if !closing {
			if err := e.work(ctx); err != nil && ctx.Err() == nil {
				slog.WarnContext(ctx, "deliveries wait for the store", "platform_config_id", e.id.String(), "error", err)
			}
		}
		e.flush(ctx, closing)
		if closing && len(e.window.busy) == 0 && !e.flushing && len(e.marks) == 0 {
			return
		}
		timer.Reset(e.wait())
		e.await(ctx, timer.C, closing)
	}
}

func (e *endpoint) await(ctx context.Context, timer <-chan time.Time, closing bool) {
	closes := e.room.begins.Done()
	if closing {
		closes = nil
	}
	select {
	case <-ctx.Done():
	case <-closes:
	case <-timer:
	case <-e.wake:
	case r := <-e.results:
		e.settle(ctx, r)
	case batch := <-e.rendered:
		e.take(batch)
	case done := <-e.flushed:
		e.written(done)
	}
}

// wait is how long nothing happens by itself.
func (e *endpoint) wait() time.Duration {
	next := tick
	now := e.room.now()
	at, some := e.window.next()
	switch {
	case !some, len(e.window.busy) > 0 && e.health.down: // the probe's end is waited for
	case e.health.down:
		next = min(next, max(at.Sub(now), e.health.probeAt.Sub(now)))
	case at.After(now):
		next = min(next, at.Sub(now))
	}
	if len(e.marks) > 0 && !e.flushing {
		next = min(next, time.Until(e.flushAt))
	}
	return max(next, 5*time.Millisecond)
}

// work does all that can be done now.
func (e *endpoint) work(ctx context.Context) error {
	if err := e.takeIn(ctx); err != nil {
		return err
	}
	if len(e.window.byID) == 0 {
		e.quiet.Store(e.complete && len(e.marks) == 0 && !e.flushing)
		return nil
	}
	if err := e.lookUp(ctx); err != nil {
		return err
	}
	if e.parking != "" {
		return e.parkAll(ctx)
	}
	e.begin(ctx)
	return nil
}

// lookUp sees what became of the config since the last look.
func (e *endpoint) lookUp(ctx context.Context) error {
	e.parking = parkingReason(e.config)
	// Nothing is parked by what may have changed.
	if e.parking != "" || time.Since(e.looked) >= configFor {
		found, err := e.room.platforms.Fresh(ctx, e.account, e.id)
		if err != nil {
			return err
		}
		if found[e.id].URL != e.config.URL {
			e.health.refused = nil // by another one
		}
		e.config, e.looked = found[e.id], time.Now()
		e.parking = parkingReason(e.config)
	}
	e.follow(ctx, e.config.State)
	return nil
}

// parkingReason says why nothing can be delivered to a config; empty when it
// can.
func parkingReason(config platforms.Config) string {
	switch {
	case config.URL == "": // or deleted
		return noURLReason
	case config.State.Status == platforms.Disabled:
		return disabledReason
	default:
		return ""
	}
}

// begin starts as many calls as may be under way.
func (e *endpoint) begin(ctx context.Context) {
	now := e.room.now()
	most := parallel
	if e.health.down {
		e.parkOld(now)
		if most = 1; e.health.probeAt.After(now) {
			return
		}
	}
	for len(e.window.busy) < most && len(e.marks) < 10*renderMost {
		it := e.next(now)
		if it == nil {
			return
		}
		switch {
		case it.missing != "":
			e.window.begin(it)
			e.park(it, it.missing, nil)
		case !e.fresh(it):
			e.render(ctx, now, most)
			return
		default:
			e.call(ctx, it)
		}
	}
	if !e.health.down && e.prepared < renderMost/2 {
		e.render(ctx, now, most)
	}
}

// fresh tells whether an item can be sent as it is.
func (e *endpoint) fresh(it *item) bool {
	return it.body != nil && it.renderedAt.After(e.stale) && time.Since(it.renderedAt) < renderedFor
}

func (e *endpoint) call(ctx context.Context, it *item) {
	e.window.begin(it)
	r := request{url: e.config.URL, event: it.Event, body: it.body, signers: e.signers}
	e.spend(it)
	e.under.Go(func() {
		res := e.room.post(ctx, r)
		res.item = it
		e.results <- res // there is room for all
	})
}

// spend forgets an item's body.
func (e *endpoint) spend(it *item) {
	if it.body != nil {
		it.body = nil
		e.prepared--
	}
}

// enter and leave keep the list of what this server delivers to.
func (s *Service) enter(e *endpoint) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoints[e] = struct{}{}
}

func (s *Service) leave(e *endpoint) {
	s.mu.Lock()
	delete(s.endpoints, e)
	s.mu.Unlock()
	if e.health.down {
		s.metrics.down.Dec()
	}
}

func (s *Service) allEndpoints() []*endpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*endpoint, 0, len(s.endpoints))
	for e := range s.endpoints {
		list = append(list, e)
	}
	return list
}
