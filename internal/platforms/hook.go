package platforms

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/vault"
)

// Hook is the webhook of one number, as its owner wants it.
type Hook struct {
	Account ids.Account
	Channel ids.Channel
	Slug    string // of a new one
	URL     string
	Events  *[]string // nil: as they are, of a new one all
}

// types are those that the config may ask for.
func (c Config) types() []string {
	if c.Channel.IsZero() {
		return eventTypes
	}
	return numberTypes
}

// Wants tells whether events of a type are to go to the config's URL.
func (c Config) Wants(eventType string) bool {
	return c.URL != "" && (len(c.Events) == 0 || slices.Contains(c.Events, eventType))
}

// NoPlatform refuses the webhook of a number where a field must name an agent
// platform.
func (c Config) NoPlatform(field string) error {
	return fault.Invalid(field, "webhook", "Platform config %s is the webhook of channel %s: it hears of that number, and answers nobody. Name another config.", c.ID, c.Channel)
}

// OfChannel gives the config that is a channel's own webhook; false when it has
// none.
func (s *Service) OfChannel(ctx context.Context, account ids.Account, channel ids.Channel) (Config, bool, error) {
	return s.find(ctx, wanted{account: account, channel: channel}, bson.E{Key: "channelId", Value: channel})
}

// SetHook makes a channel's webhook and gives it with the secret that signs, or
// changes the one there is, whose secret stays and is not given again. Faults:
// ValidationFailed for a wrong URL or event type, Conflict where an agent
// platform has the slug.
func (s *Service) SetHook(ctx context.Context, h Hook) (Config, vault.Secret, error) {
	if h.Events != nil {
		if err := checkEvents(*h.Events, numberTypes); err != nil {
			return Config{}, "", err
		}
	}
	if h.URL == "" {
		return Config{}, "", fault.Invalid("url", "required", "Give the URL that the events are to be posted to.")
	}
	if err := s.checkURL(ctx, h.URL); err != nil {
		return Config{}, "", err
	}
	defer s.cache.written()
	for range 2 { // another caller may be making it
		config, err := s.changeHook(ctx, h)
		if err == nil || !errors.Is(err, mongo.ErrNoDocuments) {
			return config, "", err
		}
		config, secret, err := s.makeHook(ctx, h)
		if mongodb.DuplicateIndex(err) == "" {
			return config, secret, err
		}
	}
	return Config{}, "", fault.New(fault.Conflict, "Account %s has a platform config with the slug %q, which is no webhook of channel %s. Delete that one first.", h.Account, h.Slug, h.Channel)
}

// changeHook changes the webhook that a channel has; mongo.ErrNoDocuments when
// it has none.
func (s *Service) changeHook(ctx context.Context, h Hook) (Config, error) {
	of := bson.D{{Key: "accountId", Value: h.Account}, {Key: "channelId", Value: h.Channel}}
	var changed Config
	err := mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		var before Config
		if err := s.rows.FindOne(ctx, of).Decode(&before); err != nil {
			return err
		}
		set := bson.D{{Key: "url", Value: h.URL}}
		if h.Events != nil {
			set = append(set, bson.E{Key: "events", Value: append([]string{}, *h.Events...)})
		}
		if before.State.Status != Active { // an address given anew is believed to be there again
			set = append(set, bson.E{Key: "state", Value: State{Status: Active, Since: s.now()}})
		}
		err := s.rows.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: before.ID}}, bson.D{{Key: "$set", Value: set}},
			options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&changed)
		if err != nil || changed.State.Status == before.State.Status {
			return err
		}
		return s.tell(ctx, changed)
	})
	return changed, err
}

func (s *Service) makeHook(ctx context.Context, h Hook) (Config, vault.Secret, error) {
	id, secret, now := ids.New[ids.PlatformConfig](), NewSecret(), s.now()
	r := row{Secret: s.seal(id, secret), Config: Config{
		ID: id, Account: h.Account, Channel: h.Channel, Slug: h.Slug, Name: h.Slug, URL: h.URL, Events: []string{},
		State: State{Status: Active, Since: now}, CreatedAt: now,
	}}
	if h.Events != nil {
		r.Events = append(r.Events, *h.Events...)
	}
	if _, err := s.rows.InsertOne(ctx, r); err != nil {
		return Config{}, "", fmt.Errorf("store the webhook of channel %s: %w", h.Channel, err)
	}
	return r.Config, secret, nil
}

// EndHook deletes a channel's webhook, and tells whether there was one.
func (s *Service) EndHook(ctx context.Context, account ids.Account, channel ids.Channel) (bool, error) {
	res, err := s.rows.DeleteMany(ctx, bson.D{{Key: "accountId", Value: account}, {Key: "channelId", Value: channel}})
	s.cache.written()
	if err != nil {
		return false, fmt.Errorf("delete the webhook of channel %s: %w", channel, err)
	}
	return res.DeletedCount > 0, nil
}
