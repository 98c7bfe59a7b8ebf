package platforms

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/vault"
)

// AddressChecker tells whether a URL could be called; *egress.Dialler is one.
type AddressChecker interface {
	CheckURL(ctx context.Context, raw string) error
}

// Options is what the room is made of.
type Options struct {
	DB     *mongo.Database
	Vault  *vault.Vault
	Egress AddressChecker
	Now    func() time.Time
}

// Service keeps platform configs.
type Service struct {
	db      *mongo.Database
	rows    *mongo.Collection
	vault   *vault.Vault
	egress  AddressChecker
	now     func() time.Time
	cache   *cache
	moved   Moved
	removed func(ctx context.Context, config Config) error
}

// New makes the room.
func New(o Options) *Service {
	return &Service{
		db: o.DB, rows: o.DB.Collection(Collection), vault: o.Vault, egress: o.Egress,
		now: func() time.Time { return o.Now().UTC().Truncate(time.Millisecond) }, cache: newCache(),
	}
}

// Get gives a config of an account; fault NotFound when there is none.
func (s *Service) Get(ctx context.Context, account ids.Account, id ids.PlatformConfig) (Config, error) {
	config, there, err := s.find(ctx, wanted{account: account, id: id}, bson.E{Key: "_id", Value: id})
	if err == nil && !there {
		err = fault.Missing("platform config", id)
	}
	return config, err
}

// Exists tells whether any account has a config of this id, now.
func (s *Service) Exists(ctx context.Context, id ids.PlatformConfig) (bool, error) {
	err := s.rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}}, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for platform config %s: %w", id, err)
	}
	return true, nil
}

// BySlug gives the config of an account that has a slug; false when there is
// none.
func (s *Service) BySlug(ctx context.Context, account ids.Account, slug string) (Config, bool, error) {
	if slug == "" {
		return Config{}, false, nil
	}
	return s.find(ctx, wanted{account: account, slug: slug}, bson.E{Key: "platformSlug", Value: slug})
}

// Default gives the account's default config; false when it has no config at
// all.
func (s *Service) Default(ctx context.Context, account ids.Account) (Config, bool, error) {
	return s.find(ctx, wanted{account: account}, bson.E{Key: "isDefault", Value: true})
}

func (s *Service) find(ctx context.Context, w wanted, by bson.E) (Config, bool, error) {
	hit, known, mark := s.cache.get(w)
	if known {
		return hit.config, hit.there, nil
	}
	var f found
	err := s.rows.FindOne(ctx, bson.D{{Key: "accountId", Value: w.account}, by}).Decode(&f.config)
	f.there = err == nil
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		f.config = Config{}
	case err != nil:
		return Config{}, false, fmt.Errorf("look up a platform config of account %s: %w", w.account, err)
	}
	// Ids that do not exist come from outside and would crowd out those that do.
	if f.there || w.id.IsZero() {
		s.cache.put(w, f, mark)
	}
	return f.config, f.there, nil
}

// Fresh gives those of the configs that an account has, as they are now rather
// than as they were up to CacheFor ago.
func (s *Service) Fresh(ctx context.Context, account ids.Account, list ...ids.PlatformConfig) (map[ids.PlatformConfig]Config, error) {
	found := make(map[ids.PlatformConfig]Config, len(list))
	if len(list) == 0 {
		return found, nil
	}
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: list}}}, {Key: "accountId", Value: account}})
	var configs []Config
	if err == nil {
		err = mongodb.All(ctx, cursor, &configs)
	}
	if err != nil {
		return nil, fmt.Errorf("read platform configs of account %s: %w", account, err)
	}
	for _, config := range configs {
		found[config.ID] = config
	}
	return found, nil
}

// Hold relies on a config within the caller's transaction: it cannot be
// deleted before that has committed. Fault NotFound when there is none,
// ValidationFailed for the webhook of a number, which is no platform.
func (s *Service) Hold(ctx context.Context, account ids.Account, id ids.PlatformConfig) error {
	var held Config
	err := s.rows.FindOneAndUpdate(ctx, configRequest{Account: account, Config: id}.filter(), bson.D{{Key: "$inc", Value: bson.D{{Key: "held", Value: int64(1)}}}}).Decode(&held)
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return fault.Missing("platform config", id)
	case err == nil && !held.Channel.IsZero():
		return held.NoPlatform("platformConfigId")
	}
	return err
}
