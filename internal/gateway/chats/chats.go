package chats

import (
	"crypto/sha256"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// The collections.
const (
	Collection         = "chats"
	MessagesCollection = "chat_messages"
)

// mostChats bounds the chats of one device; those silent for longest go first.
const mostChats = 5000

// Chat is a conversation of a number, as its phone shows it.
type Chat struct {
	ID           string      `bson:"_id"` // see chatID
	Channel      ids.Channel `bson:"channelId"`
	Key          string      `bson:"key"`             // see keyOf
	Group        string      `bson:"group,omitempty"` // the user part of a group's id
	Phone        string      `bson:"phone,omitempty"` // digits, as WhatsApp writes them
	LID          string      `bson:"lid,omitempty"`   // the user part
	Name         string      `bson:"name,omitempty"`  // in the phone's address book, or the group's
	PushName     string      `bson:"pushName,omitempty"`
	Unread       int64       `bson:"unread"`
	MarkedUnread bool        `bson:"markedUnread,omitempty"` // by hand
	Archived     bool        `bson:"archived,omitempty"`
	Pinned       bool        `bson:"pinned,omitempty"`
	MutedUntil   time.Time   `bson:"mutedUntil,omitempty"`
	Last         last        `bson:"last"`
}

// last is the newest message of a chat: compared as a whole, the later one is
// greater. A chat in which nothing was ever said has an order of 0.
type last struct {
	Order int64       `bson:"order"`
	At    time.Time   `bson:"at"`
	ID    bson.Binary `bson:"id"` // of a message that may be gone
}

// LastAt is when something was last said; zero: never.
func (c Chat) LastAt() time.Time {
	if c.Last.Order == 0 {
		return time.Time{}
	}
	return c.Last.At
}

// Address is whom the chat is with, the number where it is known.
func (c Chat) Address() providers.Address {
	switch {
	case c.Group != "":
		return providers.Address{Kind: providers.KindGroup, Value: c.Group}
	case c.Phone != "":
		return providers.Address{Kind: providers.KindPhone, Value: c.Phone}
	default:
		return providers.Address{Kind: providers.KindLID, Value: c.LID}
	}
}

// addresses are all names of whom the chat is with.
func (c Chat) addresses() []providers.Address {
	var all []providers.Address
	for _, a := range []providers.Address{
		{Kind: providers.KindGroup, Value: c.Group}, {Kind: providers.KindPhone, Value: c.Phone}, {Kind: providers.KindLID, Value: c.LID},
	} {
		if a.Value != "" {
			all = append(all, a)
		}
	}
	return all
}

// Message is one message of a chat.
type Message struct {
	ID         bson.Binary             `bson:"_id"` // see messageID
	Channel    ids.Channel             `bson:"channelId"`
	Chat       string                  `bson:"chat"` // the chat's key
	ProviderID ids.ProviderMessage     `bson:"providerId"`
	FromMe     bool                    `bson:"fromMe,omitempty"`
	Author     providers.Address       `bson:"author,omitempty"` // who wrote it in a group
	Name       string                  `bson:"name,omitempty"`   // that the author gave themselves
	Timestamp  time.Time               `bson:"timestamp"`
	Order      int64                   `bson:"order"` // the later, the greater; see orderOf
	Content    providers.Content       `bson:"content"`
	Mimetype   string                  `bson:"mimetype,omitempty"` // of its file
	FileName   string                  `bson:"fileName,omitempty"`
	Quote      *providers.Quote        `bson:"quotedMessage,omitempty"`
	Status     providers.MessageStatus `bson:"status,omitempty"` // of one of the number's own, as it was when it came
	EditedAt   time.Time               `bson:"editedAt,omitempty"`
	RevokedAt  time.Time               `bson:"revokedAt,omitempty"`
	// People are those in a group whom it names, by their keys: its author, with
	// `by:` before it, and whom it quotes, with `of:`.
	People []string `bson:"people,omitempty"`
}

// chatID is the id of a channel's chat.
func chatID(channel ids.Channel, key string) string { return channel.String() + "/" + key }

// messageID is the id of a channel's message: the provider's ids are unique per
// channel and direction.
func messageID(channel ids.Channel, fromMe bool, id ids.ProviderMessage) bson.Binary {
	direction := byte('<')
	if fromMe {
		direction = '>'
	}
	sum := sha256.Sum256(append([]byte{direction}, id...))
	return bson.Binary{Data: append(channel[:len(channel):len(channel)], sum[:16]...)}
}

// nobody is the id of no message.
func nobody(channel ids.Channel) bson.Binary {
	return bson.Binary{Data: append(channel[:len(channel):len(channel)], make([]byte, 16)...)}
}

// who is a chat's person or group, by its names.
type who struct{ group, phone, lid providers.Address }

func whoOf(addresses []providers.Address) who {
	var w who
	for _, a := range addresses {
		switch {
		case a.Kind == providers.KindGroup && w.group.IsZero():
			w.group = a
		case a.Kind == providers.KindPhone && w.phone.IsZero():
			w.phone = a
		case a.Kind == providers.KindLID && w.lid.IsZero():
			w.lid = a
		}
	}
	return w
}

// key is what the chat goes by: the group, else the number, else the hidden
// address; empty for nobody.
func (w who) key() string {
	for _, a := range []providers.Address{w.group, w.phone, w.lid} {
		if !a.IsZero() {
			return a.Key()
		}
	}
	return ""
}

// keys are all that the chat might go by.
func (w who) keys() []string {
	return keysOf([]providers.Address{w.group, w.phone, w.lid})
}

// keysOf gives the keys of addresses, each once.
func keysOf(addresses []providers.Address) []string {
	var keys []string
	for _, a := range addresses {
		if key := a.Key(); !a.IsZero() && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

func prefixed(prefix string, keys []string) []string {
	out := make([]string, 0, len(keys))
	for _, key := range keys {
		out = append(out, prefix+key)
	}
	return out
}

// messageOf is what is kept of a message; ok is false for one that has no id, or
// is of nobody.
func messageOf(channel ids.Channel, m providers.MessageReceived, status providers.MessageStatus, receivedAt time.Time) (row Message, in who, ok bool) {
	in = chatOf(m)
	if m.ID == "" || in.key() == "" {
		return Message{}, in, false
	}
	row = Message{
		ID: messageID(channel, m.FromPhone, m.ID), Channel: channel, Chat: in.key(), ProviderID: m.ID, FromMe: m.FromPhone,
		Timestamp: m.Timestamp, Content: m.Content, Quote: m.Quote,
	}
	if row.Timestamp.IsZero() {
		row.Timestamp = receivedAt
	}
	row.Order = orderOf(row.Timestamp, receivedAt)
	row.Content.TargetAuthor = providers.Address{} // who is named must be found again, for an erasure
	if m.Media != nil {
		row.Mimetype, row.FileName = m.Media.Mimetype, m.Media.FileName
	}
	if m.FromPhone {
		row.Status = status
		if status == "" {
			row.Status = providers.MessageSent
		}
	} else {
		row.Name = m.From.Name
	}
	if m.Group != nil {
		if !m.FromPhone {
			row.Author = m.From.Addresses[0]
			row.People = prefixed("by:", keysOf(m.From.Addresses))
		}
		if m.Quote != nil && !m.Quote.Author.IsZero() {
			row.People = append(row.People, "of:"+m.Quote.Author.Key())
		}
	}
	return row, in, true
}

const (
	// second is how far apart the orders of two seconds are.
	second = int64(time.Second)
	// latest is how late a message may come whose place in its second is by when it
	// came.
	latest = 10 * 24 * time.Hour
	// told is how many messages of a history have a place before those of their
	// second that were heard live.
	told = 20_000
)

// orderOf is the order of a message that is heard live. WhatsApp tells the time in
// whole seconds; of those in one, the one that came later is the later one.
func orderOf(said, came time.Time) int64 {
	late := min(max(came.Sub(said), 0), latest)
	return said.Unix()*second + min(int64(late)/int64(latest/time.Second), second-told-1)
}

// orderTold is the order of a message of a history, of which so many follow in it.
func orderTold(said time.Time, following int) int64 {
	return said.Unix()*second - int64(min(following, told-1)) - 1
}

// Behind is an order behind which are all messages that are kept of a chat from
// before a second, for the walk that came there over what is no message.
func Behind(said time.Time) int64 { return said.Unix() * second }

// chatOf is the chat that a message is in.
func chatOf(m providers.MessageReceived) who {
	if m.Group != nil {
		return who{group: m.Group.Address}
	}
	if len(m.From.Addresses) == 0 {
		return who{}
	}
	return whoOf(m.From.Addresses)
}
