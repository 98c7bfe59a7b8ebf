package channels

import (
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

// Mode says what a channel keeps.
type Mode string

// The modes.
const (
	// Sessions: contacts, sessions and messages are kept.
	Sessions Mode = "sessions"
	// Gateway: nothing is kept but events until they are delivered.
	Gateway Mode = "gateway"
)

// Settings are what an operator may switch per channel.
type Settings struct {
	Mode              Mode   `bson:"mode" json:"mode"`
	ShowAgentName     bool   `bson:"showAgentName" json:"showAgentName"`
	TypingBeforeText  bool   `bson:"typingBeforeText" json:"typingBeforeText"`
	MarkReadOnProcess bool   `bson:"markReadOnProcess" json:"markReadOnProcess"`
	SendPresence      bool   `bson:"sendPresence" json:"sendPresence"`
	TemplateLanguage  string `bson:"templateLanguage" json:"templateLanguage"`
	MediaMaxBytes     int64  `bson:"mediaMaxBytes" json:"mediaMaxBytes"`
	// MessagesPerSecond is how fast one server sends for the number. Meta allows
	// most 80 a second, in and out; upgraded ones 1,000, coexistence ones 20.
	MessagesPerSecond int64 `bson:"messagesPerSecond" json:"messagesPerSecond"`
}

// DefaultSettings are those of a channel whose creator said nothing.
func DefaultSettings() Settings {
	return Settings{
		Mode: Sessions, ShowAgentName: true, TypingBeforeText: true, MarkReadOnProcess: true, SendPresence: true,
		TemplateLanguage: "pt_BR", MediaMaxBytes: 100 << 20, MessagesPerSecond: 72,
	}
}

// State is a channel's condition, as stored and printed.
type State struct {
	Status providers.Status `bson:"status" json:"status"`
	Since  time.Time        `bson:"since" json:"since"`
	Detail string           `bson:"detail" json:"detail"` // what to do; empty while all is well
}

// Channel is one number at one provider.
type Channel struct {
	ID         ids.Channel
	Account    ids.Account
	Name       string
	Provider   providers.Name
	Identifier string             // digits, as the operator wrote them
	Platform   ids.PlatformConfig // zero: the account's default
	Settings   Settings
	State      State
	NumberID   string // the provider's own id of the number; empty until learned
	CreatedAt  time.Time
	Battery    Battery
}

// Battery is what another gateway told of the phone's; nil: not told. A phone
// with linked devices tells them nothing of it.
type Battery struct {
	Charge  *float64 `bson:"charge,omitempty"` // percent
	Plugged *bool    `bson:"plugged,omitempty"`
}

// View is a channel on the wire.
type View struct {
	ID           ids.Channel            `json:"_id"`
	Account      ids.Account            `json:"clientIdentifier"`
	Name         string                 `json:"name"`
	ChannelType  string                 `json:"channelType"`
	Provider     providers.Name         `json:"provider"`
	Identifier   string                 `json:"identifier"`
	Platform     *ids.PlatformConfig    `json:"platformConfigId"` // null: the account's default
	Settings     Settings               `json:"settings"`
	State        StateView              `json:"state"`
	Capabilities providers.Capabilities `json:"capabilities"`
	Webhook      WebhookView            `json:"webhook"`
	CreatedAt    *web.Time              `json:"createdAt"`
}

// StateView is a channel's condition on the wire.
type StateView struct {
	Status providers.Status `json:"status"`
	Since  *web.Time        `json:"since"`
	Detail string           `json:"detail"`
}

// WebhookView is where the provider delivers. Without OMNI_PUBLIC_URL the URL
// is a path on this server; it is empty while the account has no platform.
// Secret stands in the answer that made it only.
type WebhookView struct {
	URL    string `json:"url"`
	Secret string `json:"secret,omitempty"`
}
