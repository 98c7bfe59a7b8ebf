package contacts

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// ChannelRef is what this room must know of a channel.
type ChannelRef struct {
	ID      ids.Channel
	Account ids.Account
}

// Directory is what this room needs of the channels and accounts above it.
type Directory interface {
	// ChannelRef finds a channel; fault NotFound when there is none.
	ChannelRef(ctx context.Context, id ids.Channel) (ChannelRef, error)
	// AccountChannels lists the channels that an account has and had: the contacts
	// of a deleted one stay.
	AccountChannels(ctx context.Context, account ids.Account) ([]ids.Channel, error)
	// Holder gives the platform that hears of a contact: that of its open
	// session, else the channel's, else the account's default; zero: none.
	Holder(ctx context.Context, channel ids.Channel, contact ids.Contact) (ids.PlatformConfig, error)
	// MissingTags gives those of the tags that the account does not have.
	MissingTags(ctx context.Context, account ids.Account, tags []ids.Tag) ([]ids.Tag, error)
	// CheckPlatform refuses, on the field `platform`, a short name of what answers
	// nobody; one that names nothing may yet.
	CheckPlatform(ctx context.Context, account ids.Account, slug string) error
}

// Changed is called inside the transaction that changes a contact, so that the
// rooms above can keep what they copy of it.
type Changed func(ctx context.Context, before, after Contact) error

// Service keeps contacts.
type Service struct {
	db        *mongo.Database
	rows      *mongo.Collection
	directory Directory
	changed   []Changed
	now       func() time.Time
}

// New makes the room; changed hooks run in the order given.
func New(db *mongo.Database, directory Directory, now func() time.Time, changed ...Changed) *Service {
	return &Service{db: db, rows: db.Collection(Collection), directory: directory, changed: changed, now: now}
}

// Find gives a contact of an account; a merged one answers with its survivor,
// one that is being erased is gone already.
func (s *Service) Find(ctx context.Context, account ids.Account, id ids.Contact) (Contact, error) {
	row, err := s.byID(ctx, account, id)
	if err == nil && row.Condition == Merged {
		row, err = s.byID(ctx, account, row.MergedInto)
	}
	if errors.Is(err, mongo.ErrNoDocuments) || err == nil && row.Condition != Live {
		return Contact{}, fault.Missing("contact", id)
	}
	return row, err
}

func (s *Service) byID(ctx context.Context, account ids.Account, id ids.Contact) (Contact, error) {
	var row Contact
	err := s.rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "accountId", Value: account}}).Decode(&row)
	return row, err
}

// There tells whether a contact, or the one that it was merged into, is live: not
// erased, nor being erased.
func (s *Service) There(ctx context.Context, id ids.Contact) (bool, error) {
	var row Contact
	for {
		err := s.rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}}, options.FindOne().SetProjection(bson.D{{Key: "condition", Value: 1}, {Key: "mergedInto", Value: 1}})).Decode(&row)
		if errors.Is(err, mongo.ErrNoDocuments) {
			return false, nil
		}
		if err != nil || row.Condition != Merged || row.MergedInto == id {
			return row.Condition == Live, err
		}
		id, row = row.MergedInto, Contact{}
	}
}

// Family gives the ids of a contact and of all that were merged into it.
func (s *Service) Family(ctx context.Context, id ids.Contact) ([]ids.Contact, error) {
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "mergedInto", Value: id}}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID ids.Contact `bson:"_id"`
	}
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, err
	}
	family := []ids.Contact{id}
	for _, row := range rows {
		family = append(family, row.ID)
	}
	return family, nil
}

// channel finds a channel of the account, for a field of a body.
func (s *Service) channel(ctx context.Context, account ids.Account, id ids.Channel) (ChannelRef, error) {
	ref, err := s.directory.ChannelRef(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && ref.Account != account {
		return ChannelRef{}, fault.Invalid("channelId", "unknown", "There is no channel %s in account %s.", id, account)
	}
	return ref, err
}

// checkTags refuses tags that the account does not have.
func (s *Service) checkTags(ctx context.Context, account ids.Account, tags []ids.Tag) error {
	if len(tags) == 0 {
		return nil
	}
	missing, err := s.directory.MissingTags(ctx, account, tags)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return fault.Invalid("tagIds", "unknown", "There is no tag %s in account %s.", missing[0], account)
	}
	return nil
}
