package channels

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// commandForget asks the holder of a connection to forget people.
	commandForget = "forget"
	// forgetTries bounds how often the owner of a device is looked for: it may
	// be moving from one server to another.
	forgetTries = 4
	// forgetAsk is how long one holder may take. A lease whose owner died is
	// free by then.
	forgetAsk = deviceLease + time.Second
	// forgetPause is between two tries.
	forgetPause = 500 * time.Millisecond
)

// people are whom a commandForget is about.
type people struct {
	Channel ids.Channel         `bson:"channelId"` // none, by a server of the release before
	Who     []providers.Address `bson:"who"`
}

// Forgets deletes what is kept of people that a channel's linked device met.
type Forgets func(ctx context.Context, channel ids.Channel, who []providers.Address) error

// OnForget registers who forgets people where their device is held: there, and
// only there, it is known what that delivered before and is not written yet. It
// is done before the device itself forgets. It is for the start.
func (s *Service) OnForget(hook Forgets) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgets = append(s.forgets, hook)
}

// forgetHere lets those who registered forget, then the device.
func (s *Service) forgetHere(ctx context.Context, id ids.Channel, who []providers.Address, device func() error) error {
	s.mu.Lock()
	hooks := s.forgets
	s.mu.Unlock()
	for _, hook := range hooks {
		if err := hook(ctx, id, who); err != nil {
			return err
		}
	}
	return device()
}

// Forget deletes what a channel's linked device keeps of people: whoever holds
// the device does it, and where nobody does, this server, under the device's
// lease. It returns when nothing is left. A channel whose provider keeps
// nothing, or does not run here, has nothing to forget. Of a deleted channel
// what is left of its device is forgotten the same way.
func (s *Service) Forget(ctx context.Context, id ids.Channel, who []providers.Address) error {
	var r row
	err := s.rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&r)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("forget people on channel %s: %w", id, err)
	}
	keeper, ok := s.adapters[r.Provider].(providers.Keeper)
	if !ok || len(who) == 0 {
		return nil
	}
	for n := 1; ; n++ {
		err := s.forget(ctx, r, keeper, who)
		if err == nil || n == forgetTries || ctx.Err() != nil {
			return err
		}
		if jobs.Pause(ctx, forgetPause) != nil {
			return err
		}
	}
}

// forget lets the device's holder, as far as there is one now, forget people.
func (s *Service) forget(ctx context.Context, r row, keeper providers.Keeper, who []providers.Address) error {
	if s.devices.conn(r.ID) == nil {
		err := s.unheld(ctx, r, func(ctx context.Context, ch providers.Channel) error {
			return s.forgetHere(ctx, r.ID, who, func() error { return keeper.Forget(ctx, ch, who) })
		})
		if !errors.Is(err, jobs.ErrHeld) {
			return err
		}
	}
	asking, cancel := context.WithTimeoutCause(ctx, forgetAsk, fault.New(fault.ProviderTimeout,
		"The server that holds the connection of channel %s did not forget in time; it is asked again.", r.ID))
	defer cancel()
	return s.Ask(asking, r.ID, commandForget, people{Channel: r.ID, Who: who}, nil)
}

// unheld does something with a device that nobody holds, under its lease;
// jobs.ErrHeld when somebody does. The adapter learns no secret.
func (s *Service) unheld(ctx context.Context, r row, do func(ctx context.Context, ch providers.Channel) error) error {
	return s.devices.leases.Hold(ctx, leaseName(r.ID), func(ctx context.Context, held *jobs.Held) error {
		return do(ctx, unopened(r, held))
	})
}

// unopened is what an adapter learns of a channel whose device is not to be opened.
func unopened(r row, held *jobs.Held) providers.Channel {
	return providers.Channel{ID: r.ID, Account: r.Account, Identifier: r.Identifier, Lease: leaseOf(held)}
}

// leaseOf is a lease as adapters take it.
func leaseOf(held *jobs.Held) *providers.Lease {
	return &providers.Lease{Fence: held.Term().Fence, TrustedUntil: func() time.Time { return held.Term().TrustedUntil }}
}
