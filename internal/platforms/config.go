package platforms

import (
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/vault"
	"github.com/cirrus/omnichannel/internal/web"
)

// Collection is where the configs are.
const Collection = "platform_configs"

// Overlap is how long a replaced signing secret goes on signing beside the new
// one.
const Overlap = 24 * time.Hour

// replacedMost is how many replaced secrets sign at once; one more, and the
// oldest ends before its Overlap does.
const replacedMost = 5

// Status says whether a config's URL is called.
type Status string

// The conditions of a config.
const (
	// Active: events are delivered.
	Active Status = "active"
	// Failing: its URL does not take events now; they wait, and it is tried
	// again and again.
	Failing Status = "failing"
	// Disabled: its URL answered that it is gone; events are kept for replay.
	Disabled Status = "disabled"
)

// State is a config's condition, and what to do about it.
type State struct {
	Status Status    `bson:"status"`
	Since  time.Time `bson:"since"`
	Detail string    `bson:"detail"` // what to do; empty while all is well
	// Failures counts the calls in a row that found a failing config's URL down,
	// and ProbeAt is when it may be called again: for a server that takes over.
	Failures int       `bson:"failures,omitempty"`
	ProbeAt  time.Time `bson:"probeAt,omitempty"`
}

// Config is one agent platform of an account: a console, a CRM, a bot.
type Config struct {
	ID        ids.PlatformConfig `bson:"_id"`
	Account   ids.Account        `bson:"accountId"`
	Slug      string             `bson:"platformSlug"`
	Name      string             `bson:"name"`
	URL       string             `bson:"url"`    // its webhook; empty: none
	Events    []string           `bson:"events"` // the types it wants; empty: all
	IsDefault bool               `bson:"isDefault"`
	State     State              `bson:"state"`
	CreatedAt time.Time          `bson:"createdAt"`
	// Channel is whose own webhook it is: it hears of that number only, and holds
	// no session. Zero: an agent platform.
	Channel ids.Channel `bson:"channelId,omitempty"`
}

// row is a config as it is stored.
type row struct {
	Config `bson:",inline"`
	Secret vault.Sealed `bson:"secret"`
	// Replaced secrets sign beside it, the one that was replaced last first.
	Replaced []replaced `bson:"previousSecrets,omitempty"`
	// Previous is the one that a server of before remembered, who knew one only.
	Previous      vault.Sealed `bson:"previousSecret,omitempty"`
	PreviousUntil *time.Time   `bson:"previousUntil,omitempty"`
	// Held counts the transactions that rely on the row: they collide with one
	// that deletes it.
	Held int64 `bson:"held"`
}

// replaced is a secret that was replaced, with the end of its Overlap.
type replaced struct {
	Secret vault.Sealed `bson:"secret"`
	Until  time.Time    `bson:"until"`
}

// View is a config on the wire; Secret stands in the answer that made it only.
type View struct {
	ID        ids.PlatformConfig `json:"_id"`
	Account   ids.Account        `json:"clientIdentifier"`
	Slug      string             `json:"platformSlug"`
	Name      string             `json:"name"`
	URL       string             `json:"url"`
	Events    []string           `json:"events"`
	IsDefault bool               `json:"isDefault"`
	State     StateView          `json:"state"`
	CreatedAt *web.Time          `json:"createdAt"`
	Channel   *ids.Channel       `json:"channelId,omitempty"` // whose own webhook it is
	Secret    string             `json:"secret,omitempty"`
}

// StateView is a config's condition on the wire.
type StateView struct {
	Status Status    `json:"status"`
	Since  *web.Time `json:"since"`
	Detail string    `json:"detail"`
}

func (c Config) view() View {
	wanted := c.Events
	if wanted == nil {
		wanted = []string{}
	}
	view := View{
		ID: c.ID, Account: c.Account, Slug: c.Slug, Name: c.Name, URL: c.URL, Events: wanted, IsDefault: c.IsDefault,
		State:     StateView{Status: c.State.Status, Since: web.At(c.State.Since), Detail: c.State.Detail},
		CreatedAt: web.At(c.CreatedAt),
	}
	if !c.Channel.IsZero() {
		view.Channel = &c.Channel
	}
	return view
}
