package messages

import (
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// recentMost bounds the committed ids that duplicates are answered from, 200
	// bytes each; the index of the store knows all others.
	recentMost = 1 << 14
	// knownMost bounds the contacts that need not be read, half a kilobyte each (and
	// thrice that of heap). A batch reads the others at once.
	knownMost = 25_000
)

// identity is one name of a contact, within its channel.
type identity struct {
	channel ids.Channel
	key     string
}

// dedupeID is one message, within its channel.
type dedupeID struct {
	channel ids.Channel
	key     [16]byte
}

// fact is what the group commit remembers of a contact: committed, and true until the
// store says otherwise, which its guards then do. Whether a contact is
// ignored, or unknown, is never remembered.
type fact struct {
	contact ids.Contact
	session ids.Session // the active one
	rev     int64       // its identityRev
	kind    contacts.Type
	keys    []string
	replyTo providers.Address
	name    string // what the provider last called a person or group
	given   bool   // … which an API caller chose instead
	handle  string // a person's username
	group   string // a group's name and participants as last seen, see signature
}

// outcome is what became of an inbound message.
type outcome struct {
	message   ids.Message
	session   ids.Session
	duplicate bool
	ignored   bool
}

// memory is what committed batches have proven. Batches share it.
type memory struct {
	known  *lru.Cache[identity, *fact]
	recent *lru.Cache[dedupeID, outcome]
	fresh  *lru.Cache[ids.Message, freshRow]
	checks atomic.Int32 // batches left that look their ids up beforehand

	numbers *numbering
}

func newMemory() *memory {
	known, _ := lru.New[identity, *fact](knownMost) // errs on a size of 0 only
	recent, _ := lru.New[dedupeID, outcome](recentMost)
	fresh, _ := lru.New[ids.Message, freshRow](freshMost)
	return &memory{known: known, recent: recent, fresh: fresh, numbers: newNumbering()}
}

// checking tells whether a batch looks its ids up beforehand.
func (m *memory) checking() bool {
	if m.checks.Load() <= 0 {
		return false
	}
	return m.checks.Add(-1) >= 0
}

// forget drops what a failed batch believed.
func (m *memory) forget(believed map[identity]struct{}) {
	for id := range believed {
		m.known.Remove(id)
	}
}

// forgetContacts drops contacts that were merged.
func (m *memory) forgetContacts(plans []*contactPlan) {
	for _, id := range m.known.Keys() {
		if known, ok := m.known.Peek(id); ok {
			for _, plan := range plans {
				if known.contact == plan.contact {
					m.known.Remove(id)
					m.numbers.known.Remove(known.session)
				}
			}
		}
	}
}
