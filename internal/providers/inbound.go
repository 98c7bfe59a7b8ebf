package providers

import (
	"context"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
)

// Inbound is one thing that a provider told us about a channel.
type Inbound struct {
	Channel    ids.Channel
	Platform   ids.PlatformConfig // named by the webhook's URL; zero when none was
	ReceivedAt time.Time
	Payload    InboundPayload
	// Drop deletes what the connection itself has kept of it, such as the secret
	// of a message: whoever may keep nothing of the inbound calls it before
	// Accept returns. nil where a connection keeps nothing.
	Drop func(ctx context.Context) error
}

// InboundPayload is what happened. The list is closed: MessageReceived,
// MessageEdited, MessageRevoked, StatusChanged, ContactMoved, GroupSynced,
// ChannelNotice, GatewayEvent, ConnectionChanged, PairingOffered, PasskeyAsked,
// PhotoChanged, ChatsSynced, ChatChanged, SentHere.
type InboundPayload interface{ inbound() }

// Party is a person as one inbound names them.
type Party struct {
	// Addresses are all the names the provider gave this person, the one to
	// answer to first. At least one.
	Addresses []Address
	// Name is the name that the person chose; may be empty.
	Name string
	// Username is the person's public handle at the provider; may be empty.
	Username string
	// As is the one of Addresses that this very message came from: whoever names
	// the message to the provider must name its author so. Zero: the first.
	As Address
}

// Group is a group chat as one inbound describes it.
type Group struct {
	Address      Address
	Name         string    // empty: not told
	Participants []Address // nil: not told
}

// MessageReceived is a message written by a contact, or by a person on
// another device of the channel's own number (FromPhone).
type MessageReceived struct {
	// ID is the provider's id; empty where the sender has none, then DedupeKey
	// tells duplicates.
	ID ids.ProviderMessage
	// DedupeKey stands in for a missing ID: the same key is the same message.
	DedupeKey string
	// DedupeWindow limits how long DedupeKey counts; 0: for ever.
	DedupeWindow time.Duration
	// From wrote it. With FromPhone, From is the contact it was written to.
	From Party
	// Group is set when it was written in a group; From is then its author.
	Group     *Group
	FromPhone bool
	Timestamp time.Time // the provider's; zero when it said none
	Content   Content
	Media     *MediaRef
	Quote     *Quote
}

// MessageEdited replaces the content of an earlier message.
type MessageEdited struct {
	ID        ids.ProviderMessage // of the edit itself; may be empty
	Target    ids.ProviderMessage
	FromPhone bool      // the target is a message of the channel's own number
	By        By        // only its author may edit a message
	Chat      []Address // all names of whom, or the one of the group, that the chat is with, where By does not tell; may be empty
	Timestamp time.Time
	Content   Content
}

// MessageRevoked deletes an earlier message for everyone.
type MessageRevoked struct {
	Target    ids.ProviderMessage
	FromPhone bool      // the target is a message of the channel's own number
	By        By        // in a group an admin may, too
	Chat      []Address // as that of MessageEdited
	Timestamp time.Time
}

// By is who did something to an earlier message, and where, for providers that
// let anybody name any message: whoever reads it must see whether they might.
// Its zero value: the provider has seen to that.
type By struct {
	Addresses []Address // all names of the person
	Group     Address   // zero: in the chat with that person
}

// StatusChanged tells what became of an outbound message.
type StatusChanged struct {
	ID        ids.ProviderMessage
	OurID     ids.Message // our id as the provider echoes it; zero when it does not
	Status    MessageStatus
	Timestamp time.Time
	Address   Address // the recipient as the provider calls it; may be zero
	Error     *MessageError
}

// ContactMoved tells that a person has a new number or a new stable id.
type ContactMoved struct {
	From      []Address // what the person was known by
	To        []Address // what the person is known by now; what of From is told to stay is in it, too
	Timestamp time.Time
}

// GroupSynced tells the current state of a group, outside any message.
type GroupSynced struct{ Group Group }

// ChannelNotice is something that the operator of the channel should know: a
// template paused, an account restricted.
type ChannelNotice struct {
	Kind   string  // the provider's name of it
	Detail string  // one sentence
	Raw    RawJSON // as the provider said it
}

// GatewayEvent is an event of the WhatsApp gateway that has no place in a
// conversation (BATTERY, GROUP_JOIN, MESSAGE_DELETED, …).
type GatewayEvent struct {
	Type      string
	ID        ids.ProviderMessage // of the message that it is about; may be empty
	Timestamp time.Time           // zero: the provider said none
	Version   string              // tells it from what is else the same; may be empty
	Chat      Address             // where it happened; may be zero
	Who       []Address           // all whom Raw names
	Raw       RawJSON             // a JSON object
}

// ConnectionChanged tells the condition of a connection that has a life of its
// own.
type ConnectionChanged struct {
	State State
	// Paired is the number that the device is linked to, as the provider writes
	// it; zero while it is linked to none.
	Paired Address
}

// PairingOffered is a QR code that a phone can scan now.
type PairingOffered struct {
	Code  string    // the text of the QR code; a secret while it counts
	Until time.Time // when it stops counting
}

// PasskeyAsked tells that the account's owner must confirm the pairing with a
// passkey.
type PasskeyAsked struct {
	// Request is the WebAuthn request for a browser; empty once it was answered.
	Request RawJSON
	// Code is to be compared with the one on the phone; empty: not asked for.
	Code  string
	Until time.Time
}

// PhotoChanged tells that a person or group has another profile picture, or
// none any more.
type PhotoChanged struct{ Of Address }

func (MessageReceived) inbound() {}
func (MessageEdited) inbound()   {}
func (MessageRevoked) inbound()  {}
func (StatusChanged) inbound()   {}
func (ContactMoved) inbound()    {}
func (GroupSynced) inbound()     {}
func (ChannelNotice) inbound()   {}
func (GatewayEvent) inbound()    {}

func (ConnectionChanged) inbound() {}
func (PairingOffered) inbound()    {}
func (PasskeyAsked) inbound()      {}
func (PhotoChanged) inbound()      {}
