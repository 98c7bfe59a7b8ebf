package contacts

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

type createRequest struct {
	Account     ids.Account `path:"clientIdentifier" json:"clientIdentifier"`
	Identifier  string      `json:"contactIdentifier" validate:"required,max=160"`
	Name        string      `json:"name" validate:"required,max=512"`
	Type        Type        `json:"type" validate:"required,oneof=individual group"`
	Channel     ids.Channel `json:"channelId" validate:"required"`
	ChannelType string      `json:"channelType" validate:"required,oneof=whatsapp"`
	Platform    string      `json:"platform" validate:"max=100"`
	CustomName  string      `json:"customName" validate:"max=512"`
	Company     string      `json:"companyName" validate:"max=512"`
	Photo       string      `json:"photo" validate:"omitempty,max=2048,http_url"`
	TagIDs      []ids.Tag   `json:"tagIds" validate:"max=100"`
	IsIgnored   bool        `json:"isIgnored"`
}

func (s *Service) create(ctx context.Context, req *createRequest) (View, error) {
	address, err := ParseIdentifier(req.Identifier, req.Type)
	if err != nil {
		return View{}, err
	}
	ch, err := s.channel(ctx, req.Account, req.Channel)
	if err != nil {
		return View{}, err
	}
	if err := s.checkTags(ctx, req.Account, req.TagIDs); err != nil {
		return View{}, err
	}
	if err := s.directory.CheckPlatform(ctx, req.Account, req.Platform); err != nil {
		return View{}, err
	}
	row := NewContact(web.NewID[ids.Contact](ctx), req.Account, req.Channel, req.Type, []providers.Address{address}, req.Name, s.now())
	row.Identifier, row.Platform, row.CustomName, row.Company = req.Identifier, req.Platform, req.CustomName, req.Company
	row.NameGiven = true
	row.Photo, row.TagIDs, row.IsIgnored = req.Photo, unique(req.TagIDs), req.IsIgnored
	row.Index()
	if err := s.insert(ctx, ch, row); err != nil {
		return View{}, err
	}
	web.About(ctx, row.ID)
	return row.View(), nil
}

// insert writes the contact and its event.
func (s *Service) insert(ctx context.Context, ch ChannelRef, row Contact) error {
	event, err := s.event(ctx, events.ContactCreated, ch, row.ID)
	if err != nil {
		return err
	}
	err = mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		if _, err := s.rows.InsertOne(ctx, row); err != nil {
			return err
		}
		return events.Append(ctx, s.db, event)
	})
	if !mongodb.IsDuplicateKey(err) {
		return err
	}
	var other Contact
	errFind := s.rows.FindOne(ctx, bson.D{{Key: "channelId", Value: row.Channel}, {Key: "identities", Value: bson.D{{Key: "$in", Value: row.Identities}}}}).Decode(&other)
	switch {
	case errors.Is(errFind, mongo.ErrNoDocuments):
		return err // it has gone again in between
	case errFind != nil:
		return errFind
	case other.ID == row.ID:
		return nil // an earlier run of this same request made it
	default:
		return fault.New(fault.ContactExists, "Contact %s on channel %s has %q already. Edit that one.", other.ID, row.Channel, row.Identifier).With("contactId", other.ID)
	}
}

// event is about a contact, for the platform that hears of it.
func (s *Service) event(ctx context.Context, t events.Type, ch ChannelRef, contact ids.Contact) (events.Row, error) {
	row := events.New(ch.Account, t, s.now())
	row.Channel, row.Contact = ch.ID, contact
	holder, err := s.directory.Holder(ctx, ch.ID, contact)
	if err == nil && !holder.IsZero() {
		row.Platforms = []ids.PlatformConfig{holder}
	}
	return row, err
}

// ParseIdentifier reads a contactIdentifier: a number or a business-scoped
// user id for a person, a group's id for a group.
func ParseIdentifier(text string, kind Type) (providers.Address, error) {
	if kind == Individual && providers.LooksLikeBSUID(text) {
		return providers.Address{Kind: providers.KindBSUID, Value: text}, nil
	}
	address, err := providers.ParseRecipient(text)
	if err != nil {
		return providers.Address{}, fault.Invalid("contactIdentifier", "malformed", "%q is neither a number with its country code nor a group.", text)
	}
	if (address.Kind == providers.KindGroup) != (kind == GroupType) {
		return providers.Address{}, fault.Invalid("type", "mismatch", "%q says otherwise: a group's identifier ends with %s.", text, providers.GroupSuffix)
	}
	return address, nil
}

func unique(tags []ids.Tag) []ids.Tag {
	var out []ids.Tag
	seen := map[ids.Tag]bool{}
	for _, tag := range tags {
		if !seen[tag] {
			seen[tag] = true
			out = append(out, tag)
		}
	}
	return out
}
