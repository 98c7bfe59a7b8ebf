package events

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
)

// placeBackoff is the pause after a batch that could not be placed.
var placeBackoff = jobs.Backoff{First: 50 * time.Millisecond, Most: 5 * time.Second}

// owner is what this server does for one account while it holds its lease.
type owner struct {
	room    *Service
	account ids.Account
	wake    chan struct{} // new events
	poked   chan struct{} // look through everything

	heard     heard
	queue     []queued // of a long backlog, what comes next; else empty
	replays   int64    // as of the last look
	endpoints map[ids.PlatformConfig]*endpoint
	running   sync.WaitGroup
	active    time.Time // when there last was something to do
}

func newOwner(room *Service, account ids.Account) *owner {
	return &owner{
		room: room, account: account, wake: make(chan struct{}, 1), poked: make(chan struct{}, 1),
		heard: heard{gap: true}, endpoints: map[ids.PlatformConfig]*endpoint{},
	}
}

// run works until there is nothing to do for a while, the room closes, or ctx,
// the lease's, ends.
func (o *owner) run(ctx context.Context, held *jobs.Held) error {
	defer o.running.Wait() // endpoints end with ctx, or with the room
	working, end := context.WithCancel(ctx)
	defer end()
	if err := o.look(working); err != nil {
		return err
	}
	o.active = time.Now()
	for failures := 0; o.room.begins.Err() == nil && ctx.Err() == nil; {
		err := o.placeAll(working, held)
		wait := IdleFor / 4
		switch {
		case errors.Is(err, jobs.ErrLost):
			return err
		case err != nil && ctx.Err() == nil:
			failures++
			wait = placeBackoff.After(failures)
			slog.WarnContext(ctx, "events were not placed", "account_id", string(o.account), "failures", failures, "error", err)
			o.rescan() // what was perhaps committed nobody was told of
		default:
			failures = 0
		}
		if o.idle() {
			return nil
		}
		o.await(working, wait, failures > 0)
	}
	if o.room.begins.Err() != nil && ctx.Err() == nil {
		o.running.Wait() // they finish what is under way
	}
	return nil
}

// await waits for news; after a failure for the whole pause.
func (o *owner) await(ctx context.Context, wait time.Duration, pausing bool) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	wake, poked := o.wake, o.poked
	if pausing {
		wake, poked = nil, nil
	}
	select {
	case <-ctx.Done():
	case <-o.room.begins.Done():
	case <-timer.C:
	case <-wake:
	case <-poked:
		if err := o.look(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "pending deliveries were not looked for", "account_id", string(o.account), "error", err)
		}
	}
}

// idle tells whether there was nothing to do for IdleFor. What comes in this
// very moment, the sweep finds.
func (o *owner) idle() bool {
	for _, e := range o.endpoints {
		if !e.isQuiet() {
			o.active = time.Now()
		}
	}
	return time.Since(o.active) >= IdleFor
}

// placeEvery is the least time from one transaction that had not its fill to the
// next: a few events at a time cost the store as much as many. An event that
// comes alone does not wait.
const placeEvery = 60 * time.Millisecond

// placeAll places batch after batch until none is left.
func (o *owner) placeAll(ctx context.Context, held *jobs.Held) error {
	for o.room.begins.Err() == nil {
		began := time.Now()
		made, placed, err := o.place(ctx, held)
		if err != nil || placed == 0 && !o.behind() {
			return err
		}
		o.active = time.Now()
		o.room.metrics.placed.Add(float64(placed))
		o.room.news(o.account)
		for config, rows := range made {
			o.endpoint(ctx, config).offer(rows.config, rows.pending)
		}
		if placed >= placeMost || len(o.queue) > 0 {
			continue
		}
		if jobs.Pause(o.room.begins, placeEvery-time.Since(began)) != nil || ctx.Err() != nil {
			return nil // run sees why
		}
	}
	return nil
}

// look starts the endpoints that have pending deliveries, and lets them read
// again when some were replayed.
func (o *owner) look(ctx context.Context) error {
	counter, err := o.room.counter(ctx, o.account)
	if err != nil {
		return err
	}
	var configs []ids.PlatformConfig
	err = o.room.rows.Distinct(ctx, "platformConfigId", bson.D{{Key: "pending", Value: true}, {Key: "accountId", Value: o.account}}).Decode(&configs)
	if err != nil {
		return fmt.Errorf("look for pending deliveries of account %s: %w", o.account, err)
	}
	for _, config := range configs {
		o.endpoint(ctx, config)
	}
	if counter.Replays != o.replays {
		o.replays = counter.Replays
		o.rescan()
	}
	for _, e := range o.endpoints {
		e.look()
	}
	return nil
}

// rescan lets every endpoint read its pending deliveries again.
func (o *owner) rescan() {
	for _, e := range o.endpoints {
		e.lose()
	}
}

// endpoint gives the endpoint of a config, started.
func (o *owner) endpoint(ctx context.Context, config ids.PlatformConfig) *endpoint {
	e := o.endpoints[config]
	if e == nil {
		e = newEndpoint(o.room, o.account, config)
		o.endpoints[config] = e
		o.running.Go(func() { e.run(ctx) })
	}
	return e
}
