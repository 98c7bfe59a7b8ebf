package platforms

import (
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
)

// Config is one agent platform of an account: a console, a CRM, a bot.
type Config struct {
	ID        ids.PlatformConfig
	Account   ids.Account
	Slug      string
	Name      string
	URL       string   // its webhook; empty: none
	Events    []string // the types it wants; empty: all
	IsDefault bool
	CreatedAt time.Time
}
