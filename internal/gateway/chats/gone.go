package chats

import (
	"slices"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// deletions remembers which people and channels were deleted lately, so that a
// history that was being written does not bring them back.
type deletions struct {
	clock atomic.Int64
	at    *lru.Cache[string, int64] // by a chat's id, or a channel's
}

func newDeletions() *deletions {
	d := &deletions{}
	d.at, _ = lru.New[string, int64](goneMost) // errs on a size of 0 only
	return d
}

func (d *deletions) now() int64 { return d.clock.Load() }

func (d *deletions) add(those ...string) {
	at := d.clock.Add(1)
	for _, id := range those {
		d.at.Add(id, at)
	}
}

// since tells whether somebody was deleted after a moment, by any of their names.
func (d *deletions) since(began int64, channel ids.Channel, names []providers.Address) bool {
	return slices.ContainsFunc(append(chatIDs(channel, keysOf(names)), channel.String()), func(id string) bool {
		at, gone := d.at.Get(id)
		return gone && at > began
	})
}

// spared leaves out who was deleted after a moment, and what they wrote or is
// quoted of them in groups.
func (d *deletions) spared(channel ids.Channel, told []providers.Chat, began int64) []providers.Chat {
	if d.now() == began {
		return told
	}
	left := make([]providers.Chat, 0, len(told))
	for _, chat := range told {
		if d.since(began, channel, chat.Addresses) {
			continue
		}
		messages := make([]providers.ChatMessage, 0, len(chat.Messages))
		for _, m := range chat.Messages {
			if d.since(began, channel, m.Message.From.Addresses) {
				continue
			}
			if quote := m.Message.Quote; quote != nil && d.since(began, channel, []providers.Address{quote.Author}) {
				m.Message.Quote = nil
			}
			messages = append(messages, m)
		}
		chat.Messages = messages
		left = append(left, chat)
	}
	return left
}
