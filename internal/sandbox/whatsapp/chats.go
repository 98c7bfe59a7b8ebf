package whatsapp

import (
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// ChatPatch is what somebody does with a conversation on their phone; nil fields
// stay. Linked devices are told.
type ChatPatch struct {
	Archived *bool `json:"archived"`
	Pinned   *bool `json:"pinned"`
	Muted    *bool `json:"muted"`
	// MutedSeconds bounds Muted; zero mutes for good.
	MutedSeconds int `json:"mutedSeconds"`
	// Read marks as read, or as unread by hand.
	Read    *bool `json:"read"`
	Cleared bool  `json:"cleared"`
	Deleted bool  `json:"deleted"`
}

// PatchChat lets somebody archive, pin, mute, mark, clear or delete a
// conversation.
func (s *Server) PatchChat(ref, chat string, patch ChatPatch) (PhoneChat, error) {
	s.mu.Lock()
	a, err := s.find(ref)
	if err != nil {
		s.mu.Unlock()
		return PhoneChat{}, err
	}
	c := a.phone.chatNamed(chat)
	if c == nil {
		s.mu.Unlock()
		return PhoneChat{}, fmt.Errorf("%w: phone %s has no chat %q", control.ErrNotFound, ref, chat)
	}
	jid, last := c.jid, c.lastMessage
	s.mu.Unlock()
	if patch.MutedSeconds < 0 {
		return PhoneChat{}, fmt.Errorf("mutedSeconds must not be negative, %d is", patch.MutedSeconds)
	}
	for _, change := range patch.changes(jid, last, s.now()) {
		if err := a.phone.patch(change); err != nil {
			return PhoneChat{}, err
		}
	}
	s.news.ring()
	return s.Chat(ref, chat)
}

func (patch ChatPatch) changes(jid types.JID, last, now time.Time) []appstate.PatchInfo {
	var out []appstate.PatchInfo
	if patch.Archived != nil {
		out = append(out, appstate.BuildArchive(jid, *patch.Archived, last, nil))
	}
	if patch.Pinned != nil {
		out = append(out, appstate.BuildPin(jid, *patch.Pinned))
	}
	if patch.Muted != nil {
		out = append(out, appstate.BuildMute(jid, *patch.Muted, time.Duration(patch.MutedSeconds)*time.Second))
	}
	if patch.Read != nil {
		out = append(out, appstate.BuildMarkChatAsRead(jid, *patch.Read, last, nil))
	}
	if patch.Cleared {
		out = append(out, clearChange(jid, now))
	}
	if patch.Deleted {
		out = append(out, appstate.BuildDeleteChat(jid, last, nil, true))
	}
	return out
}

// Star marks a message with a star, or takes it away. Linked devices are told.
func (s *Server) Star(ref, id string, starred bool) error {
	return s.patchMessage(ref, id, func(r *record) appstate.PatchInfo {
		return appstate.BuildStar(r.chatJID, r.address, r.id, r.mine, starred)
	})
}

// patchMessage changes, on a phone and its linked devices, what change says of a
// message that it shows.
func (s *Server) patchMessage(ref, id string, change func(*record) appstate.PatchInfo) error {
	s.mu.Lock()
	a, err := s.find(ref)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	r := a.phone.anywhere(id)
	if r == nil {
		s.mu.Unlock()
		return fmt.Errorf("%w: phone %s shows no message %q", control.ErrNotFound, ref, id)
	}
	patch := change(r)
	s.mu.Unlock()
	return a.phone.patch(patch)
}

// DeleteForMe takes a message off a phone, and off nobody else's. Linked devices
// are told.
func (s *Server) DeleteForMe(ref, id string) error {
	return s.patchMessage(ref, id, func(r *record) appstate.PatchInfo { return deleteChange(r, s.now()) })
}

// SaveContact puts somebody into the address book of a phone. Linked devices are
// told.
func (s *Server) SaveContact(ref, who, name string) error {
	if name == "" {
		return fmt.Errorf("a contact must have a name")
	}
	s.mu.Lock()
	a, err := s.find(ref)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	other, err := s.find(who)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	jid := other.pn()
	s.mu.Unlock()
	return a.phone.patch(contactChange(jid, name))
}
