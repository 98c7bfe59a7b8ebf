package messages

import (
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// recentMost bounds the committed ids that a shard answers duplicates from.
	recentMost = 1 << 15
	// knownMost bounds the contacts that a shard need not read.
	knownMost = 50_000
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

// fact is what a shard remembers of a contact: committed, and true until the
// store says otherwise, which its guards then do. Whether a contact is
// ignored, or unknown, and any number, is never remembered.
type fact struct {
	contact ids.Contact
	session ids.Session // the active one
	rev     int64       // its identityRev
	kind    contacts.Type
	keys    []string
	replyTo providers.Address
	named   bool
	group   string // a group's name and participants as last seen, see signature
}

// outcome is what became of an inbound message.
type outcome struct {
	message   ids.Message
	session   ids.Session
	duplicate bool
	ignored   bool
}

// shard is one lane of the group commit. Only its loop touches it, but for
// the queue.
type shard struct {
	queue  chan *item
	known  *simplelru.LRU[identity, *fact]
	recent *simplelru.LRU[dedupeID, outcome]
	checks int        // batches left that look their ids up beforehand
	used   []identity // of the batch under way, to be forgotten if it fails
}

func newShard() *shard {
	known, _ := simplelru.NewLRU[identity, *fact](knownMost, nil) // errs on a size of 0 only
	recent, _ := simplelru.NewLRU[dedupeID, outcome](recentMost, nil)
	return &shard{queue: make(chan *item, queueMost), known: known, recent: recent}
}

// forget drops what the failed batch believed.
func (s *shard) forget() {
	for _, id := range s.used {
		s.known.Remove(id)
	}
	s.used = s.used[:0]
}

// forgetContacts drops contacts that were merged.
func (s *shard) forgetContacts(plans []*contactPlan) {
	for _, id := range s.known.Keys() {
		if known, ok := s.known.Peek(id); ok {
			for _, plan := range plans {
				if known.contact == plan.contact {
					s.known.Remove(id)
				}
			}
		}
	}
}
