package contacts

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/web"
)

type contactRequest struct {
	Account ids.Account `path:"clientIdentifier"`
	Contact ids.Contact `path:"contactId"`
}

func (s *Service) get(ctx context.Context, req *contactRequest) (View, error) {
	row, err := s.Find(ctx, req.Account, req.Contact)
	return row.View(), err
}

type updateRequest struct {
	Account    ids.Account             `path:"clientIdentifier" json:"clientIdentifier"`
	Contact    ids.Contact             `path:"contactId" json:"contactId"`
	Identifier web.Optional[string]    `json:"contactIdentifier" validate:"omitempty,max=160"`
	Name       web.Optional[string]    `json:"name" validate:"omitempty,max=512"`
	CustomName web.Optional[string]    `json:"customName" validate:"omitempty,max=512"`
	Company    web.Optional[string]    `json:"companyName" validate:"omitempty,max=512"`
	Photo      web.Optional[string]    `json:"photo" validate:"omitempty,max=2048,http_url"`
	Platform   web.Optional[string]    `json:"platform" validate:"omitempty,max=100"`
	TagIDs     web.Optional[[]ids.Tag] `json:"tagIds"`
	IsIgnored  web.Optional[bool]      `json:"isIgnored"`
}

func (s *Service) update(ctx context.Context, req *updateRequest) (View, error) {
	if len(req.TagIDs.Value) > 100 {
		return View{}, fault.Invalid("tagIds", "max", "must be at most 100 elements long")
	}
	if err := s.checkTags(ctx, req.Account, req.TagIDs.Value); err != nil {
		return View{}, err
	}
	if err := s.directory.CheckPlatform(ctx, req.Account, req.Platform.Value); err != nil {
		return View{}, err
	}
	found, err := s.Find(ctx, req.Account, req.Contact)
	if err != nil {
		return View{}, err
	}
	ref, err := s.directory.ChannelRef(ctx, found.Channel)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return View{}, err
	}
	ref.Account, ref.ID = found.Account, found.Channel
	var after Contact
	err = mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		var err error
		after, err = s.edit(ctx, ref, found.ID, req)
		return err
	})
	if mongodb.IsDuplicateKey(err) {
		return View{}, s.taken(ctx, found, req.Identifier.Value)
	}
	if err != nil {
		return View{}, err
	}
	return after.View(), nil
}

// edit applies the request to the row as it is in the transaction.
func (s *Service) edit(ctx context.Context, ref ChannelRef, id ids.Contact, req *updateRequest) (Contact, error) {
	var before Contact
	err := s.rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "condition", Value: Live}}).Decode(&before)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return Contact{}, fault.Missing("contact", id)
	}
	if err != nil {
		return Contact{}, err
	}
	after := before
	if err := req.apply(&after); err != nil {
		return Contact{}, err
	}
	after.UpdatedAt = s.now()
	after.Index()
	if _, err := s.rows.ReplaceOne(ctx, bson.D{{Key: "_id", Value: id}}, after); err != nil {
		return Contact{}, err
	}
	for _, changed := range s.changed {
		if err := changed(ctx, before, after); err != nil {
			return Contact{}, err
		}
	}
	event, err := s.event(ctx, events.ContactUpdated, ref, id)
	if err != nil {
		return Contact{}, err
	}
	return after, events.Append(ctx, s.db, event)
}

// apply changes what was sent; null clears.
func (r *updateRequest) apply(c *Contact) error {
	for _, f := range []struct {
		field *string
		value web.Optional[string]
	}{
		{&c.CustomName, r.CustomName}, {&c.Company, r.Company}, {&c.Photo, r.Photo}, {&c.Platform, r.Platform}, {&c.Name, r.Name},
	} {
		if f.value.Set {
			*f.field = f.value.Value // empty where it was null
		}
	}
	if r.Name.Set {
		c.NameGiven = c.Name != ""
	}
	if r.Photo.Set {
		c.PhotoVersion, c.PhotoDue = "", c.Photo == "" && !c.PhotoFile.IsZero()
	}
	if r.TagIDs.Set {
		c.TagIDs = unique(r.TagIDs.Value)
	}
	if r.IsIgnored.Set {
		c.IsIgnored = r.IsIgnored.Value
	}
	if !r.Identifier.Set {
		return nil
	}
	if r.Identifier.Null {
		return fault.Invalid("contactIdentifier", "required", "A contact has an identifier; it cannot be cleared.")
	}
	return c.reidentify(r.Identifier.Value)
}

// reidentify gives the contact another number, or group: the old one of that
// kind goes, every other name stays.
func (c *Contact) reidentify(text string) error {
	if text == c.Identifier {
		return nil
	}
	address, err := ParseIdentifier(text, c.Type)
	if err != nil {
		return err
	}
	c.Identifier = text
	if slices.Contains(c.Identities, address.Key()) {
		return nil
	}
	kept := c.Addresses[:0:0]
	for _, old := range c.Addresses {
		if old.Kind != address.Kind {
			kept = append(kept, old)
		}
	}
	c.Addresses = append(kept, address)
	c.Identities = KeysOf(c.Addresses)
	c.ReplyTo = address
	return nil
}

// taken says which contact has the identifier already.
func (s *Service) taken(ctx context.Context, row Contact, identifier string) error {
	address, err := ParseIdentifier(identifier, row.Type)
	if err != nil {
		return err
	}
	var other Contact
	if err := s.rows.FindOne(ctx, bson.D{{Key: "channelId", Value: row.Channel}, {Key: "identities", Value: address.Key()}}).Decode(&other); err != nil {
		return err
	}
	return fault.New(fault.ContactExists, "Contact %s on channel %s has %q already.", other.ID, row.Channel, identifier).With("contactId", other.ID)
}
