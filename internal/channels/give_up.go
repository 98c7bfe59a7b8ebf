package channels

import (
	"context"
	"errors"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/providers"
)

// givenUp is the detail of a channel whose device nobody could open.
const givenUp = "The linked device could not be opened and was given up. Remove it on the phone, under its linked devices; POST .../connect and scan the new QR code to link it again."

// shut tells whether the device could not be opened when that was tried last.
func (r row) shut() bool { return r.Link.Shut && r.Connection.Status == providers.StatusFailed }

// GiveUp deletes the linked device of a channel that could not be opened, such as
// one whose master key is lost, and calls also for what else is to go with it. The
// channel is logged out then, and can be linked anew. The phone learns nothing of
// it. False: nothing was done, since the device can be opened, or was not tried yet.
func (s *Service) GiveUp(ctx context.Context, id ids.Channel, also Gone) (bool, error) {
	for n := 1; ; n++ {
		r, err := s.read(ctx, id)
		if err != nil || !r.shut() {
			return false, err
		}
		keeper, ok := s.adapters[r.Provider].(providers.Keeper)
		if !ok {
			return false, nil // a server whose adapter runs does it
		}
		err = s.giveUp(ctx, r, keeper, also)
		switch {
		case err == nil:
			return true, nil
		case !errors.Is(err, jobs.ErrHeld):
			return false, err
		case n == forgetTries || jobs.Pause(ctx, forgetPause) != nil:
			return false, fault.Wrap(err, fault.Conflict, "The device of channel %s is being opened just now; try again in a moment.", id)
		}
	}
}

func (s *Service) giveUp(ctx context.Context, r row, keeper providers.Keeper, also Gone) error {
	return s.devices.leases.Hold(ctx, leaseName(r.ID), func(ctx context.Context, held *jobs.Held) error {
		if err := keeper.Discard(ctx, unopened(r, held)); err != nil {
			return err
		}
		if err := also(ctx, r.ID); err != nil {
			return err
		}
		term := held.Term()
		_, err := s.changeUnder(ctx, r.ID, &term, func(r *row) {
			r.Link = link{Restarts: r.Link.Restarts}
			r.become(providers.State{Status: providers.StatusLoggedOut, Detail: givenUp}, s.now())
		})
		return err
	})
}
