package whatsappweb

import (
	"slices"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// unreadChats bounds the chats of which the unread are remembered, the latest
	// ones.
	unreadChats = 1024
	// unreadEach bounds what is remembered of one, the newest.
	unreadEach = 100
)

// unread remembers by their ids what others wrote while this connection was there
// to hear it, until somebody reads it here: so that ReadChat can tell them also
// where nothing is kept of their messages. It knows no content.
type unread struct {
	mu    sync.Mutex
	chats *simplelru.LRU[types.JID, []mark]
}

func newUnread() *unread {
	chats, err := simplelru.NewLRU[types.JID, []mark](unreadChats, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &unread{chats: chats}
}

// note remembers what came in.
func (u *unread) note(payloads []providers.InboundPayload) {
	for _, p := range payloads {
		m, ok := p.(providers.MessageReceived)
		if !ok || m.FromPhone || m.ID == "" || len(m.From.Addresses) == 0 {
			continue
		}
		u.add(markOf(m))
	}
}

func (u *unread) add(m mark) {
	u.mu.Lock()
	defer u.mu.Unlock()
	all, _ := u.chats.Get(m.in.chat)
	if slices.Contains(all, m) {
		return // it came again
	}
	if len(all) == unreadEach {
		all = slices.Clone(all[1:])
	}
	u.chats.Add(m.in.chat, append(all, m))
}

// of gives what is unread in a chat, under any of its names.
func (u *unread) of(names ...types.JID) []mark {
	u.mu.Lock()
	defer u.mu.Unlock()
	var all []mark
	for _, name := range names {
		marks, _ := u.chats.Get(name)
		all = append(all, marks...)
	}
	return all
}

// read drops what is remembered of a chat, under any of its names.
func (u *unread) read(names ...types.JID) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, name := range names {
		u.chats.Remove(name)
	}
}

// forget drops what is remembered of people: their chats, and what they wrote in
// groups.
func (u *unread) forget(who []types.JID) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, name := range u.chats.Keys() {
		marks, _ := u.chats.Peek(name)
		kept := slices.DeleteFunc(slices.Clone(marks), func(m mark) bool { return slices.Contains(who, m.in.sender) })
		switch {
		case slices.Contains(who, name) || len(kept) == 0:
			u.chats.Remove(name)
		case len(kept) < len(marks):
			u.chats.Add(name, kept)
		}
	}
}
