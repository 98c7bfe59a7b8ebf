package devicestore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/vault"
)

// Sweep deletes the rows of deleted devices that a crash left behind. Nobody can
// reach or read them any more; their contacts' names and numbers are in the
// clear. It gives how many devices it finished.
func (s *Store) Sweep(ctx context.Context) (swept int, err error) {
	cursor, err := s.devices.Find(ctx, bson.D{{Key: "leftovers", Value: bson.D{{Key: "$exists", Value: true}}}})
	if err != nil {
		return 0, fmt.Errorf("look for deleted devices: %w", err)
	}
	var rows []deviceRow
	if err := cursor.All(ctx, &rows); err != nil {
		return 0, fmt.Errorf("look for deleted devices: %w", err)
	}
	for _, r := range rows {
		for _, pairing := range r.Leftovers {
			if err := s.sweep(ctx, r.ID, pairing); err != nil {
				return swept, err
			}
			swept++
		}
	}
	return swept, nil
}

// sweep deletes the rows of one former pairing. It needs no fence: a pairing
// that is over never begins again.
func (s *Store) sweep(ctx context.Context, channel ids.Channel, pairing bson.ObjectID) error {
	if _, err := s.rows.DeleteMany(ctx, within(pairing.Hex()+separator)); err != nil {
		return fmt.Errorf("sweep device %s of channel %s: %w", pairing.Hex(), channel, err)
	}
	// The last one goes with its list, which the index for Sweep wants.
	rest := bson.D{{Key: "$setDifference", Value: bson.A{"$leftovers", bson.A{pairing}}}}
	_, err := s.devices.UpdateOne(ctx, bson.D{{Key: "_id", Value: channel}, {Key: "leftovers", Value: pairing}}, mongo.Pipeline{
		{{Key: "$set", Value: bson.D{{Key: "leftovers", Value: bson.D{{Key: "$cond", Value: bson.A{
			bson.D{{Key: "$eq", Value: bson.A{rest, bson.A{}}}}, "$$REMOVE", rest,
		}}}}}}},
	})
	if err != nil {
		return fmt.Errorf("note that device %s of channel %s is swept: %w", pairing.Hex(), channel, err)
	}
	return nil
}

// Rotate seals again, under the current master key, the key of every device that
// an older one sealed; what the devices' keys seal stays as it is. It gives how
// many it changed; run again after a failure, it goes on. Devices may be in use.
func (s *Store) Rotate(ctx context.Context) (resealed int, err error) {
	cursor, err := s.devices.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return 0, fmt.Errorf("read devices: %w", err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		var r deviceRow
		if err := cursor.Decode(&r); err != nil {
			return resealed, fmt.Errorf("read a device: %w", err)
		}
		changed, err := s.reseal(ctx, r)
		if err != nil {
			return resealed, err
		}
		resealed += changed
	}
	return resealed, cursor.Err()
}

// reseal does one device; 0 when there was nothing to do.
func (s *Store) reseal(ctx context.Context, r deviceRow) (int, error) {
	if r.Pairing == nil || !s.vault.NeedsRotation(r.Pairing.Key) {
		return 0, nil
	}
	at := vault.Binding{Purpose: purposeKey, RowID: r.ID.String() + separator + r.Pairing.ID.Hex()}
	key, err := s.vault.Open(at, r.Pairing.Key)
	if err != nil {
		return 0, err
	}
	// One that was paired meanwhile was sealed by the current key.
	same := bson.D{{Key: "_id", Value: r.ID}, {Key: "pairing.key.box", Value: r.Pairing.Key.Box}}
	res, err := s.devices.UpdateOne(ctx, same, bson.D{{Key: "$set", Value: bson.D{{Key: "pairing.key", Value: s.vault.Seal(at, key)}}}})
	if err != nil {
		return 0, fmt.Errorf("seal the key of the device of channel %s again: %w", r.ID, err)
	}
	return int(res.MatchedCount), nil
}

// SealedUnder lists the channels whose device's key a master key sealed: when that is
// lost, the device cannot be opened, see Discard.
func (s *Store) SealedUnder(ctx context.Context, key vault.KeyID) ([]ids.Channel, error) {
	var list []ids.Channel
	if err := s.devices.Distinct(ctx, "_id", bson.D{{Key: "pairing.key.keyId", Value: key}}).Decode(&list); err != nil {
		return nil, fmt.Errorf("look for devices under key %s: %w", key, err)
	}
	return list, nil
}
