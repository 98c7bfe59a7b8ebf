package channels

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/vault"
)

// Spec is a channel to make.
type Spec struct {
	ID            ids.Channel // zero: made
	Account       ids.Account
	Name          string // empty: the identifier
	Provider      providers.Name
	Identifier    string             // a phone number in international form
	Platform      ids.PlatformConfig // zero: the account's default
	Settings      Settings           // zero: DefaultSettings
	APIKey        vault.Secret
	WebhookSecret vault.Secret // empty: made
	AccessCode    vault.Secret
}

const (
	// oneNumber is the index that keeps a number from being two channels.
	oneNumber = "accountId_1_provider_1_identifierKey_1"
	// firstCheck is when the watch takes up a channel whose maker died before
	// its first check.
	firstCheck = 30 * time.Second
)

// languages is what a template's language looks like: pt_BR, en, es_419.
var languages = regexp.MustCompile(`^[a-z]{2,3}(_[A-Za-z0-9]{2,4})?$`)

// CreateChannel makes a channel, gives it with its webhook secret, and asks its
// provider how it is; what the provider refuses shows in the state and fails
// nothing. An id that is there already gives that channel, unchanged. A number that is a channel of this
// account and provider already is a fault Conflict, a wrong field
// ValidationFailed.
func (s *Service) CreateChannel(ctx context.Context, spec Spec) (Channel, vault.Secret, error) {
	r, secret, err := s.createRow(ctx, spec)
	return r.channel(), secret, err
}

func (s *Service) createRow(ctx context.Context, spec Spec) (row, vault.Secret, error) {
	r, secrets, err := s.plan(spec)
	if err != nil {
		return row{}, "", err
	}
	err = mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		if !r.Platform.IsZero() {
			if err := s.hold(ctx, r.Account, r.Platform); err != nil {
				return err
			}
		}
		_, err := s.rows.InsertOne(ctx, r)
		return err
	})
	s.cache.written(r.ID, r.Account)
	switch mongodb.DuplicateIndex(err) {
	case "_id_":
		return s.existing(ctx, r)
	case oneNumber:
		return row{}, "", s.taken(ctx, r)
	}
	if err != nil {
		return row{}, "", err
	}
	checked, err := s.check(ctx, r.ID, checkChanged)
	if err != nil { // the watch goes on with it
		slog.WarnContext(ctx, "a new channel could not be checked", "channel_id", r.ID.String(), "error", err)
		checked = r
	}
	return checked, secrets.WebhookSecret, nil
}

// plan makes the row of a channel.
func (s *Service) plan(spec Spec) (row, credentials, error) {
	if !slices.Contains(providers.Names(), spec.Provider) {
		return row{}, credentials{}, fault.Invalid("provider", "oneof", "must be one of: %v", providers.Names())
	}
	if spec.Settings == (Settings{}) {
		spec.Settings = DefaultSettings()
	}
	digits, err := identifier(spec.Identifier)
	if err != nil {
		return row{}, credentials{}, err
	}
	if err := spec.Settings.check(); err != nil {
		return row{}, credentials{}, err
	}
	secrets := credentials{APIKey: spec.APIKey, WebhookSecret: spec.WebhookSecret}
	secrets.setAccessCode(spec.AccessCode, s.now())
	if err := secrets.check(); err != nil {
		return row{}, credentials{}, err
	}
	if secrets.WebhookSecret == "" {
		secrets.WebhookSecret = platforms.NewSecret()
	}
	now := s.now()
	r := row{
		ID: spec.ID, Account: spec.Account, Name: spec.Name, Provider: spec.Provider, Identifier: digits, IdentifierKey: phone.Key(digits),
		Platform: spec.Platform, Settings: spec.Settings, Connection: State{Status: providers.StatusCreated, Since: now},
		CheckAt: now.Add(firstCheck), Live: true, CreatedAt: now,
	}
	if r.ID.IsZero() {
		r.ID = ids.New[ids.Channel]()
	}
	if r.Name == "" {
		r.Name = digits
	}
	r.Credentials = s.seal(r.ID, secrets)
	return r, secrets, nil
}

func identifier(text string) (string, error) {
	digits, err := phone.Parse(text)
	if err != nil {
		return "", fault.Invalid("identifier", "phone", "must be a phone number with its country code, such as 5521977776666")
	}
	return digits, nil
}

func (settings Settings) check() error {
	switch {
	case settings.Mode != Sessions && settings.Mode != Gateway:
		return fault.Invalid("settings.mode", "oneof", "must be one of: %s, %s", Sessions, Gateway)
	case !languages.MatchString(settings.TemplateLanguage):
		return fault.Invalid("settings.templateLanguage", "malformed", "must be a language as templates have it, such as pt_BR or en")
	case settings.MessagesPerSecond < 1 || settings.MessagesPerSecond > 1000:
		return fault.Invalid("settings.messagesPerSecond", "range", "must be between 1 and 1000")
	case settings.MediaMaxBytes < 1 || settings.MediaMaxBytes > 2<<30:
		return fault.Invalid("settings.mediaMaxBytes", "range", "must be between 1 and %d bytes", int64(2<<30))
	}
	return nil
}

// check refuses what could not stand in a header.
func (c credentials) check() error {
	for _, one := range []struct {
		field  string
		secret vault.Secret
		least  int
	}{
		{"credentials.apiKey", c.APIKey, 1}, {"credentials.webhookSecret", c.WebhookSecret, 16}, {"credentials.accessCode", c.AccessCode, 16},
	} {
		text := one.secret.Reveal()
		if text == "" {
			continue
		}
		if len(text) < one.least || len(text) > 512 {
			return fault.Invalid(one.field, "length", "must have %d to 512 characters", one.least)
		}
		for _, r := range text {
			if r <= ' ' || r > '~' {
				return fault.Invalid(one.field, "characters", "may have letters, digits and punctuation of ASCII only, no spaces")
			}
		}
	}
	return nil
}

// hold relies on a platform config that a body names.
func (s *Service) hold(ctx context.Context, account ids.Account, id ids.PlatformConfig) error {
	err := s.platforms.Hold(ctx, account, id)
	if fault.Is(err, fault.NotFound) {
		return fault.Invalid("platformConfigId", "unknown", "There is no platform config %s in account %s.", id, account)
	}
	return err
}

// existing gives the channel that has the wanted id: an earlier run of the same
// request made it, and perhaps died before it could answer.
func (s *Service) existing(ctx context.Context, wanted row) (row, vault.Secret, error) {
	r, err := s.read(ctx, wanted.ID)
	if fault.Is(err, fault.NotFound) || err == nil && r.Account != wanted.Account {
		return row{}, "", fault.New(fault.Conflict, "The id %s was used before. Leave the id out, or choose another one.", wanted.ID)
	}
	if err != nil {
		return row{}, "", err
	}
	secrets, err := s.unseal(r)
	return r, secrets.WebhookSecret, err
}

// taken says which channel has the number already.
func (s *Service) taken(ctx context.Context, r row) error {
	var other row
	err := s.rows.FindOne(ctx, append(liveOf(r.Account), bson.E{Key: "provider", Value: r.Provider}, bson.E{Key: "identifierKey", Value: r.IdentifierKey})).Decode(&other)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return fmt.Errorf("look for the channel of a number: %w", err)
	}
	return fault.New(fault.Conflict, "This number is channel %s of the account already. Change that one.", other.ID).With("channelId", other.ID.String())
}
