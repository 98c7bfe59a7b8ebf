package contacts

import (
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/web"
)

// View is a contact on the wire.
type View struct {
	ID           ids.Contact `json:"_id"`
	Identifier   string      `json:"contactIdentifier"`
	Name         string      `json:"name"`
	CustomName   string      `json:"customName,omitempty"`
	Username     string      `json:"username,omitempty"`
	Channel      ids.Channel `json:"channelId"`
	ChannelType  string      `json:"channelType"`
	Type         Type        `json:"type"`
	Platform     string      `json:"platform,omitempty"`
	Company      string      `json:"companyName,omitempty"`
	Photo        string      `json:"photo,omitempty"`
	TagIDs       []ids.Tag   `json:"tagIds"`
	IsIgnored    bool        `json:"isIgnored"`
	Participants []string    `json:"participants,omitempty"`
	Identities   []string    `json:"identities"` // kind:value, phones with their ninth digit
	CreatedAt    *web.Time   `json:"createdAt"`
	UpdatedAt    *web.Time   `json:"updatedAt"`
}

// View renders the contact.
func (c Contact) View() View {
	view := View{
		ID: c.ID, Identifier: c.Identifier, Name: c.Name, CustomName: c.CustomName, Username: c.Username, Channel: c.Channel,
		ChannelType: "whatsapp", Type: c.Type, Platform: c.Platform, Company: c.Company, Photo: c.Photo, TagIDs: c.TagIDs,
		IsIgnored: c.IsIgnored, Participants: c.Members, Identities: c.Identities, CreatedAt: web.At(c.CreatedAt), UpdatedAt: web.At(c.UpdatedAt),
	}
	if view.TagIDs == nil {
		view.TagIDs = []ids.Tag{}
	}
	if view.Identities == nil {
		view.Identities = []string{}
	}
	return view
}
