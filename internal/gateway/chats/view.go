package chats

import (
	"cmp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

// ChatView is a chat on the wire. What is not known is null.
type ChatView struct {
	ID            string    `json:"id"` // …@c.us, …@lid or …-group: what the routes take
	Phone         *string   `json:"phone"`
	LID           *string   `json:"lid"`
	Name          *string   `json:"name"`
	IsGroup       bool      `json:"isGroup"`
	UnreadCount   int64     `json:"unreadCount"`
	MarkedUnread  bool      `json:"markedUnread"`
	Archived      bool      `json:"archived"`
	Pinned        bool      `json:"pinned"`
	MutedUntil    *int64    `json:"mutedUntil"` // Unix seconds
	LastMessage   *LastView `json:"lastMessage"`
	LastMessageAt *int64    `json:"lastMessageAt"` // Unix seconds
}

// LastView is the beginning of a chat's newest message.
type LastView struct {
	ID        ids.ProviderMessage   `json:"id"`
	FromMe    bool                  `json:"fromMe"`
	Type      providers.ContentType `json:"type"`
	Preview   *string               `json:"preview"` // 200 characters at most; null where there are no words
	Timestamp int64                 `json:"timestamp"`
	Revoked   bool                  `json:"revoked"`
}

// previewMost is how much of a text a preview shows, in characters.
const previewMost = 200

// View renders a chat; newest is its newest message, nil where there is none.
func View(c Chat, newest *Message, now time.Time) ChatView {
	view := ChatView{
		ID: c.printed(), Phone: given(c.Phone), Name: given(cmp.Or(c.Name, c.PushName)), IsGroup: c.Group != "", UnreadCount: c.Unread,
		MarkedUnread: c.MarkedUnread, Archived: c.Archived, Pinned: c.Pinned, LastMessageAt: web.Seconds(c.LastAt()),
	}
	if c.LID != "" {
		view.LID = given(c.LID + "@lid")
	}
	if c.MutedUntil.After(now) {
		view.MutedUntil = web.Seconds(c.MutedUntil)
	}
	if newest != nil {
		view.LastMessage = newest.lastView()
		view.LastMessageAt = web.Seconds(newest.Timestamp)
	}
	return view
}

// printed is what the gateway's routes take for the chat.
func (c Chat) printed() string {
	switch of := c.Address(); of.Kind {
	case providers.KindPhone:
		return of.Value + "@c.us"
	default:
		return of.PrintFull()
	}
}

func (m *Message) lastView() *LastView {
	view := &LastView{ID: m.ProviderID, FromMe: m.FromMe, Type: m.Content.Type, Timestamp: m.Timestamp.Unix(), Revoked: !m.RevokedAt.IsZero()}
	words := m.Content.Text
	if words == "" && m.Content.Reply != nil {
		words = m.Content.Reply.Title
	}
	if words = cmp.Or(words, m.Content.Name); utf8.RuneCountInString(words) > previewMost {
		words = string([]rune(words)[:previewMost-1]) + "…"
	}
	view.Preview = given(words)
	return view
}

// MessageView is a message of a chat on the wire: what a webhook of the gateway
// says of it, and what is known beyond.
type MessageView struct {
	ID           ids.ProviderMessage      `json:"id"`
	Type         string                   `json:"type"` // MESSAGE or GROUP_MESSAGE
	FromMe       bool                     `json:"fromMe"`
	From         string                   `json:"from"`
	FromUserName *string                  `json:"fromUserName"`
	To           string                   `json:"to"`
	Timestamp    int64                    `json:"timestamp"` // Unix seconds
	Body         *messages.Body           `json:"body"`      // null: it was deleted for everyone
	Group        *GroupOf                 `json:"groupInfo,omitempty"`
	Quoted       *providers.Quote         `json:"quotedMessage,omitempty"`
	Status       *providers.MessageStatus `json:"status"`    // null: it is not of the number, or nothing is known
	EditedAt     *int64                   `json:"editedAt"`  // Unix seconds
	RevokedAt    *int64                   `json:"revokedAt"` // Unix seconds
}

// GroupOf is the group that a message was written in.
type GroupOf struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Context is what there is to know of a message beside its row. Without a chat it
// is told by what the row says of that.
type Context struct {
	Chat   Chat
	Number string // the channel's own
	Shown  map[messages.Ref]messages.Shown
}

// ViewMessage renders a message.
func ViewMessage(m Message, c Context) MessageView {
	if c.Chat.ID == "" {
		c.Chat = chatBy(m.Chat)
	}
	with := c.Chat.Address()
	view := MessageView{
		ID: m.ProviderID, Type: "MESSAGE", FromMe: m.FromMe, From: with.PrintFull(), FromUserName: given(m.Name), To: providers.PrintOwn(c.Number),
		Timestamp: m.Timestamp.Unix(), Quoted: m.Quote, EditedAt: web.Seconds(m.EditedAt), RevokedAt: web.Seconds(m.RevokedAt),
	}
	if with.Kind == providers.KindGroup {
		view.Type, view.From = "GROUP_MESSAGE", m.Author.PrintFull()
		view.Group = &GroupOf{ID: with.PrintFull(), Name: c.Chat.Name}
	}
	if m.FromMe {
		view.From, view.To = providers.PrintOwn(c.Number), with.PrintFull()
	}
	known := c.Shown[messages.Ref{FromMe: m.FromMe, ID: m.ProviderID}]
	if status := cmp.Or(known.Status, m.Status); m.FromMe && status != "" {
		view.Status = &status
	}
	if m.RevokedAt.IsZero() {
		view.Body = m.body(known.Media)
	}
	return view
}

// chatBy is what a chat's key tells of it.
func chatBy(key string) Chat {
	switch kind, value, _ := strings.Cut(key, ":"); providers.AddressKind(kind) {
	case providers.KindGroup:
		return Chat{Group: value}
	case providers.KindLID:
		return Chat{LID: value}
	default:
		return Chat{Phone: value}
	}
}

// body is what the message says, with its file where that is here.
func (m *Message) body(file *messages.MediaView) *messages.Body {
	body := messages.BodyOf(m.Content)
	body.Mimetype, body.FileName = m.Mimetype, m.FileName
	if file == nil {
		return body
	}
	body.Mimetype, body.FileName = cmp.Or(file.Mimetype, m.Mimetype), cmp.Or(file.FileName, m.FileName)
	body.Size, body.SHA256, body.Status, body.Error = file.Size, file.SHA256, file.Status, file.Error
	if file.URL != nil {
		body.MediaURI = *file.URL
	}
	return body
}

func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
