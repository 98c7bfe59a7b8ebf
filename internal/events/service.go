package events

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/platforms"
)

const (
	// IdleFor is how long an account's events stay with their server when there
	// is nothing to do.
	IdleFor = time.Minute
	// leaseFor is how long a server that died keeps others from its accounts.
	leaseFor = 10 * time.Second
	// sweepEvery is how long work may go unnoticed that no stream told of.
	sweepEvery = 2 * time.Second
	// emptyEvery is how long what a fleeting event says may outlive its time.
	emptyEvery = time.Minute
	// measureEvery is how old the numbers of the queues may be.
	measureEvery = 15 * time.Second
	// readersMost is how many listeners read from the store at once.
	readersMost = 8
)

// Options is what the room is made of.
type Options struct {
	DB        *mongo.Database
	Platforms *platforms.Service
	Subjects  Reader
	// Client calls the platforms' URLs; it follows no redirect and gives up
	// after Timeout.
	Client   *http.Client
	Now      func() time.Time
	Registry prometheus.Registerer
	// Kept is how long events and deliveries are kept; 0: the constant Kept.
	Kept time.Duration
	// Bell is the server's, shared with others; nil: one of its own.
	Bell *mongodb.Bell
}

// Service places and delivers events.
type Service struct {
	db        *mongo.Database
	events    *mongo.Collection
	rows      *mongo.Collection
	counters  *mongo.Collection
	leases    *jobs.Leases
	platforms *platforms.Service
	subjects  Reader
	client    *http.Client
	now       func() time.Time
	metrics   *metrics
	keptFor   time.Duration
	// deliveryIDs are of the rows that this server makes.
	deliveryIDs *deliveryIDs
	bell        *mongodb.Bell

	sweepNext time.Time // not before; the sweep's own

	ctx     context.Context // of what is under way
	stop    context.CancelFunc
	begins  context.Context // ended: nothing more begins
	shut    context.CancelFunc
	streams context.Context // ended: no stream goes on
	hush    context.CancelFunc
	wg      sync.WaitGroup // owners

	mu        sync.Mutex
	owned     map[ids.Account]*owner
	endpoints map[*endpoint]struct{}
	notTill   map[ids.Account]time.Time // accounts that others own, by when to ask again
	feeds     map[ids.Account]*feed

	readers chan struct{} // a place for each listener that reads from the store
}

// NewService makes the room; nothing happens before its Loops run. Close ends it.
func NewService(o Options) *Service {
	s := &Service{
		db: o.DB, events: o.DB.Collection(Collection), rows: o.DB.Collection(DeliveriesCollection), counters: o.DB.Collection(CountersCollection),
		platforms: o.Platforms, subjects: o.Subjects, client: o.Client, metrics: newMetrics(o.Registry),
		// By the true clock: a lease is about how long a process really takes.
		leases:  jobs.NewLeases(o.DB.Collection(OwnersCollection), uuid.NewString(), leaseFor, nil),
		now:     func() time.Time { return o.Now().UTC().Truncate(time.Millisecond) },
		keptFor: cmp.Or(o.Kept, Kept), deliveryIDs: newDeliveryIDs(),
		owned: map[ids.Account]*owner{}, notTill: map[ids.Account]time.Time{}, endpoints: map[*endpoint]struct{}{},
		feeds: map[ids.Account]*feed{}, readers: make(chan struct{}, readersMost),
	}
	if s.bell = o.Bell; s.bell == nil {
		s.bell = mongodb.NewBell(o.DB)
	}
	s.listenTo(s.bell)
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.begins, s.shut = context.WithCancel(s.ctx)
	s.streams, s.hush = context.WithCancel(s.begins)
	return s
}

// EndStreams ends the streams, which have no end of their own; their clients
// go on at another server.
func (s *Service) EndStreams() { s.hush() }

// Close begins nothing more, waits for the calls under way, writes down what
// came of them, and gives the accounts back. When ctx ends first, calls are cut
// off: they are made again.
func (s *Service) Close(ctx context.Context) error {
	s.mu.Lock() // no owner or feed begins while wg is waited for
	s.shut()
	s.mu.Unlock()
	done := make(chan struct{})
	go func() {
		s.wg.Wait()
		close(done)
	}()
	defer s.stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		s.stop()
		<-done
		return fmt.Errorf("deliveries under way were cut off; they are made again: %w", ctx.Err())
	}
}

// Loop is something that this room must do again and again; app runs it.
type Loop struct {
	Name     string
	Interval time.Duration
	Run      func(ctx context.Context) error
}

// Loops lists what must run beside the requests, on every server.
func (s *Service) Loops() []Loop {
	return []Loop{
		{Name: "events_heard", Interval: time.Second, Run: s.bell.Listen},
		{Name: "events_sweep", Interval: sweepEvery, Run: s.sweep},
		{Name: "events_emptied", Interval: emptyEvery, Run: s.empty},
		{Name: "deliveries_measured", Interval: measureEvery, Run: s.measure},
	}
}

// listenTo lets the bell wake owners and listeners as the store changes. What
// it misses, the sweep and the feeds find.
func (s *Service) listenTo(bell *mongodb.Bell) {
	bell.On(mongodb.Listener{Collection: Collection, Operations: []string{"insert"}, Fields: []string{"accountId"}, Begun: s.missed, Ring: func(c mongodb.Change) {
		account, is := c.Fields.Lookup("accountId").StringValueOK()
		id, known := c.ID.ObjectIDOK()
		if is && known {
			s.hear(ids.Account(account), ids.EventBatch(id))
		}
	}})
	bell.On(mongodb.Listener{Collection: CountersCollection, Operations: []string{"insert", "update"}, Ring: func(c mongodb.Change) {
		if account, is := c.ID.StringValueOK(); is {
			s.news(ids.Account(account))
		}
	}})
}

// counter reads an account's counters; zeroes before its first event.
func (s *Service) counter(ctx context.Context, account ids.Account) (counter, error) {
	var c counter
	err := s.counters.FindOne(ctx, bson.D{{Key: "_id", Value: account}}).Decode(&c)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return c, fmt.Errorf("read the counters of account %s: %w", account, err)
	}
	return c, nil
}

// sweepShare is how much of the time the sweep may take: the store walks over all
// that waited in the last minutes.
const sweepShare = 1. / 50

// sweep wakes the owners of all accounts that have something to do.
func (s *Service) sweep(ctx context.Context) error {
	began := time.Now()
	if began.Before(s.sweepNext) {
		return nil
	}
	defer func() { s.sweepNext = began.Add(time.Duration(float64(time.Since(began)) / sweepShare)) }()
	due := map[ids.Account]struct{}{}
	for collection, filter := range map[*mongo.Collection]bson.D{
		s.events: {{Key: "unplaced", Value: true}}, s.rows: {{Key: "pending", Value: true}},
	} {
		var accounts []ids.Account
		if err := collection.Distinct(ctx, "accountId", filter).Decode(&accounts); err != nil {
			return fmt.Errorf("look for accounts with work in %s: %w", collection.Name(), err)
		}
		for _, account := range accounts {
			due[account] = struct{}{}
		}
	}
	s.forgetOld()
	for account := range due {
		s.wake(account)
		s.poke(account)
	}
	return nil
}

// forgetOld keeps the memory of others' accounts small.
func (s *Service) forgetOld() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for account, till := range s.notTill {
		if now.After(till) {
			delete(s.notTill, account)
		}
	}
}

// hear tells this server's owner of an account of a new batch, or tries to
// become it.
func (s *Service) hear(account ids.Account, id ids.EventBatch) {
	s.mu.Lock()
	if o := s.owned[account]; o != nil {
		o.heard.add(id)
	}
	s.mu.Unlock()
	s.wake(account)
}

// missed lets every owner search: what was committed before the stream began,
// nobody told it of.
func (s *Service) missed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.owned {
		o.heard.miss()
		signal(o.wake)
	}
}

// wake lets this server's owner of an account look, or tries to become it,
// where that may succeed.
func (s *Service) wake(account ids.Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.owned[account]; o != nil {
		signal(o.wake)
		return
	}
	if s.begins.Err() != nil || time.Now().Before(s.notTill[account]) {
		return
	}
	o := newOwner(s, account)
	s.owned[account] = o
	s.wg.Go(func() { s.own(o) })
}

// poke lets this server's owner of an account look through all it has.
func (s *Service) poke(account ids.Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.owned[account]; o != nil {
		o.heard.miss()
		signal(o.poked)
	}
}

// own holds an account's lease and does what there is to do.
func (s *Service) own(o *owner) {
	err := s.leases.Hold(s.ctx, "events/"+string(o.account), o.run)
	wait := time.Duration(0)
	switch {
	case errors.Is(err, jobs.ErrHeld):
		wait = leaseFor / 3
	case errors.Is(err, jobs.ErrLost):
		slog.Warn("the events of an account were lost to another server", "account_id", string(o.account), "error", err)
		wait = leaseFor / 3
	case err != nil && s.ctx.Err() == nil:
		slog.Error("the events of an account cannot be placed now", "account_id", string(o.account), "error", err)
		wait = time.Second
	}
	s.mu.Lock()
	delete(s.owned, o.account)
	s.notTill[o.account] = time.Now().Add(wait)
	s.mu.Unlock()
	select {
	case <-o.wake: // while it was going
		s.wake(o.account)
	default:
	}
}

// signal sends without waiting; one that nobody has taken yet is enough.
func signal(to chan<- struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}
