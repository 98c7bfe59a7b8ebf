package messages

import (
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

// MediaView is a message's file on the wire.
type MediaView struct {
	ID       *ids.Media  `json:"id"`  // null until it is ready
	URL      *string     `json:"url"` // opens for seven days for everyone who has it
	Mimetype string      `json:"mimetype,omitempty"`
	FileName string      `json:"fileName,omitempty"`
	Size     int64       `json:"size,omitempty"`   // bytes
	SHA256   string      `json:"sha256,omitempty"` // hex
	Status   MediaStatus `json:"status"`
	Error    string      `json:"error,omitempty"`
}

// ReactionView is one person's emoji on the wire.
type ReactionView struct {
	Emoji     string    `json:"emoji"`
	Author    Author    `json:"author"`
	Timestamp *web.Time `json:"timestamp"`
}

// StatusView is one step of a message's history on the wire.
type StatusView struct {
	Status    providers.MessageStatus `json:"status"`
	Timestamp *web.Time               `json:"timestamp"`
	Error     *providers.MessageError `json:"error,omitempty"`
	Note      string                  `json:"note,omitempty"`
}

// EditView is what a message said before an edit, on the wire.
type EditView struct {
	Content providers.Content `json:"content"`
	At      *web.Time         `json:"replacedAt"`
}

// View is a message on the wire.
type View struct {
	ID         ids.Message             `json:"_id"`
	SessionID  ids.Session             `json:"sessionId"`
	ContactID  ids.Contact             `json:"contactId"`
	ChannelID  ids.Channel             `json:"channelId"`
	Sequence   int64                   `json:"sequence"`
	Direction  Direction               `json:"direction"`
	Origin     Origin                  `json:"origin,omitempty"`
	MessageID  *ids.ProviderMessage    `json:"messageId"` // null while queued
	Type       providers.ContentType   `json:"type"`
	Content    providers.Content       `json:"content"`
	Media      *MediaView              `json:"media,omitempty"`
	Author     *Author                 `json:"author,omitempty"`
	AgentName  string                  `json:"agentName,omitempty"`
	Quoted     *providers.Quote        `json:"quotedMessage,omitempty"`
	Reactions  []ReactionView          `json:"reactions"`
	Edits      []EditView              `json:"edits,omitempty"`
	EditedAt   *web.Time               `json:"editedAt,omitempty"`
	RevokedAt  *web.Time               `json:"revokedAt,omitempty"`
	Timestamp  *web.Time               `json:"timestamp"`
	ReceivedAt *web.Time               `json:"receivedAt"`
	Status     providers.MessageStatus `json:"status,omitempty"` // outbound only
	History    []StatusView            `json:"statusHistory,omitempty"`
	Error      *providers.MessageError `json:"error,omitempty"`
}

// View renders a message.
func (s *Service) View(row Message) View {
	view := View{
		ID: row.ID, SessionID: row.Session, ContactID: row.Contact, ChannelID: row.Channel, Sequence: row.Sequence,
		Direction: row.Direction, Origin: row.Origin, Type: row.Content.Type, Content: row.Content, Author: row.Author,
		AgentName: row.AgentName, Quoted: row.Quote, Reactions: []ReactionView{}, EditedAt: web.At(row.EditedAt),
		RevokedAt: web.At(row.RevokedAt), Timestamp: web.At(row.Timestamp), ReceivedAt: web.At(row.ReceivedAt),
		Status: row.Status, Error: row.Error,
	}
	if row.ProviderID != "" {
		view.MessageID = &row.ProviderID
	}
	if row.Media != nil {
		view.Media = s.mediaView(*row.Media)
	}
	for _, r := range row.Reactions {
		view.Reactions = append(view.Reactions, ReactionView{Emoji: r.Emoji, Author: r.Author, Timestamp: web.At(r.At)})
	}
	for _, e := range row.Edits {
		view.Edits = append(view.Edits, EditView{Content: e.Content, At: web.At(e.At)})
	}
	for _, h := range row.History {
		view.History = append(view.History, StatusView{Status: h.Status, Timestamp: web.At(h.Timestamp), Error: h.Error, Note: h.Note})
	}
	return view
}

func (s *Service) mediaView(file Media) *MediaView {
	view := &MediaView{Mimetype: file.Mimetype, FileName: file.FileName, Size: file.Size, SHA256: file.SHA256, Status: file.Status, Error: file.Error}
	if !file.ID.IsZero() {
		link := s.files.Link(file.ID)
		view.ID, view.URL = &file.ID, &link
	}
	return view
}
