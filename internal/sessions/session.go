package sessions

import (
	"slices"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Collection is where sessions are.
const Collection = "sessions"

// State is a session's place in its life.
type State string

// The states, as printed in `status`.
const (
	Active   State = "active"
	Finished State = "finished"
)

// Agent is the person of a platform who answers.
type Agent struct {
	ID   string `bson:"id" json:"id"`
	Name string `bson:"name,omitempty" json:"name,omitempty"`
}

// PlatformRef names the platform that holds a session.
type PlatformRef struct {
	Slug   string             `bson:"slug" json:"slug"`
	Config ids.PlatformConfig `bson:"configId,omitempty" json:"configId,omitzero"`
}

// Holder is who answers a session: a platform, and perhaps one of its agents.
type Holder struct {
	Platform PlatformRef `bson:"platform" json:"platform"`
	Agent    *Agent      `bson:"agent,omitempty" json:"agent,omitempty"`
}

// Transfer is one hand-over of a session.
type Transfer struct {
	// ID tells that a request was done already: the session then stays as it is.
	// Those of before there were ids have none.
	ID   ids.Transfer `bson:"id,omitempty"`
	At   time.Time    `bson:"at"`
	By   string       `bson:"by"` // the API key that asked
	From Holder       `bson:"from"`
	To   Holder       `bson:"to"`
}

// MaxTransfers is how many hand-overs a session remembers, the newest.
const MaxTransfers = 50

// VersionCount is the field of a session's row to which every change of its numbers
// or its platform adds one.
const VersionCount = "version.count"

// Version tells whether a session's numbers and platform are still those that
// somebody remembers. It names its session, so that one condition holds many rows
// each against its own. Every program that writes sessions must raise it; nothing
// was released that does not.
type Version struct {
	Of    ids.Session `bson:"of,omitempty"` // none in rows of before there were versions
	Count int64       `bson:"count"`
}

// Session is one conversation between one contact and the platform that
// answers it. At most one is active per channel and contact; a unique index
// sees to it.
type Session struct {
	ID            ids.Session    `bson:"_id"`
	Channel       ids.Channel    `bson:"channelId"`
	Account       ids.Account    `bson:"accountId"`
	Contact       ids.Contact    `bson:"contactId"`
	Provider      providers.Name `bson:"provider"`
	State         State          `bson:"state"`
	Ignored       bool           `bson:"ignored"`       // copy of the contact's; inbound filters on it
	IdentityRev   int64          `bson:"identityRev"`   // rises when its contact loses a name; inbound of who remembers an older one is refused
	Sequence      int64          `bson:"sequence"`      // of its messages; the last one's
	EventSequence int64          `bson:"eventSequence"` // of its events; the last one's
	Unread        int64          `bson:"unreadCount"`

	Version Version `bson:"version"`

	Platform   ids.PlatformConfig `bson:"platformConfigId,omitempty"`
	Slug       string             `bson:"platformSlug,omitempty"`
	Agent      *Agent             `bson:"agent,omitempty"`
	Transfers  []Transfer         `bson:"transfers,omitempty"`
	CreatedAt  time.Time          `bson:"createdAt"`
	FinishedAt time.Time          `bson:"finishedAt,omitempty"`
	Reason     string             `bson:"finishReason,omitempty"` // finished, merged, erased

	LastMessageAt time.Time `bson:"lastMessageAt,omitempty"`
	// LastInboundAt is when the reply window began: the provider's time of the
	// contact's last message, or ours where that cannot be right.
	LastInboundAt time.Time `bson:"lastInboundAt,omitempty"`
}

// Transferred tells whether the session remembers this hand-over.
func (s *Session) Transferred(id ids.Transfer) bool {
	return slices.ContainsFunc(s.Transfers, func(t Transfer) bool { return t.ID == id })
}

// Holder gives who answers the session.
func (s *Session) Holder() Holder {
	return Holder{Platform: PlatformRef{Slug: s.Slug, Config: s.Platform}, Agent: s.Agent}
}

// maxRedelivery is how long a provider redelivers; an older time of its is
// not believed.
const maxRedelivery = 7 * 24 * time.Hour

// WindowStart is the time from which a reply window counts: the provider's
// time of the message, unless that lies in the future or longer ago than a
// provider redelivers.
func WindowStart(provider, received time.Time) time.Time {
	if provider.IsZero() || provider.After(received) || received.Sub(provider) > maxRedelivery {
		return received
	}
	return provider
}

// WindowEnd is when free-form replies end; zero where the provider has no
// such window or nobody has written yet.
func (s *Session) WindowEnd(hours int) time.Time {
	if hours == 0 || s.LastInboundAt.IsZero() {
		return time.Time{}
	}
	return s.LastInboundAt.Add(time.Duration(hours) * time.Hour)
}
