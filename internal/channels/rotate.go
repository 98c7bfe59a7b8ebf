package channels

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/vault"
)

// Rotate seals all credentials again that an older master key sealed. It gives
// how many channels it changed; run again after a failure, it goes on.
func (s *Service) Rotate(ctx context.Context) (resealed int, err error) {
	cursor, err := s.rows.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return 0, fmt.Errorf("read channels: %w", err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		var r row
		if err := cursor.Decode(&r); err != nil {
			return resealed, fmt.Errorf("read a channel: %w", err)
		}
		if !s.vault.NeedsRotation(r.Credentials) {
			continue
		}
		secrets, err := s.unseal(r)
		if err != nil {
			return resealed, err
		}
		// Credentials that were changed meanwhile were sealed by the current key.
		res, err := s.rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: r.ID}, {Key: "credentials.box", Value: r.Credentials.Box}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "credentials", Value: s.seal(r.ID, secrets)}}}})
		if err != nil {
			return resealed, fmt.Errorf("seal the credentials of channel %s again: %w", r.ID, err)
		}
		resealed += int(res.MatchedCount)
		s.cache.written(r.ID, r.Account)
	}
	return resealed, cursor.Err()
}

// SealedUnder lists the channels whose credentials a key sealed: when that is lost,
// they must be given anew.
func (s *Service) SealedUnder(ctx context.Context, key vault.KeyID) ([]ids.Channel, error) {
	var list []ids.Channel
	if err := s.rows.Distinct(ctx, "_id", bson.D{{Key: "credentials.keyId", Value: key}, {Key: "live", Value: true}}).Decode(&list); err != nil {
		return nil, fmt.Errorf("look for channels under key %s: %w", key, err)
	}
	return list, nil
}
