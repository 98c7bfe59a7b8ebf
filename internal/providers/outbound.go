package providers

import (
	"context"
	"io"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
)

// Outbound is one message to send.
type Outbound struct {
	// ID is ours, made before the send; a provider that echoes something
	// echoes this.
	ID ids.Message
	// ProviderID is the id to send under, where the provider lets us choose.
	ProviderID ids.ProviderMessage
	// To is the address as the provider used it last.
	To Address
	// Content is what the contact shall see, the agent's name included.
	Content Content
	// Media is the file, where Content has one.
	Media *OutboundMedia
	Quote *Quote
}

// OutboundMedia is a file in our store, to be handed to a provider.
type OutboundMedia struct {
	ID       ids.Media
	Mimetype string
	FileName string
	Size     int64  // bytes
	SHA256   string // hex
	// Open reads the file from its start; the caller closes it.
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// Receipt is a provider's word that it took a message.
type Receipt struct {
	ID        ids.ProviderMessage
	Address   Address   // the recipient as the provider calls it; may be zero
	Timestamp time.Time // the provider's; zero when not said
	// Held is set when the provider took the message but holds it back, with
	// its word for it.
	Held string
}

// MessageStatus is how far an outbound message came.
type MessageStatus string

// The ladder of CONTRACT: a status only moves up.
const (
	MessageQueued    MessageStatus = "queued"
	MessageUnknown   MessageStatus = "unknown"
	MessageSent      MessageStatus = "sent"
	MessageFailed    MessageStatus = "failed"
	MessageDelivered MessageStatus = "delivered"
	MessageRead      MessageStatus = "read"
	MessagePlayed    MessageStatus = "played"
)

// Rank is the status's place on the ladder, from 1; 0 for an unknown word.
func (s MessageStatus) Rank() int {
	for i, step := range []MessageStatus{MessageQueued, MessageUnknown, MessageSent, MessageFailed, MessageDelivered, MessageRead, MessagePlayed} {
		if s == step {
			return i + 1
		}
	}
	return 0
}

// MessageError is why a message failed, as it is stored and printed.
type MessageError struct {
	Code         string `bson:"code" json:"code"` // our stable code, such as reply_window_closed
	Title        string `bson:"title,omitempty" json:"title,omitempty"`
	Detail       string `bson:"detail,omitempty" json:"detail,omitempty"`
	ProviderCode string `bson:"providerCode,omitempty" json:"providerCode,omitempty"`
	// Field and RetryAfter are for the answer to the request that sent it: which of
	// its fields is to blame, and how many seconds to wait.
	Field      string `bson:"field,omitempty" json:"-"`
	RetryAfter int64  `bson:"retryAfter,omitempty" json:"-"`
}
