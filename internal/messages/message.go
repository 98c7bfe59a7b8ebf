package messages

import (
	"crypto/sha256"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Collection is where messages are.
const Collection = "messages"

// Direction says who wrote a message.
type Direction string

// The directions.
const (
	Inbound  Direction = "inbound"
	Outbound Direction = "outbound"
)

// Origin says how an outbound message came to be.
type Origin string

// The origins. An inbound message has none.
const (
	FromAPI   Origin = "api"
	FromPhone Origin = "phone" // typed on another device of the number
)

// MediaStatus is how far the file of a message came.
type MediaStatus string

// The states of a file.
const (
	MediaPending MediaStatus = "pending"
	MediaReady   MediaStatus = "ready"
	MediaFailed  MediaStatus = "failed"
)

// Media is the file of a message.
type Media struct {
	ID       ids.Media           `bson:"id,omitempty"`
	Mimetype string              `bson:"mimetype,omitempty"`
	FileName string              `bson:"fileName,omitempty"`
	Size     int64               `bson:"size,omitempty"`   // bytes
	SHA256   string              `bson:"sha256,omitempty"` // hex
	Status   MediaStatus         `bson:"status"`
	Ref      *providers.MediaRef `bson:"ref,omitempty"` // where to fetch it, while pending
	// Reserved is the id that the file is to have, where it was told before the
	// file was there; while pending.
	Reserved ids.Media `bson:"reserved,omitempty"`
	Tries    int       `bson:"tries,omitempty"`
	NextAt   time.Time `bson:"nextAt,omitempty"` // the fetchers' next look, while pending
	Error    string    `bson:"error,omitempty"`  // why it failed
}

// StatusEntry is one step of an outbound message's history.
type StatusEntry struct {
	Status    providers.MessageStatus `bson:"status"`
	Timestamp time.Time               `bson:"timestamp"`
	Error     *providers.MessageError `bson:"error,omitempty"`
	// Note is the provider's word for why it holds back what it took.
	Note string `bson:"note,omitempty"`
}

// fromSelf is the author of what the channel's own number wrote.
const fromSelf = "self"

// Author is who wrote a message in a group.
type Author struct {
	ID   string `bson:"id" json:"id"`
	Name string `bson:"name,omitempty" json:"name,omitempty"`
	// Address is the author's first one. Zero for the channel's own number.
	Address providers.Address `bson:"address,omitempty" json:"-"`
	// As is the address that the message came from, where it is another one.
	As providers.Address `bson:"as,omitempty" json:"-"`
}

// named is the author as quotes, reactions and read marks must call them.
func (a Author) named() providers.Address {
	if a.As.IsZero() {
		return a.Address
	}
	return a.As
}

// Reaction is one person's emoji on a message.
type Reaction struct {
	Emoji  string    `bson:"emoji"`
	Author Author    `bson:"author"`
	At     time.Time `bson:"timestamp"`
}

// Edit is what a message said before it was edited.
type Edit struct {
	Content providers.Content   `bson:"content"`
	At      time.Time           `bson:"at"`           // when it was replaced
	By      ids.ProviderMessage `bson:"by,omitempty"` // the provider's id of the edit that replaced it
}

// Claim is a sender's hold on a message while it talks to the provider. A
// claim that expires means that the message was perhaps sent.
type Claim struct {
	Token bson.ObjectID `bson:"token"`
	Until time.Time     `bson:"until"`
	// Fence is that of the lease of the connection which it is sent over; 0:
	// none. The next holder may repeat the message under its id.
	Fence int64 `bson:"fence,omitempty"`
}

// Message is one message of a session, in either direction.
type Message struct {
	ID        ids.Message `bson:"_id"`
	Channel   ids.Channel `bson:"channelId"`
	Account   ids.Account `bson:"accountId"`
	Session   ids.Session `bson:"sessionId"`
	Contact   ids.Contact `bson:"contactId"`
	Sequence  int64       `bson:"sequence"` // within the session, from 1, no gap
	Direction Direction   `bson:"direction"`
	Origin    Origin      `bson:"origin,omitempty"`

	ProviderID ids.ProviderMessage `bson:"providerId,omitempty"`
	// DedupeKey is unique per channel; absent until an outbound message has
	// its provider's id.
	DedupeKey bson.Binary `bson:"dedupeKey,omitempty"`

	Content   providers.Content `bson:"content"`
	Media     *Media            `bson:"media,omitempty"`
	Author    *Author           `bson:"author,omitempty"`
	AgentName string            `bson:"agentName,omitempty"`
	Quote     *providers.Quote  `bson:"quotedMessage,omitempty"`
	Reactions []Reaction        `bson:"reactions,omitempty"`
	Edits     []Edit            `bson:"edits,omitempty"`
	EditedAt  time.Time         `bson:"editedAt,omitempty"`
	RevokedAt time.Time         `bson:"revokedAt,omitempty"`

	Timestamp  time.Time `bson:"timestamp"`  // the provider's, ours where it said none
	ReceivedAt time.Time `bson:"receivedAt"` // when we took it in

	// Outbound only.
	Status  providers.MessageStatus `bson:"status,omitempty"`
	Rank    int                     `bson:"statusRank,omitempty"` // of Status; updates are guarded by it
	History []StatusEntry           `bson:"statusHistory,omitempty"`
	Error   *providers.MessageError `bson:"error,omitempty"`
	To      providers.Address       `bson:"to,omitempty"`
	// ShowAgent: the contact sees AgentName as a bold first line; the content
	// is stored without it.
	ShowAgent bool `bson:"showAgent,omitempty"`

	// Mentions are the persons and messages that it names, see mentions.go.
	Mentions []string `bson:"mentions,omitempty"`

	// Revision counts the row's changes; every update is guarded by it.
	Revision int64 `bson:"rev"`

	// Unsettled is set while a queued message waits for its sender.
	Unsettled bool      `bson:"unsettled,omitempty"`
	NotBefore time.Time `bson:"notBefore,omitempty"` // the senders' next look at a queued one
	GiveUpAt  time.Time `bson:"giveUpAt,omitempty"`  // when a queued or unknown one is failed
	Claim     *Claim    `bson:"claim,omitempty"`
	// Perhaps: an attempt that is over perhaps succeeded; it is repeated under the
	// same id, and without a proof the message is never failed, but unknown.
	Perhaps bool `bson:"perhaps,omitempty"`
}

// authorship tells who wrote a message: the channel's own number, or in a group
// the author.
func (m *Message) authorship() (author providers.Address, mine bool) {
	if m.Direction == Outbound {
		return providers.Address{}, true
	}
	if m.Author != nil {
		return m.Author.named(), false
	}
	return providers.Address{}, false
}

// DedupeKeyOf is the 16 bytes under which a message of a channel exists once.
func DedupeKeyOf(direction Direction, provider ids.ProviderMessage) bson.Binary {
	sum := sha256.Sum256([]byte(string(direction) + "\x00" + string(provider)))
	return bson.Binary{Data: sum[:16]}
}

// contentDedupeKey tells duplicates of messages that have no provider's id.
func contentDedupeKey(key string) bson.Binary {
	sum := sha256.Sum256([]byte("content\x00" + key))
	return bson.Binary{Data: sum[:16]}
}

// typeOf tells a person from a group by the address.
func typeOf(address providers.Address) contacts.Type {
	if address.Kind == providers.KindGroup {
		return contacts.GroupType
	}
	return contacts.Individual
}
