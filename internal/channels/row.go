package channels

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/vault"
)

// Collection is where the channels are.
const Collection = "channels"

// row is a channel as it is stored.
type row struct {
	ID            ids.Channel        `bson:"_id"`
	Account       ids.Account        `bson:"accountId"`
	Name          string             `bson:"name"`
	Provider      providers.Name     `bson:"provider"`
	Identifier    string             `bson:"identifier"`
	IdentifierKey string             `bson:"identifierKey"` // equal for two ways of writing one number
	Platform      ids.PlatformConfig `bson:"platformConfigId,omitempty"`
	Settings      Settings           `bson:"settings"`
	Connection    State              `bson:"connection"`
	Webhook       webhook            `bson:"webhook"`
	Link          link               `bson:"link,omitempty"`
	Battery       Battery            `bson:"battery,omitempty"`
	NumberID      string             `bson:"numberId,omitempty"`
	Credentials   vault.Sealed       `bson:"credentials,omitempty"`
	CheckAt       time.Time          `bson:"checkAt"` // when the provider is to be asked again
	Live          bool               `bson:"live"`    // false: deleted
	CreatedAt     time.Time          `bson:"createdAt"`
	DeletedAt     *time.Time         `bson:"deletedAt,omitempty"`
}

// webhook is what is known of a channel's way in.
type webhook struct {
	// Told is the URL that the provider was told; empty: none yet.
	Told string `bson:"told,omitempty"`
	// ToldPlatform is the platform config in it.
	ToldPlatform ids.PlatformConfig `bson:"platformConfigId,omitempty"`
	// Heard: something came in with the right secret.
	Heard bool `bson:"heard,omitempty"`
	// Problem is why the provider does not know the URL, and what to do.
	Problem string `bson:"problem,omitempty"`
	// Refused tells that somebody called with a wrong secret.
	Refused string `bson:"refused,omitempty"`
	// Astray tells that webhooks come to a URL whose platform config is gone.
	Astray string `bson:"astray,omitempty"`
}

// credentials are what is sealed.
type credentials struct {
	APIKey        vault.Secret
	WebhookSecret vault.Secret
	AccessCode    vault.Secret
	AccessCodeAt  int64 // since when it is that; Unix seconds, 0: not known
}

// clearCredentials is their form inside the seal: a Secret would redact itself.
type clearCredentials struct {
	APIKey        string `json:"apiKey,omitempty"`
	WebhookSecret string `json:"webhookSecret,omitempty"`
	AccessCode    string `json:"accessCode,omitempty"`
	AccessCodeAt  int64  `json:"accessCodeAt,omitempty"`
}

func binding(id ids.Channel) vault.Binding {
	return vault.Binding{Purpose: "channel.credentials", RowID: id.String()}
}

func (s *Service) seal(id ids.Channel, c credentials) vault.Sealed {
	// Strings and a number always encode.
	text, _ := json.Marshal(clearCredentials{APIKey: c.APIKey.Reveal(), WebhookSecret: c.WebhookSecret.Reveal(), AccessCode: c.AccessCode.Reveal(), AccessCodeAt: c.AccessCodeAt})
	return s.vault.Seal(binding(id), text)
}

// unsealAnew is unseal for what replaces some of the credentials.
func (s *Service) unsealAnew(r row) (credentials, error) {
	c, err := s.unseal(r)
	if err != nil {
		return c, fault.Wrap(err, fault.Conflict, "The credentials of channel %s cannot be opened, so that none of them can be replaced alone. Give apiKey (null without one) and webhookSecret together.", r.ID)
	}
	return c, nil
}

func (s *Service) unseal(r row) (credentials, error) {
	if r.Credentials.IsZero() {
		return credentials{}, nil
	}
	text, err := s.vault.Open(binding(r.ID), r.Credentials)
	if err != nil {
		return credentials{}, err
	}
	var c clearCredentials
	if json.Unmarshal(text, &c) != nil { // its error might repeat a secret
		return credentials{}, fmt.Errorf("the credentials of channel %s cannot be read; give them again", r.ID)
	}
	return credentials{APIKey: vault.Secret(c.APIKey), WebhookSecret: vault.Secret(c.WebhookSecret), AccessCode: vault.Secret(c.AccessCode), AccessCodeAt: c.AccessCodeAt}, nil
}

// state is the condition as it is printed: the connection's, and what is wrong
// with the webhooks beside it.
func (r row) state() State {
	state := r.Connection
	var details []string
	for _, detail := range []string{r.Connection.Detail, r.Webhook.Problem, r.Webhook.Refused, r.Webhook.Astray} {
		if detail != "" {
			details = append(details, detail)
		}
	}
	state.Detail = strings.Join(details, " ")
	return state
}

func (r row) channel() Channel {
	return Channel{
		ID: r.ID, Account: r.Account, Name: r.Name, Provider: r.Provider, Identifier: r.Identifier, Platform: r.Platform,
		Settings: r.Settings, State: r.state(), NumberID: r.NumberID, CreatedAt: r.CreatedAt, Battery: r.Battery,
	}
}
