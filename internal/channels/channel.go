package channels

import (
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
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
}

// DefaultSettings are those of a channel whose creator said nothing.
func DefaultSettings() Settings {
	return Settings{
		Mode: Sessions, ShowAgentName: true, TypingBeforeText: true, MarkReadOnProcess: true, SendPresence: true,
		TemplateLanguage: "pt_BR", MediaMaxBytes: 100 << 20,
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
}
