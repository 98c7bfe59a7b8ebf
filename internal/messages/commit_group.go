package messages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/sessions"
)

const (
	// batchMost is how many changes one transaction takes.
	batchMost = 128
	// backlogMost is how many changes may wait before callers wait.
	backlogMost = 16_384
	// batchPatience bounds one batch with all its retries; once it is split, each
	// change of it.
	batchPatience = 20 * time.Second
	// triesTogether is how often a batch is tried as a whole before its changes
	// are tried one by one.
	triesTogether = 8
	// checksAfterDuplicate is for how many batches ids are looked up beforehand
	// once a duplicate broke a transaction: redeliveries come in swarms.
	checksAfterDuplicate = 200
)

// errStale: a batch was planned on rows that have changed since.
var errStale = errors.New("a row changed since it was read")

// errClosed: the group commit takes no more changes.
var errClosed = fault.New(fault.ProviderUnavailable, "This server is shutting down. Try again; another server, or this one after its restart, will take the request.")

// change is one item of a group commit. Its methods are called by one
// goroutine; what it has learned may be read once submit has returned nil.
type change interface {
	// route says whose line the change stands in: changes of one route are
	// committed in order.
	route() string
	// wants names the rows that the change must see.
	wants(w *wants)
	// apply plans the change. It may run several times, each time on fresh
	// rows, and must then forget what it planned before. An error answers
	// this change alone.
	apply(ctx context.Context, b *batch) error
}

// pending counts a caller's changes down.
type pending struct {
	left atomic.Int32
	done chan struct{}
}

func (p *pending) settle() {
	if p.left.Add(-1) == 0 {
		close(p.done)
	}
}

// item is a change on its way.
type item struct {
	change change
	route  string
	owner  *pending
	first  bool // of its caller's changes
	err    error
}

func (it *item) finish(err error) {
	it.err = err
	it.owner.settle()
}

// group is the group commit of one process.
type group struct {
	store   *store
	backlog *backlog
	memory  *memory
	metrics *commitMetrics
	tracer  trace.Tracer
	wg      sync.WaitGroup
	// opened hears of sessions that a batch has opened; it must not wait.
	opened func(list []sessions.Session)
}

func newGroup(st *store, metrics *commitMetrics, opened func(list []sessions.Session)) *group {
	g := &group{store: st, backlog: newBacklog(backlogMost), memory: newMemory(), metrics: metrics, tracer: newTracer(), opened: opened}
	for range worthwhile {
		g.wg.Go(g.loop)
	}
	return g
}

// close takes no more changes, lets those that are queued finish, and returns.
func (g *group) close() {
	g.backlog.close()
	g.wg.Wait()
}

// submit commits changes and waits for them. The first error of a change comes
// back; an error of ctx leaves it open whether they were done.
func (g *group) submit(ctx context.Context, changes ...change) error {
	ctx, span := g.tracer.Start(ctx, "commit")
	defer span.End()
	owner := &pending{done: make(chan struct{})}
	owner.left.Store(int32(len(changes)))
	items := make([]item, len(changes))
	for i, ch := range changes {
		items[i] = item{change: ch, route: ch.route(), owner: owner, first: i == 0}
		if err := g.backlog.put(ctx, &items[i]); err != nil {
			return err
		}
	}
	select {
	case <-owner.done:
	case <-ctx.Done():
		return fmt.Errorf("wait for a commit: %w", ctx.Err())
	}
	for i := range items {
		if items[i].err != nil {
			return items[i].err
		}
	}
	return nil
}

func (g *group) loop() {
	for {
		items, flight, ok := g.backlog.take(batchMost)
		if !ok {
			return
		}
		start := time.Now()
		g.run(items)
		g.backlog.land(flight)
		g.metrics.batch(len(items), time.Since(start))
	}
}

// run commits items: as one batch, again as long as the failure is one that a
// retry mends, and at last one by one, so that a single bad one fails alone.
func (g *group) run(items []*item) {
	ctx, cancel := context.WithTimeout(context.Background(), batchPatience)
	defer cancel()
	for try := 0; len(items) > 0; try++ {
		left, err := g.attempt(ctx, items, try)
		if err == nil && try < 3*triesTogether {
			items = left // those that had to leave the batch for a moment
			continue
		}
		if err == nil {
			err = errStale // merged again and again
		}
		items = left
		g.metrics.retry()
		if mongodb.DuplicateIndex(err) == dedupeIndex {
			g.memory.checks.Store(checksAfterDuplicate)
		}
		again := retryable(err) && ctx.Err() == nil
		switch {
		case again && try < triesTogether:
			time.Sleep(rand.N(time.Millisecond << min(try, 5)))
		case len(items) > 1 && ctx.Err() == nil:
			slog.Warn("a batch is split", "changes", len(items), "error", err)
			for _, it := range items {
				g.run([]*item{it})
			}
			return
		case again && try < 3*triesTogether:
			time.Sleep(rand.N(5 * time.Millisecond << min(try-triesTogether, 5)))
		default:
			for _, it := range items {
				it.finish(fmt.Errorf("commit a change: %w", err))
			}
			return
		}
	}
}

// retryable tells the failures that another plan on fresh rows may mend.
func retryable(err error) bool {
	return errors.Is(err, errStale) || mongodb.IsDuplicateKey(err) || mongodb.IsTransient(err) || mongo.IsNetworkError(err)
}
