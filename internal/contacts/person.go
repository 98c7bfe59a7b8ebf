package contacts

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Person is somebody who is to be erased or exported, on one channel.
type Person struct {
	Account   ids.Account
	Channel   ids.Channel
	Contact   ids.Contact         // the one that is live, or was
	Family    []ids.Contact       // it, and all that were merged into it
	Addresses []providers.Address // every name the provider had for the person
	Photos    []ids.Media         // files that came from the provider
}

// Printed lists every way in which the person's names may stand in a row: a
// number in each of its forms.
func (p Person) Printed() []string {
	var names []string
	for _, address := range p.Addresses {
		forms := []string{address.Print()}
		if address.Kind == providers.KindPhone {
			forms = phone.Forms(address.Value)
		}
		for _, form := range forms {
			if !slices.Contains(names, form) {
				names = append(names, form)
			}
		}
	}
	return names
}

// Erased counts what was deleted.
type Erased struct {
	Contacts int64 `json:"contacts"`
	Sessions int64 `json:"sessions"`
	Messages int64 `json:"messages"`
	Media    int64 `json:"media"`
}

// Add sums up.
func (e *Erased) Add(other Erased) {
	e.Contacts += other.Contacts
	e.Sessions += other.Sessions
	e.Messages += other.Messages
	e.Media += other.Media
}

// Person describes a contact that is live, or cut.
func (s *Service) Person(ctx context.Context, row Contact) (Person, error) {
	p := Person{Account: row.Account, Channel: row.Channel, Contact: row.ID, Addresses: row.Addresses}
	var err error
	if p.Family, err = s.Family(ctx, row.ID); err != nil {
		return p, err
	}
	err = s.rows.Distinct(ctx, "photoFile", bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: p.Family}}}}).Decode(&p.Photos)
	return p, err
}

// elsewhere gives the live contacts of the same person on the account's other
// channels, deleted ones included: those that share an identity.
func (s *Service) elsewhere(ctx context.Context, row Contact) ([]Contact, error) {
	channels, err := s.directory.AccountChannels(ctx, row.Account)
	if err != nil {
		return nil, err
	}
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "channelId", Value: bson.D{{Key: "$in", Value: channels}}}, {Key: "identities", Value: bson.D{{Key: "$in", Value: row.Identities}}}})
	if err != nil {
		return nil, err
	}
	var found, others []Contact
	if err := mongodb.All(ctx, cursor, &found); err != nil {
		return nil, err
	}
	for _, other := range found {
		if other.ID != row.ID {
			others = append(others, other)
		}
	}
	return others, nil
}

// Cut begins an erasure: in one transaction the contact loses its identities,
// its session closes, and nothing finds or reaches it any more; with allChannels
// so do the same person's contacts on the account's other channels. The addresses
// stay until the last row that names them is gone. It gives the contacts, the
// named one first, as the cut found them: nobody adds an address or a photo to
// them afterwards.
func (s *Service) Cut(ctx context.Context, id ids.Contact, allChannels bool) (cut []Contact, err error) {
	err = mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		var named Contact
		err := s.rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "condition", Value: Live}}).Decode(&named)
		if errors.Is(err, mongo.ErrNoDocuments) {
			return fault.Missing("contact", id)
		}
		if err != nil {
			return err
		}
		all := []Contact{named}
		if allChannels {
			others, err := s.elsewhere(ctx, named)
			if err != nil {
				return err
			}
			all = append(all, others...)
		}
		cut = nil
		for _, before := range all {
			after, err := s.cut(ctx, before)
			if err != nil {
				return err
			}
			cut = append(cut, after)
		}
		return nil
	})
	return cut, err
}

// cut is Cut for one contact, inside the transaction.
func (s *Service) cut(ctx context.Context, before Contact) (Contact, error) {
	after := Contact{
		ID: before.ID, Channel: before.Channel, Account: before.Account, Type: before.Type, Condition: Erasing,
		Addresses: before.Addresses, PhotoFile: before.PhotoFile, CreatedAt: before.CreatedAt, UpdatedAt: s.now(),
	}
	// Before the hooks: they close the session that says who is told.
	event, err := s.event(ctx, events.ContactErased, ChannelRef{ID: before.Channel, Account: before.Account}, before.ID)
	if err != nil {
		return after, err
	}
	if _, err := s.rows.ReplaceOne(ctx, bson.D{{Key: "_id", Value: before.ID}}, after); err != nil {
		return after, err
	}
	for _, changed := range s.changed {
		if err := changed(ctx, before, after); err != nil {
			return after, err
		}
	}
	event.Facts = bson.D{{Key: "contactId", Value: before.ID}}
	return after, events.Append(ctx, s.db, event)
}

// unfinishedAfter is how long an erasure is left to the request that began it.
const unfinishedAfter = time.Minute

// Unfinished gives contacts whose erasure was begun a while ago and not
// finished, a hundred at most.
func (s *Service) Unfinished(ctx context.Context) ([]Contact, error) {
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "condition", Value: Erasing}, {Key: "updatedAt", Value: bson.D{{Key: "$lt", Value: s.now().Add(-unfinishedAfter)}}}},
		options.Find().SetLimit(100))
	if err != nil {
		return nil, err
	}
	var rows []Contact
	err = mongodb.All(ctx, cursor, &rows)
	return rows, err
}

// Remove deletes what is left of a person here: the rows, and the name in the
// lists of groups.
func (s *Service) Remove(ctx context.Context, p Person) (Erased, error) {
	if printed := p.Printed(); len(printed) > 0 {
		_, err := s.rows.UpdateMany(ctx, bson.D{{Key: "channelId", Value: p.Channel}, {Key: "participants", Value: bson.D{{Key: "$in", Value: printed}}}},
			bson.D{{Key: "$pullAll", Value: bson.D{{Key: "participants", Value: printed}}}})
		if err != nil {
			return Erased{}, err
		}
	}
	res, err := s.rows.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: p.Family}}}})
	if err != nil {
		return Erased{}, err
	}
	return Erased{Contacts: res.DeletedCount}, nil
}
