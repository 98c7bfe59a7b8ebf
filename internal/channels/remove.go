package channels

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

const (
	// commandUnlink asks the holder of a connection to unlink its device.
	commandUnlink = "unlink"
	// unlinkMost is how long the deletion of a channel waits for its provider.
	unlinkMost = 10 * time.Second
	// discardLook is how often a server looks for devices of deleted channels.
	discardLook = 2 * time.Second
	// discardsMost is how many devices of deleted channels one look deletes.
	discardsMost = 20
)

// remove takes a channel out of use: its credentials are gone, its device is
// unlinked as far as it is connected, its history stays, its number may be added
// anew. What the device kept is deleted soon, by the server that gets its lease.
func (s *Service) remove(ctx context.Context, req *channelRequest) (web.None, error) {
	r, err := s.mine(ctx, *req)
	if err != nil {
		return web.None{}, err
	}
	_, keeps := s.adapters[r.Provider].(providers.Keeper)
	if keeps && r.Connection.Status == providers.StatusOpen {
		s.unlink(ctx, r)
	}
	set := bson.D{{Key: "live", Value: false}, {Key: "deletedAt", Value: s.now()}, {Key: "webhook", Value: webhook{}}}
	unset := bson.D{{Key: "credentials", Value: ""}}
	if keeps {
		set = append(set, bson.E{Key: "link", Value: link{Wanted: true}})
	}
	err = mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		if _, err := s.platforms.EndHook(ctx, r.Account, r.ID); err != nil {
			return err
		}
		_, err := s.rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: req.Channel}, {Key: "live", Value: true}}, bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: unset}})
		return err
	})
	s.cache.written(req.Channel, req.Account)
	if err != nil {
		return web.None{}, fmt.Errorf("delete channel %s: %w", req.Channel, err)
	}
	s.connections.drop(req.Channel)
	s.lookNow()
	return web.None{}, s.unoffer(ctx, req.Channel)
}

// unlink takes a device off the list that its phone shows. When that cannot be
// done in time, the channel is deleted all the same.
func (s *Service) unlink(ctx context.Context, r row) {
	ctx, cancel := context.WithTimeout(ctx, unlinkMost)
	defer cancel()
	if err := s.Ask(ctx, r.ID, commandUnlink, bson.D{}, nil); err != nil {
		slog.WarnContext(ctx, "the device of a deleted channel is perhaps still linked; remove it on the phone", "channel_id", r.ID.String(), "error", err)
	}
}

// discard deletes the devices of channels that were deleted, once nobody holds
// them any more. One that fails is tried again at the next look, and does not
// hold up the others.
func (s *Service) discard(ctx context.Context) error {
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "link.wanted", Value: true}, {Key: "live", Value: false}}, options.Find().SetLimit(discardsMost))
	if err != nil {
		return fmt.Errorf("look for devices of deleted channels: %w", err)
	}
	var rows []row
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return fmt.Errorf("look for devices of deleted channels: %w", err)
	}
	for _, r := range rows {
		if err := s.discardDevice(ctx, r); err != nil && !errors.Is(err, jobs.ErrHeld) && ctx.Err() == nil {
			slog.WarnContext(ctx, "the device of a deleted channel could not be deleted; it is tried again", "channel_id", r.ID.String(), "error", err)
		}
	}
	return nil
}

func (s *Service) discardDevice(ctx context.Context, r row) error {
	keeper, ok := s.adapters[r.Provider].(providers.Keeper)
	if !ok {
		return nil // a server whose adapter runs does it
	}
	if err := s.unheld(ctx, r, keeper.Discard); err != nil {
		return err
	}
	if err := s.unoffer(ctx, r.ID); err != nil { // what its connection showed at last
		return err
	}
	s.mu.Lock()
	hooks := s.gone
	s.mu.Unlock()
	for _, hook := range hooks {
		if err := hook(ctx, r.ID); err != nil {
			return err
		}
	}
	// The row of a channel whose account was deleted, too, was kept for this. That
	// may happen just now: it is marked while its link stands, or deleted after.
	dead := bson.D{{Key: "_id", Value: r.ID}, {Key: "live", Value: false}, {Key: "accountGone", Value: nil}}
	res, err := s.rows.UpdateOne(ctx, dead, bson.D{{Key: "$unset", Value: bson.D{{Key: "link", Value: ""}}}})
	if err == nil && res.MatchedCount == 0 {
		_, err = s.rows.DeleteOne(ctx, bson.D{{Key: "_id", Value: r.ID}, {Key: "accountGone", Value: true}})
	}
	return err
}

// OnGone registers who deletes what is kept of a deleted channel's device, once
// nobody holds that any more. It is for the start.
func (s *Service) OnGone(hook Gone) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = append(s.gone, hook)
}
