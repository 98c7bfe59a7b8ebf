package devicestore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
)

// Discard deletes a channel's device, with all that it keeps, without opening
// it: also one whose key nobody can open any more. Whoever had it open before
// is fenced. The channel's row stays, for its fence. Again is no error; neither
// is a channel that never had a device. It fails with ErrFenced as Open does.
func (s *Store) Discard(ctx context.Context, channel ids.Channel, fence Fence) error {
	h := s.holdingOf(channel, fence)
	ctx, cancel, err := h.trusted(ctx)
	if err != nil {
		return fmt.Errorf("discard the device of channel %s under fence %d: %w", channel, fence.Number, err)
	}
	defer cancel()
	row, err := h.take(ctx)
	if err != nil || row.Pairing == nil {
		return err
	}
	mine := bson.D{{Key: "_id", Value: channel}, {Key: "fence", Value: fence.Number}, {Key: "opening", Value: h.opening}}
	dropped := bson.D{
		{Key: "$unset", Value: bson.D{{Key: "pairing", Value: ""}}},
		{Key: "$addToSet", Value: bson.D{{Key: "leftovers", Value: row.Pairing.ID}}}, // it may be done twice
	}
	var result *mongo.UpdateResult
	err = h.again(ctx, func() (err error) {
		result, err = s.devices.UpdateOne(ctx, mine, dropped)
		return err
	})
	if err == nil && result.MatchedCount == 0 {
		err = ErrFenced
	}
	if err != nil {
		return fmt.Errorf("discard the device of channel %s: %w", channel, err)
	}
	// It is deleted now. What cannot be swept here, Sweep finds.
	_ = s.sweep(ctx, channel, row.Pairing.ID)
	return nil
}
