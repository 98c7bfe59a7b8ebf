package devicestore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// Fence is the lease that a device is held under.
type Fence struct {
	// Number is higher than that of every earlier owner.
	Number int64
	// TrustedUntil is when the lease must no longer be relied on, as it was
	// last renewed. It is asked before each operation.
	TrustedUntil func() time.Time
	// OnStop is told why the holding stopped, once, before the call that met it
	// returns: it ends the client's context, and must not wait for the store.
	// Closing is no such stop. nil means nobody is told.
	OnStop func(cause error)
}

// Holding is the device of one channel, held by its one owner. It is safe for
// concurrent use.
type Holding struct {
	store   *Store
	channel ids.Channel
	opening bson.ObjectID
	fence   Fence
	// writing is taken by the one write that there is.
	writing chan struct{}

	mu     sync.Mutex
	err    *stopped
	paired *device
}

// Open takes a channel's device for the owner of a lease, and keeps all others
// from writing, also an earlier Open under the same fence. It waits for a write
// that is under way. It fails with ErrFenced when the device was opened under a
// higher fence, and with an error of the vault when the device's key cannot be
// opened.
func (s *Store) Open(ctx context.Context, channel ids.Channel, fence Fence) (*Holding, error) {
	h := s.holdingOf(channel, fence)
	ctx, cancel, err := h.trusted(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the device of channel %s under fence %d: %w", channel, fence.Number, err)
	}
	defer cancel()
	row, err := h.take(ctx)
	if err != nil {
		return nil, err
	}
	if row.Pairing == nil {
		return h, nil
	}
	if h.paired, err = h.load(row.Pairing); err != nil {
		return nil, fmt.Errorf("open the device of channel %s: %w", channel, err)
	}
	return h, nil
}

func (s *Store) holdingOf(channel ids.Channel, fence Fence) *Holding {
	return &Holding{store: s, channel: channel, opening: bson.NewObjectID(), fence: fence, writing: make(chan struct{}, 1)}
}

// take writes fence and opening into the device's row, and gives it.
func (h *Holding) take(ctx context.Context) (deviceRow, error) {
	var row deviceRow
	mine := bson.D{{Key: "_id", Value: h.channel}, {Key: "fence", Value: bson.D{{Key: "$lte", Value: h.fence.Number}}}}
	opened := bson.D{
		{Key: "$set", Value: bson.D{{Key: "fence", Value: h.fence.Number}, {Key: "opening", Value: h.opening}}},
		{Key: "$setOnInsert", Value: bson.D{{Key: "writes", Value: int64(0)}}},
	}
	upsert := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
	open := func() error {
		return h.again(ctx, func() error { return h.store.devices.FindOneAndUpdate(ctx, mine, opened, upsert).Decode(&row) })
	}
	err := open()
	if mongodb.IsDuplicateKey(err) {
		// A row with a higher fence does not match, and then is in the way; one
		// that somebody just made matches now.
		err = open()
	}
	switch {
	case mongodb.IsDuplicateKey(err):
		return row, fmt.Errorf("open the device of channel %s under fence %d: %w", h.channel, h.fence.Number, ErrFenced)
	case err != nil:
		return row, fmt.Errorf("open the device of channel %s: %w", h.channel, err)
	}
	return row, nil
}

// Device gives the paired device; nil when there is none: make one with
// NewDevice and pair it.
func (h *Holding) Device() *store.Device {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.paired == nil {
		return nil
	}
	return h.paired.device
}

// Err tells why the holding stopped or was closed; nil while it goes on.
func (h *Holding) Err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err == nil {
		return nil
	}
	return h.err
}

// Close ends the holding: it writes what waits for a write, and waits for one
// that is under way. Nothing can be read or written through its devices any
// more. It does not end the lease.
func (h *Holding) Close(ctx context.Context) error {
	h.mu.Lock()
	d := h.paired
	h.mu.Unlock()
	if d != nil && h.Err() == nil {
		// The plaintexts of handled messages: they expire all the same.
		_ = d.flush(ctx)
	}
	select {
	case h.writing <- struct{}{}:
		defer func() { <-h.writing }()
	case <-ctx.Done():
		h.end(ErrClosed)
		return fmt.Errorf("close the device of channel %s: a write is still under way: %w", h.channel, context.Cause(ctx))
	}
	h.end(ErrClosed)
	return nil
}

// stop ends the holding for a reason that its owner must hear of, and gives the
// error that every call gets from now on.
func (h *Holding) stop(cause error) error {
	first := h.end(cause)
	err := h.Err()
	if first && h.fence.OnStop != nil {
		h.fence.OnStop(err)
	}
	return err
}

// end marks the holding as over; it tells whether it was not before.
func (h *Holding) end(cause error) (first bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err != nil {
		return false
	}
	h.err = &stopped{channel: h.channel, fence: h.fence.Number, cause: cause}
	if h.paired != nil {
		h.paired.forget()
	}
	return true
}

// trusted ends a context with the lease, which may be renewed meanwhile; it fails
// when that is over.
func (h *Holding) trusted(ctx context.Context) (context.Context, context.CancelFunc, error) {
	left := h.trustLeft()
	if left <= 0 {
		return nil, nil, ErrUntrusted
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var timer *time.Timer
	timer = time.AfterFunc(never, func() {
		switch left := h.trustLeft(); {
		case left <= 0:
			cancel(ErrUntrusted)
		case ctx.Err() == nil:
			timer.Reset(left)
		}
	})
	timer.Reset(left)
	return ctx, func() {
		cancel(context.Canceled)
		timer.Stop()
	}, nil
}

// never is longer than any process lives.
const never = math.MaxInt64

func (h *Holding) trustLeft() time.Duration { return h.fence.TrustedUntil().Sub(h.store.now()) }

// The waits between two tries.
const (
	retryFirst = 5 * time.Millisecond
	retryMost  = 250 * time.Millisecond
)

// again repeats an operation that may be repeated while its failure is a
// moment's trouble.
func (h *Holding) again(ctx context.Context, op func() error) error {
	for wait := retryFirst; ; wait = min(2*wait, retryMost) {
		err := op()
		if !mongodb.IsTransient(err) || ctx.Err() != nil {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(context.Cause(ctx), err)
		case <-timer.C:
		}
	}
}
