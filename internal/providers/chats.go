package providers

import (
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
)

// MutedForGood is until when a chat is silent that somebody silenced without an
// end.
var MutedForGood = time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)

// ChatsSynced tells how chats are on the phone of a linked device, with what was
// written in them before the device was there to hear it. None of it is news:
// it opens no session and raises no event.
type ChatsSynced struct{ Chats []Chat }

// Chat is a conversation as a phone has it. What is nil is not told.
type Chat struct {
	Addresses     []Address // every name of the person that is known, or the group's address
	Name          string    // in the phone's address book, or the group's; empty: not told
	LastMessageAt time.Time // zero: there never was a message, or it is not told
	Unread        *int
	MarkedUnread  *bool // by hand
	Archived      *bool
	Pinned        *bool
	MutedUntil    *time.Time    // zero: it is not muted; MutedForGood at most
	Messages      []ChatMessage // newest first
}

// ChatMessage is a message of a chat as a phone has it.
type ChatMessage struct {
	Message MessageReceived
	Status  MessageStatus // of one of the number's own; empty: not told
}

// ChatChanged tells what a person did to a chat on the phone, or on another
// device of the number. What is nil or false stayed as it was.
type ChatChanged struct {
	Addresses  []Address
	Timestamp  time.Time
	Name       *string // in the phone's address book
	Archived   *bool
	Pinned     *bool
	MutedUntil *time.Time // zero: not muted any more
	Read       *bool      // false: marked as unread, by hand
	Cleared    bool       // what was written until Timestamp is gone
	Deleted    bool       // that, and the chat with it
	// Revoked is a message of the number's own that was deleted for everyone from
	// here; empty: none.
	Revoked ids.ProviderMessage
	// Removed is a message that was deleted for the number itself only; empty:
	// none. RemovedOwn: it is one of the number's own.
	Removed    ids.ProviderMessage
	RemovedOwn bool
}

// SentHere is a message that went out over this connection: what the chat
// shows of it. It is FromPhone as one that was typed there.
type SentHere struct{ Message MessageReceived }

func (ChatsSynced) inbound() {}
func (ChatChanged) inbound() {}
func (SentHere) inbound()    {}
