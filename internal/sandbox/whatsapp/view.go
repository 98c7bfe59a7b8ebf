package whatsapp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// PhoneMessage is a message as somebody's phone shows it.
type PhoneMessage struct {
	ID string `json:"id"`
	// Chat is the other person's phone, the group's id, or "status"; ChatAddress is
	// how the message was addressed.
	Chat        string `json:"chat"`
	ChatAddress string `json:"chatAddress"`
	// From is the sender's phone.
	From   string    `json:"from"`
	FromMe bool      `json:"fromMe"`
	At     time.Time `json:"at"`
	// Type is as in Draft, and beyond those interactive, order, event and invite;
	// empty when it was deleted.
	Type string `json:"type"`
	Text string `json:"text,omitempty"`
	// Status is sent, delivered, read or played for own messages, the least of all
	// recipients; received, read or played for those of others.
	Status string `json:"status"`
	// Recipients are the statuses of an own message one by one, by phone.
	Recipients map[string]string   `json:"recipients,omitempty"`
	Quote      string              `json:"quote,omitempty"`
	Mentions   []string            `json:"mentions,omitempty"`
	Reactions  map[string]string   `json:"reactions,omitempty"` // by phone
	Votes      map[string][]string `json:"votes,omitempty"`     // of a poll, by phone
	Options    []string            `json:"options,omitempty"`   // of a poll
	Media      *PhoneMedia         `json:"media,omitempty"`
	// Phones are the numbers that shared contacts have.
	Phones    []string `json:"phones,omitempty"`
	ViewOnce  bool     `json:"viewOnce,omitempty"`
	Forwarded bool     `json:"forwarded,omitempty"`
	// Disappears is after how many seconds.
	Disappears uint32 `json:"disappears,omitempty"`
	Edited     bool   `json:"edited,omitempty"`
	Deleted    bool   `json:"deleted,omitempty"`
	Starred    bool   `json:"starred,omitempty"`
	// Content is all of it: protobuf in JSON, of the type waE2E.Message.
	Content json.RawMessage `json:"content"`
}

// view shows a message. The caller holds s.mu.
func (p *phone) view(r *record) PhoneMessage {
	info := contextOf(r.msg)
	out := PhoneMessage{
		ID: r.id, Chat: r.chat, ChatAddress: r.chatJID.String(), From: r.sender.number, FromMe: r.mine, At: r.at.UTC(),
		Type: contentOf(r.msg), Text: textOf(r.msg), Status: r.statusName(), Quote: p.quoted(r, info), Media: mediaOf(r.msg),
		ViewOnce: r.once, Forwarded: info.GetIsForwarded(), Disappears: info.GetExpiration(), Edited: r.edited, Deleted: r.revoked, Starred: r.starred,
		Reactions: maps.Clone(r.emojis), Votes: maps.Clone(r.votes), Phones: sharedPhones(r),
	}
	for _, o := range pollOf(r.msg).GetOptions() {
		out.Options = append(out.Options, o.GetOptionName())
	}
	for _, mention := range info.GetMentionedJID() {
		if j, err := types.ParseJID(mention); err == nil {
			out.Mentions = append(out.Mentions, p.key(j))
		}
	}
	if r.mine {
		out.Recipients = map[string]string{}
		for number, status := range r.status {
			out.Recipients[number] = statusNames[status]
		}
	}
	raw, err := protojson.Marshal(r.msg)
	if err != nil {
		raw = []byte("null")
	}
	out.Content = raw
	return out
}

// quoted is the message that another one answers; empty where it names somebody
// else as the author than who wrote that, of which phones show nothing.
func (p *phone) quoted(r *record, info *waE2E.ContextInfo) string {
	id := info.GetStanzaID()
	if of := p.find(r.chat, id); of != nil && !of.wroteAs(false, info.GetParticipant(), nil) {
		return ""
	}
	return id
}

func sharedPhones(r *record) []string {
	if c := r.msg.GetContactMessage(); c != nil {
		return vcardPhones(c.GetVcard())
	}
	var out []string
	for _, c := range r.msg.GetContactsArrayMessage().GetContacts() {
		out = append(out, vcardPhones(c.GetVcard())...)
	}
	return out
}

// Messages is what somebody's phone shows, oldest first: of one chat, or of all
// when chat is empty.
func (s *Server) Messages(ref, chat string) ([]PhoneMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return nil, err
	}
	p := a.phone
	key := ""
	if chat != "" {
		c := p.chatNamed(chat)
		if c == nil {
			return []PhoneMessage{}, nil
		}
		key = c.key
	}
	out := []PhoneMessage{}
	for _, r := range p.messages.all() {
		if r.stub == 0 && (key == "" || r.chat == key) {
			out = append(out, p.view(r))
		}
	}
	return out, nil
}

// Message is one message of somebody's phone.
func (s *Server) Message(ref, id string) (PhoneMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return PhoneMessage{}, err
	}
	r := a.phone.anywhere(id)
	if r == nil {
		return PhoneMessage{}, fmt.Errorf("%w: phone %s shows no message %q", control.ErrNotFound, ref, id)
	}
	return a.phone.view(r), nil
}

// File is what a message brought, decrypted, with its type.
func (s *Server) File(ref, id string) (file []byte, mimeType string, err error) {
	m, err := s.Message(ref, id)
	if err != nil {
		return nil, "", err
	}
	if m.Media == nil {
		return nil, "", fmt.Errorf("%w: message %s has no file", control.ErrNotFound, id)
	}
	file, err = s.openMedia(*m.Media)
	return file, m.Media.MimeType, err
}

// PhoneChat is a conversation in somebody's list.
type PhoneChat struct {
	// Chat is the other person's phone, the group's id, or "status".
	Chat string `json:"chat"`
	// Name is from the address book, or what the person or group calls itself.
	Name       string     `json:"name"`
	Group      bool       `json:"group"`
	Archived   bool       `json:"archived"`
	Pinned     bool       `json:"pinned"`
	Muted      bool       `json:"muted"`
	MutedUntil *time.Time `json:"mutedUntil,omitempty"`
	Unread     int        `json:"unread"`
	// MarkedUnread is by hand.
	MarkedUnread bool       `json:"markedUnread"`
	ClearedAt    *time.Time `json:"clearedAt,omitempty"`
	Deleted      bool       `json:"deleted"`
	// Disappearing is after how many seconds messages do.
	Disappearing uint32 `json:"disappearing,omitempty"`
	// Typing is who does what right now: composing or recording.
	Typing      map[string]string `json:"typing,omitempty"`
	LastMessage *time.Time        `json:"lastMessage,omitempty"`
}

func (p *phone) viewChat(c *chat) PhoneChat {
	out := PhoneChat{
		Chat: c.key, Name: p.contacts[c.key], Archived: c.archived, Pinned: c.pinned, Muted: p.srv.now().Before(c.mutedUntil), Unread: c.unread,
		MarkedUnread: c.markedAs, Deleted: c.deleted, Disappearing: c.expiration, Typing: maps.Clone(c.typing),
		ClearedAt: pointTo(c.clearedAt), LastMessage: pointTo(c.lastMessage),
	}
	if out.Muted {
		out.MutedUntil = pointTo(c.mutedUntil)
	}
	if g := p.srv.groups[c.key]; g != nil {
		out.Group, out.Name = true, g.subject
	} else if a := p.srv.accounts[c.key]; a != nil {
		out.Name = cmp.Or(out.Name, a.name)
	}
	return out
}

func pointTo(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// Chats is somebody's list of conversations, the newest first; those that were
// deleted are in it, marked.
func (s *Server) Chats(ref string) ([]PhoneChat, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return nil, err
	}
	list := slices.SortedFunc(maps.Values(a.phone.chats), func(x, y *chat) int {
		return cmp.Or(y.lastMessage.Compare(x.lastMessage), cmp.Compare(x.key, y.key))
	})
	out := make([]PhoneChat, 0, len(list))
	for _, c := range list {
		out = append(out, a.phone.viewChat(c))
	}
	return out, nil
}

// Chat is one conversation of somebody's list.
func (s *Server) Chat(ref, chat string) (PhoneChat, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return PhoneChat{}, err
	}
	c := a.phone.chatNamed(chat)
	if c == nil {
		return PhoneChat{}, fmt.Errorf("%w: phone %s has no chat %q", control.ErrNotFound, ref, chat)
	}
	return a.phone.viewChat(c), nil
}

// chatNamed finds a chat by whatever its other side is called, or gives nil. The
// caller holds s.mu.
func (p *phone) chatNamed(name string) *chat {
	if c := p.chats[strings.TrimSuffix(name, "@"+types.GroupServer)]; c != nil {
		return c
	}
	if a, err := p.srv.find(name); err == nil {
		return p.chats[a.number]
	}
	return nil
}
