package messages

import (
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// numberSaid is what a notice about a message says beside its head. Another
// deployment takes it in as it is, as the webhook of a gateway.
type numberSaid struct {
	From         string              `json:"from,omitempty"`
	FromUserName string              `json:"fromUserName,omitempty"`
	To           string              `json:"to,omitempty"`
	FromMe       bool                `json:"fromMe,omitempty"`
	MessageID    ids.ProviderMessage `json:"messageId,omitempty"` // that it is about
	Group        *numberGroup        `json:"groupInfo,omitempty"`
	Body         *Body               `json:"body,omitempty"`
	Quoted       *providers.Quote    `json:"quotedMessage,omitempty"`
}

// numberGroup is a group as far as it is known.
type numberGroup struct {
	ID           string   `json:"id"`
	Name         string   `json:"name,omitempty"`
	Participants []string `json:"participants,omitempty"`
}

// Body is what a message says, as the gateway prints it. Content is a text, or of
// a location the place.
type Body struct {
	Type      providers.ContentType `json:"type"`
	Content   any                   `json:"content,omitempty"`
	Contacts  providers.RawJSON     `json:"contacts,omitzero"`
	MessageID ids.ProviderMessage   `json:"messageId,omitempty"` // of a reaction: its target
	Emoji     *string               `json:"emoji,omitempty"`     // of a reaction; empty: taken back
	MediaURI  string                `json:"mediaUri,omitempty"`
	Mimetype  string                `json:"mimetype,omitempty"`
	FileName  string                `json:"fileName,omitempty"`
	Caption   string                `json:"caption,omitempty"`
	Voice     *bool                 `json:"voice,omitempty"`
	Animated  *bool                 `json:"animated,omitempty"`
	Size      int64                 `json:"size,omitempty"`   // bytes
	SHA256    string                `json:"sha256,omitempty"` // hex
	Status    MediaStatus           `json:"status,omitempty"` // of the file, where that is settled
	Error     string                `json:"error,omitempty"`
	Forwarded bool                  `json:"forwarded,omitempty"`
}

// numberPlace is where a location is.
type numberPlace struct {
	Latitude  *float64 `json:"latitude"`
	Longitude *float64 `json:"longitude"`
	Name      string   `json:"name,omitempty"`
	Address   string   `json:"address,omitempty"`
	URL       string   `json:"url,omitempty"`
}

// says writes a message; at is its file, nil where it has none or none that is
// to be had.
func (h hook) says(m providers.MessageReceived, at *file) numberSaid {
	said := numberSaid{From: m.From.Addresses[0].PrintFull(), FromUserName: m.From.Name, To: h.self(), Quoted: m.Quote, Body: BodyOf(m.Content)}
	if m.FromPhone {
		said.From, said.To, said.FromUserName, said.FromMe = h.self(), said.From, "", true
	}
	if m.Group != nil {
		said.Group = &numberGroup{ID: m.Group.Address.PrintFull(), Name: m.Group.Name}
		for _, one := range m.Group.Participants {
			said.Group.Participants = append(said.Group.Participants, one.PrintFull())
		}
	}
	if m.Media != nil {
		said.Body.Mimetype, said.Body.FileName = m.Media.Mimetype, m.Media.FileName
	}
	if at == nil {
		return said
	}
	said.Body.Mimetype, said.Body.FileName, said.Body.Size, said.Body.SHA256 = at.mimetype, at.name, at.size, at.sha256
	said.Body.Status, said.Body.Error = at.status, at.problem
	if !at.id.IsZero() {
		said.Body.MediaURI = h.link(at.id)
	}
	return said
}

// BodyOf writes what a message says, without its file.
func BodyOf(c providers.Content) *Body {
	body := &Body{Type: c.Type, Forwarded: c.Forwarded}
	switch {
	case c.Type == providers.TypeText:
		body.Content = c.Text
	case c.Type.IsMedia():
		body.Caption, body.Voice, body.Animated = c.Text, c.Voice, c.Animated
	case c.Type == providers.TypeLocation:
		body.Content = numberPlace{c.Latitude, c.Longitude, c.Name, c.Address, c.URL}
	case c.Type == providers.TypeContacts:
		body.Contacts = c.Contacts
	case c.Type == providers.TypeReaction:
		body.MessageID, body.Emoji = c.Target, &c.Emoji
	default:
		body.Content = c
	}
	return body
}
