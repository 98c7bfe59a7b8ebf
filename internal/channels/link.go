package channels

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// link is what is wanted of a channel whose provider keeps a connection.
type link struct {
	// Wanted: some server is to hold the connection; of a deleted channel, to
	// delete its device.
	Wanted bool `bson:"wanted,omitempty"`
	// Again is when a connection that ended by itself is to be opened next.
	Again time.Time `bson:"again,omitempty"`
	// Number is the one that the device is linked to; empty: none yet.
	Number string `bson:"number,omitempty"`
	// Restarts counts how often it was asked to begin anew.
	Restarts int64 `bson:"restarts,omitempty"`
	// Shut: the device could not be opened, see GiveUp.
	Shut bool `bson:"shut,omitempty"`
}

// due tells whether some server is to open the connection now.
func (l link) due(now time.Time) bool { return l.Wanted && !l.Again.After(now) }

func (l link) same(other link) bool {
	return l.Wanted == other.Wanted && l.Number == other.Number && l.Restarts == other.Restarts && l.Shut == other.Shut && l.Again.Equal(other.Again)
}

// Linked gives the number that a channel's device is linked to, as the provider
// writes it; empty while it is linked to none.
func (s *Service) Linked(ctx context.Context, id ids.Channel) (string, error) {
	r, err := s.read(ctx, id)
	return r.Link.Number, err
}

// Now gives a channel as the store has it at this moment, whoever wrote that
// last, and the number that its device is linked to; empty while it is linked
// to none. Fault NotFound when there is no such channel.
func (s *Service) Now(ctx context.Context, id ids.Channel) (Channel, string, error) {
	r, err := s.read(ctx, id)
	return r.channel(), r.Link.Number, err
}

// Want asks for a channel's connection, or for its end. It is idempotent: what
// is wanted already changes nothing. Which server holds it then is the servers'
// own matter. Fault CapabilityUnsupported for a provider without connections.
func (s *Service) Want(ctx context.Context, id ids.Channel, wanted bool) error {
	return s.want(ctx, id, wanted, false)
}

// Restart closes a channel's connection, wherever it is held, and opens it anew;
// one that is not wanted is wanted from now on. Until the new one is there, the
// channel is connecting, also while the old one has not ended yet.
func (s *Service) Restart(ctx context.Context, id ids.Channel) error {
	return s.want(ctx, id, true, true)
}

// want stores what is wanted of a connection. One that is there counts for a wish
// only while it lives, and was not given up since: its holder may not have seen
// yet that it was.
func (s *Service) want(ctx context.Context, id ids.Channel, wanted, anew bool) error {
	r, err := s.read(ctx, id)
	if err != nil {
		return err
	}
	adapter, runs := s.adapters[r.Provider]
	switch {
	case !runs:
		return closed(id, providers.State{Status: providers.StatusFailed, Detail: notRunning})
	case stateless(adapter):
		return fault.New(fault.CapabilityUnsupported, "Channel %s has no connection of its own: provider %s delivers by webhook.", id, r.Provider).
			With("capability", "connection").With("provider", string(r.Provider))
	}
	_, err = s.change(ctx, id, func(r *row) {
		switch {
		case wanted && (anew || !r.Link.Wanted || !underWay(r.Connection.Status)):
			r.Link.Restarts++
			if anew || !connected(r.Connection.Status) {
				r.become(providers.State{Status: providers.StatusConnecting}, s.now())
			}
		case !wanted && r.Link.Wanted && r.Connection.Status != providers.StatusLoggedOut:
			r.become(providers.State{Status: providers.StatusClosed, Detail: "It was disconnected on request. Connect it again to go on."}, s.now())
		}
		r.Link.Wanted, r.Link.Again = wanted, time.Time{}
	})
	if err == nil {
		s.lookNow()
	}
	return err
}

// underWay tells whether a connection is there, or on its way.
func underWay(status providers.Status) bool {
	return connected(status) || status == providers.StatusQR || status == providers.StatusPairing
}

// soon is how long a connection may be gone before it shows: until then its
// channel counts as connecting, and messages wait for it.
const soon = 10 * time.Second

// ended stores how a connection ended, and whether it is to be opened again.
// What was asked for since it was opened stands; that the channel was deleted
// meanwhile, or that the device is another server's by now, is no error.
func (s *Service) ended(ctx context.Context, id ids.Channel, term jobs.Term, asked wish, ending providers.Ending) error {
	return s.over(ctx, id, term, asked, ending, false)
}

// over is ended for a connection that perhaps never was: the device is shut.
func (s *Service) over(ctx context.Context, id ids.Channel, term jobs.Term, asked wish, ending providers.Ending, shut bool) error {
	if ending.State.Status == providers.StatusClosed && ending.Again > 0 && ending.Again <= soon {
		ending.State = providers.State{Status: providers.StatusConnecting, Detail: ending.State.Detail}
	}
	_, err := s.changeUnder(ctx, id, &term, func(r *row) {
		if ending.State.Status == providers.StatusLoggedOut {
			r.Link.Number = ""
		}
		if r.Link.Restarts != asked.restarts {
			return
		}
		r.report(ending.State, s.now())
		r.Link.Shut = shut
		if ending.Again > 0 {
			r.Link.Again = s.now().Add(ending.Again)
		} else {
			r.Link.Wanted = false
		}
	})
	if fault.Is(err, fault.NotFound) || errors.Is(err, jobs.ErrLost) {
		return nil
	}
	return err
}

// wanted finds the channels whose connection is to be held now.
func (s *Service) wanted(ctx context.Context) ([]row, error) {
	cursor, err := s.rows.Find(ctx, bson.D{
		{Key: "link.wanted", Value: true},
		{Key: "live", Value: true},
		{Key: "$or", Value: bson.A{
			bson.D{{Key: "link.again", Value: nil}},
			bson.D{{Key: "link.again", Value: bson.D{{Key: "$lte", Value: s.now()}}}},
		}},
	})
	if err != nil {
		return nil, err
	}
	var rows []row
	err = mongodb.All(ctx, cursor, &rows)
	return rows, err
}
