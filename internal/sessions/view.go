package sessions

import (
	"context"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

// Client is the contact of a session, as the session's view names it.
type Client struct {
	Name       string `json:"name"`
	ProviderID string `json:"providerId"` // what the provider calls the contact
}

// Preview is a message in short, as a list of conversations shows it.
type Preview struct {
	ID        ids.Message             `json:"_id"`
	Direction string                  `json:"direction"`
	Type      providers.ContentType   `json:"type"`
	Text      string                  `json:"text"` // how it begins; empty where there is none
	Timestamp *web.Time               `json:"timestamp"`
	Status    providers.MessageStatus `json:"status,omitempty"` // outbound only
	RevokedAt *web.Time               `json:"revokedAt,omitempty"`
}

// TransferView is one hand-over on the wire.
type TransferView struct {
	At   *web.Time `json:"at"`
	By   string    `json:"by"`
	From Holder    `json:"from"`
	To   Holder    `json:"to"`
}

// View is a session on the wire.
type View struct {
	ID                 ids.Session    `json:"_id"`
	Client             Client         `json:"client"`
	Type               providers.Name `json:"type"`
	Status             State          `json:"status"`
	CreatedAt          *web.Time      `json:"createdAt"`
	ChannelID          ids.Channel    `json:"channelId"`
	ContactID          ids.Contact    `json:"contactId"`
	Platform           *PlatformRef   `json:"platform"`
	Agent              *Agent         `json:"agent"`
	LastMessageAt      *web.Time      `json:"lastMessageAt"`
	LastInboundAt      *web.Time      `json:"lastInboundAt"`
	ReplyWindowExpires *web.Time      `json:"replyWindowExpiresAt"` // null where the provider has no such window
	UnreadCount        int64          `json:"unreadCount"`
	FinishedAt         *web.Time      `json:"finishedAt"`
	Transfers          []TransferView `json:"transfers"`
	LastMessage        *Preview       `json:"lastMessage"` // null while there is none

	// TransferMessageError tells, in the answer to a transfer only, why its
	// message could not go.
	TransferMessageError any `json:"transferMessageError,omitempty"`
}

// Views renders sessions.
func (s *Service) Views(ctx context.Context, rows ...Session) ([]View, error) {
	if len(rows) == 0 { // nothing is asked for nobody
		return nil, nil
	}
	clients, err := s.clients(ctx, rows...)
	if err != nil {
		return nil, err
	}
	newest, err := s.changes.Newest(ctx, rows...)
	if err != nil {
		return nil, err
	}
	views := make([]View, 0, len(rows))
	for _, row := range rows {
		view := s.view(row, clients[row.Contact])
		if preview, there := newest[row.ID]; there {
			view.LastMessage = &preview
		}
		views = append(views, view)
	}
	return views, nil
}

func (s *Service) one(ctx context.Context, row Session) (View, error) {
	views, err := s.Views(ctx, row)
	if err != nil {
		return View{}, err
	}
	return views[0], nil
}

func (s *Service) view(row Session, contact contacts.Contact) View {
	caps, _ := s.channels.Capabilities(row.Provider)
	view := View{
		ID: row.ID, Client: Client{Name: contact.Shown(), ProviderID: contact.ReplyTo.Print()}, Type: row.Provider, Status: row.State,
		CreatedAt: web.At(row.CreatedAt), ChannelID: row.Channel, ContactID: row.Contact, Agent: row.Agent,
		LastMessageAt: web.At(row.LastMessageAt), LastInboundAt: web.At(row.LastInboundAt),
		ReplyWindowExpires: web.At(row.WindowEnd(caps.ReplyWindowHours)), UnreadCount: row.Unread, FinishedAt: web.At(row.FinishedAt),
		Transfers: []TransferView{},
	}
	if !row.Platform.IsZero() {
		view.Platform = &PlatformRef{Slug: row.Slug, Config: row.Platform}
	}
	for _, t := range row.Transfers {
		view.Transfers = append(view.Transfers, TransferView{At: web.At(t.At), By: t.By, From: t.From, To: t.To})
	}
	return view
}
