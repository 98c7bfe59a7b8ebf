package platforms

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/vault"
)

// NewSecret makes a signing secret as Standard Webhooks has it: `whsec_` and
// 24 random bytes in base64. It has letters and digits only, so that it can
// stand in a URL as it is.
func NewSecret() vault.Secret {
	var random [24]byte
	for {
		rand.Read(random[:]) // never fails
		if text := base64.StdEncoding.EncodeToString(random[:]); !strings.ContainsAny(text, "+/") {
			return vault.Secret("whsec_" + text)
		}
	}
}

func binding(id ids.PlatformConfig) vault.Binding {
	return vault.Binding{Purpose: "platform.secret", RowID: id.String()}
}

func (s *Service) seal(id ids.PlatformConfig, secret vault.Secret) vault.Sealed {
	return s.vault.Seal(binding(id), []byte(secret.Reveal()))
}

// Secrets gives the secrets that sign for a config now: the current one first,
// then those that were replaced within Overlap, the last one first. A replaced one
// whose master key is lost signs no more.
func (s *Service) Secrets(ctx context.Context, account ids.Account, id ids.PlatformConfig) ([]vault.Secret, error) {
	r, err := s.read(ctx, account, id)
	if err != nil {
		return nil, err
	}
	sealed := []vault.Sealed{r.Secret}
	for _, one := range r.stillGood(s.now()) {
		sealed = append(sealed, one.Secret)
	}
	secrets := make([]vault.Secret, 0, len(sealed))
	for _, one := range sealed {
		plain, err := s.vault.Open(binding(id), one)
		switch {
		case errors.Is(err, vault.ErrUnknownKey) && len(secrets) > 0:
			continue
		case err != nil:
			return nil, err
		}
		secrets = append(secrets, vault.Secret(plain))
	}
	return secrets, nil
}

// stillGood gives the replaced secrets that sign beside the current one.
func (r *row) stillGood(now time.Time) []replaced {
	all := r.Replaced
	if r.PreviousUntil != nil {
		all = append([]replaced{{r.Previous, *r.PreviousUntil}}, all...)
	}
	return slices.DeleteFunc(slices.Clone(all), func(one replaced) bool { return !now.Before(one.Until) })
}

// read gives a row as it is in the store; fault NotFound when there is none.
func (s *Service) read(ctx context.Context, account ids.Account, id ids.PlatformConfig) (row, error) {
	var r row
	err := s.rows.FindOne(ctx, configRequest{Account: account, Config: id}.filter()).Decode(&r)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return row{}, fault.Missing("platform config", id)
	}
	return r, err
}

// RotateSecret gives a config a new signing secret; the old one goes on
// signing beside it for Overlap, and so do those that were replaced before
// while theirs lasts, replacedMost in all.
func (s *Service) RotateSecret(ctx context.Context, account ids.Account, id ids.PlatformConfig) (Config, vault.Secret, error) {
	r, err := s.read(ctx, account, id)
	if err != nil {
		return Config{}, "", err
	}
	secret, now := NewSecret(), s.now()
	before := append([]replaced{{r.Secret, now.Add(Overlap)}}, r.stillGood(now)...)
	// The box in the filter: of two at once, the slower one must not forget
	// the faster one's secret.
	filter := append(configRequest{Account: account, Config: id}.filter(), bson.E{Key: "secret.box", Value: r.Secret.Box})
	res, err := s.rows.UpdateOne(ctx, filter, bson.D{
		{Key: "$set", Value: bson.D{{Key: "secret", Value: s.seal(id, secret)}, {Key: "previousSecrets", Value: before[:min(len(before), replacedMost)]}}},
		{Key: "$unset", Value: bson.D{{Key: "previousSecret", Value: ""}, {Key: "previousUntil", Value: ""}}}, // it stands in the list
	})
	if err == nil && res.MatchedCount == 0 {
		err = fault.New(fault.Conflict, "The secret of platform config %s was changed by somebody else just now. Look before you try again.", id)
	}
	s.cache.written()
	return r.Config, secret, err
}

// Rotate seals every secret again that an older master key sealed. It gives
// how many configs it changed; run again after a failure, it goes on.
func (s *Service) Rotate(ctx context.Context) (resealed int, err error) {
	cursor, err := s.rows.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return 0, fmt.Errorf("read platform configs: %w", err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		var r row
		if err := cursor.Decode(&r); err != nil {
			return resealed, fmt.Errorf("read a platform config: %w", err)
		}
		changed, err := s.reseal(ctx, r)
		if err != nil {
			return resealed, err
		}
		resealed += changed
	}
	return resealed, cursor.Err()
}

// reseal does one row; 0 when there was nothing to do.
func (s *Service) reseal(ctx context.Context, r row) (int, error) {
	set, sealedIn := bson.D{}, map[string]vault.Sealed{"secret": r.Secret, "previousSecret": r.Previous}
	for i, one := range r.Replaced {
		sealedIn[fmt.Sprintf("previousSecrets.%d.secret", i)] = one.Secret
	}
	for field, sealed := range sealedIn {
		if !s.vault.NeedsRotation(sealed) {
			continue
		}
		plain, err := s.vault.Open(binding(r.ID), sealed)
		if err != nil {
			return 0, err
		}
		set = append(set, bson.E{Key: field, Value: s.vault.Seal(binding(r.ID), plain)})
	}
	if len(set) == 0 {
		return 0, nil
	}
	// A secret that was replaced meanwhile was sealed by the current key.
	res, err := s.rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: r.ID}, {Key: "secret.box", Value: r.Secret.Box}}, bson.D{{Key: "$set", Value: set}})
	if err != nil {
		return 0, fmt.Errorf("seal the secret of platform config %s again: %w", r.ID, err)
	}
	return int(res.MatchedCount), nil
}

// GiveUpSecrets makes the signing secrets anew that a key sealed which is lost, and
// gives the configs that they are of, the oldest first. Nobody has seen the new
// ones: RotateSecret shows one. Those that were replaced before sign no more.
func (s *Service) GiveUpSecrets(ctx context.Context, key vault.KeyID) ([]ids.PlatformConfig, error) {
	under := bson.D{{Key: "secret.keyId", Value: key}}
	gone := bson.D{{Key: "$pull", Value: bson.D{{Key: "previousSecrets", Value: under}}}}
	if _, err := s.rows.UpdateMany(ctx, bson.D{{Key: "previousSecrets.secret.keyId", Value: key}}, gone); err != nil {
		return nil, fmt.Errorf("drop replaced secrets of platform configs: %w", err)
	}
	older := bson.D{{Key: "$unset", Value: bson.D{{Key: "previousSecret", Value: ""}, {Key: "previousUntil", Value: ""}}}}
	if _, err := s.rows.UpdateMany(ctx, bson.D{{Key: "previousSecret.keyId", Value: key}}, older); err != nil {
		return nil, fmt.Errorf("drop replaced secrets of platform configs: %w", err)
	}
	cursor, err := s.rows.Find(ctx, under, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("read platform configs: %w", err)
	}
	var rows []row
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("read platform configs: %w", err)
	}
	given := make([]ids.PlatformConfig, 0, len(rows))
	for _, r := range rows {
		same := bson.D{{Key: "_id", Value: r.ID}, {Key: "secret.box", Value: r.Secret.Box}}
		if _, err := s.rows.UpdateOne(ctx, same, bson.D{{Key: "$set", Value: bson.D{{Key: "secret", Value: s.seal(r.ID, NewSecret())}}}}); err != nil {
			return given, fmt.Errorf("make the secret of platform config %s anew: %w", r.ID, err)
		}
		given = append(given, r.ID)
	}
	return given, nil
}
