package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Held is a term that is being renewed.
type Held struct {
	mu   sync.Mutex
	term Term
}

// Term gives the term as it was last renewed; owner and fence never change.
func (h *Held) Term() Term {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.term
}

func (h *Held) set(t Term) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.term = t
}

// Hold acquires a lease and runs work while it can be trusted: it renews at a
// third of its length, ends work's context (cause ErrLost) when the term is
// lost or its trusted time runs out, waits for work, and resigns. It fails
// with ErrHeld when another holds the lease, else gives work's error, joined
// with ErrLost where that ended it.
func (l *Leases) Hold(ctx context.Context, name string, work func(ctx context.Context, held *Held) error) error {
	term, err := l.Acquire(ctx, name)
	if err != nil {
		return err
	}
	held := &Held{term: term}
	trusted, end := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		end(l.keep(trusted, held))
	}()
	defer func() {
		end(nil) // also when work panics
		<-renewed
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.ttl)
		defer cancel()
		_ = l.Resign(limited, held.Term()) // it expires by itself otherwise
	}()
	err = work(trusted, held)
	if cause := context.Cause(trusted); errors.Is(cause, ErrLost) {
		return errors.Join(err, cause)
	}
	return err
}

// keep renews until ctx ends or the term can no longer be trusted; then it
// says why.
func (l *Leases) keep(ctx context.Context, held *Held) error {
	for wait := l.ttl / 3; ; {
		term := held.Term()
		left := term.TrustedUntil.Sub(l.now())
		if left <= 0 {
			return fmt.Errorf("lease %s could not be renewed in time: %w", term.Name, ErrLost)
		}
		if Pause(ctx, min(wait, left)) != nil {
			return nil
		}
		limited, cancel := context.WithTimeout(ctx, max(term.TrustedUntil.Sub(l.now()), 0))
		renewed, err := l.Renew(limited, term)
		cancel()
		switch {
		case err == nil:
			held.set(renewed)
			wait = l.ttl / 3
		case errors.Is(err, ErrLost):
			return err
		default:
			wait = l.ttl / 20
		}
	}
}

// Pause waits, or gives ctx's error as soon as it ends. No time, or less, is no
// wait.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
