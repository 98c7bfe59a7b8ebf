package platforms

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/vault"
)

// Spec is a config to make.
type Spec struct {
	ID        ids.PlatformConfig // zero: made
	Account   ids.Account
	Slug      string
	Name      string
	URL       string
	Events    []string
	IsDefault bool         // an account's first config is its default anyhow
	Secret    vault.Secret // empty: made
}

// slugs is what a slug may look like.
var slugs = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// The names of the indexes that refuse a second row.
const (
	oneSlug    = "accountId_1_platformSlug_1"
	oneDefault = "accountId_1"
)

// defaultTries bounds how often two first configs may collide.
const defaultTries = 5

// CreateConfig makes a config and gives it with the secret that signs. An id
// that is there already gives that config, unchanged; a slug that another one has is a fault Conflict; a wrong URL or
// event type ValidationFailed.
func (s *Service) CreateConfig(ctx context.Context, spec Spec) (Config, vault.Secret, error) {
	if err := s.checkSpec(ctx, spec); err != nil {
		return Config{}, "", err
	}
	if spec.ID.IsZero() {
		spec.ID = ids.New[ids.PlatformConfig]()
	}
	if spec.Secret == "" {
		spec.Secret = NewSecret()
	}
	var err error
	for range defaultTries {
		var config Config
		if config, err = s.insert(ctx, spec); err == nil {
			return config, spec.Secret, nil
		}
		if mongodb.DuplicateIndex(err) != oneDefault { // else: another first config was faster
			break
		}
	}
	switch mongodb.DuplicateIndex(err) {
	case "_id_":
		return s.existing(ctx, spec)
	case oneSlug:
		return Config{}, "", fault.New(fault.Conflict, "Account %s has a platform config with the slug %q already. Change that one, or choose another slug.", spec.Account, spec.Slug)
	default:
		return Config{}, "", fmt.Errorf("store a platform config: %w", err)
	}
}

func (s *Service) insert(ctx context.Context, spec Spec) (Config, error) {
	now := s.now()
	r := row{Secret: s.seal(spec.ID, spec.Secret), Config: Config{
		ID: spec.ID, Account: spec.Account, Slug: spec.Slug, Name: spec.Name, URL: spec.URL, Events: spec.Events,
		State: State{Status: Active, Since: now}, CreatedAt: now,
	}}
	if r.Name == "" {
		r.Name = r.Slug
	}
	if r.Events == nil {
		r.Events = []string{}
	}
	err := mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		had, err := s.yieldDefault(ctx, spec.Account, spec.IsDefault)
		if err != nil {
			return err
		}
		r.IsDefault = spec.IsDefault || !had
		_, err = s.rows.InsertOne(ctx, r)
		return err
	})
	s.cache.written()
	return r.Config, err
}

// yieldDefault touches the account's default, and takes the mark off it when
// another one is to have it; had is false where there is none. It writes in
// any case: two transactions that both rely on there being a default, or none,
// must collide.
func (s *Service) yieldDefault(ctx context.Context, account ids.Account, yield bool) (had bool, err error) {
	change := bson.D{{Key: "$inc", Value: bson.D{{Key: "held", Value: int64(1)}}}}
	if yield {
		change = append(change, bson.E{Key: "$set", Value: bson.D{{Key: "isDefault", Value: false}}})
	}
	res, err := s.rows.UpdateOne(ctx, bson.D{{Key: "accountId", Value: account}, {Key: "isDefault", Value: true}}, change)
	if err != nil {
		return false, err
	}
	return res.MatchedCount == 1, nil
}

// existing gives the config that has the wanted id: an earlier run of the same
// request made it.
func (s *Service) existing(ctx context.Context, spec Spec) (Config, vault.Secret, error) {
	secrets, err := s.Secrets(ctx, spec.Account, spec.ID)
	if fault.Is(err, fault.NotFound) {
		return Config{}, "", fault.New(fault.Conflict, "The id %s is another account's. Leave the id out.", spec.ID)
	}
	if err != nil {
		return Config{}, "", err
	}
	config, err := s.Get(ctx, spec.Account, spec.ID)
	return config, secrets[0], err
}

func (s *Service) checkSpec(ctx context.Context, spec Spec) error {
	if !slugs.MatchString(spec.Slug) {
		return fault.Invalid("platformSlug", "malformed", "A slug has 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit.")
	}
	if err := checkEvents(spec.Events, eventTypes); err != nil {
		return err
	}
	return s.checkURL(ctx, spec.URL)
}

// checkEvents refuses types that are not among all there are.
func checkEvents(wanted, all []string) error {
	for i, one := range wanted {
		if !slices.Contains(all, one) {
			return fault.Invalid(fmt.Sprintf("events.%d", i), "oneof", "There is no event of this type. The types are: %s.", strings.Join(all, ", "))
		}
		if slices.Contains(wanted[:i], one) {
			return fault.Invalid(fmt.Sprintf("events.%d", i), "duplicate", "The type stands in the list twice.")
		}
	}
	return nil
}

// checkURL refuses what could not be called anyhow. What a name resolves to
// may change: each call checks again.
func (s *Service) checkURL(ctx context.Context, address string) error {
	if address == "" {
		return nil
	}
	err := s.egress.CheckURL(ctx, address)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, egress.ErrPrivateAddress):
		return fault.Invalid("url", "private", "The URL leads to a private network. Give one on the public internet, or have the operator list its host in OMNI_ALLOW_HOSTS.")
	case errors.Is(err, egress.ErrUnresolved):
		return fault.Invalid("url", "unresolved", "The URL's host has no address. Check its spelling.")
	case errors.Is(err, egress.ErrBadURL):
		return fault.Invalid("url", "url", "Give an absolute http or https URL.")
	default:
		return fmt.Errorf("check the URL of a platform config: %w", err)
	}
}
