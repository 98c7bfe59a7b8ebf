package contacts

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Picture is a contact's photo as its provider shows it. The zero value: none.
type Picture struct {
	URL     string
	Version string    // the provider's id of it
	File    ids.Media // where it lies with us
}

// PhotosDue lists live contacts of a channel, at most so many, whose photo is to
// be looked at.
func (s *Service) PhotosDue(ctx context.Context, channel ids.Channel, most int64) ([]Contact, error) {
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "photoDue", Value: true}, {Key: "channelId", Value: channel}, {Key: "condition", Value: Live}}, options.Find().SetLimit(most))
	if err != nil {
		return nil, fmt.Errorf("look for contacts without a photo: %w", err)
	}
	var rows []Contact
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, fmt.Errorf("look for contacts without a photo: %w", err)
	}
	return rows, nil
}

// PhotoChanged notes that somebody has a new photo, or none any more.
func (s *Service) PhotoChanged(ctx context.Context, channel ids.Channel, of providers.Address) error {
	_, err := s.rows.UpdateOne(ctx, bson.D{{Key: "channelId", Value: channel}, {Key: "identities", Value: of.Key()}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "photoDue", Value: true}}}})
	return err
}

// PhotoSeen ends the looking without a change.
func (s *Service) PhotoSeen(ctx context.Context, id ids.Contact) error {
	_, err := s.rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$unset", Value: bson.D{{Key: "photoDue", Value: ""}}}})
	return err
}

// SetPhoto shows a photo of the provider's, or that there is none, and tells of
// it. False: nothing was changed, because the contact is gone or has a photo
// that somebody else chose. old is the file that nobody needs any more.
func (s *Service) SetPhoto(ctx context.Context, id ids.Contact, p Picture) (changed bool, old ids.Media, err error) {
	err = mongodb.Transaction(ctx, s.db.Client(), func(ctx context.Context) error {
		changed, old = false, ids.Media{}
		var row Contact
		err := s.rows.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: id}, {Key: "condition", Value: Live}},
			bson.D{{Key: "$unset", Value: bson.D{{Key: "photoDue", Value: ""}}}}).Decode(&row)
		if errors.Is(err, mongo.ErrNoDocuments) {
			return nil
		}
		if err != nil {
			return err
		}
		chosen := row.Photo != "" && row.PhotoVersion == ""
		if chosen || row.IsIgnored || row.Photo == p.URL && row.PhotoVersion == p.Version {
			return nil
		}
		changed, old = true, row.PhotoFile
		_, err = s.rows.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{
			{Key: "photo", Value: p.URL}, {Key: "photoVersion", Value: p.Version}, {Key: "photoFile", Value: p.File}, {Key: "updatedAt", Value: s.now()},
		}}})
		if err != nil {
			return err
		}
		event, err := s.event(ctx, events.ContactUpdated, ChannelRef{ID: row.Channel, Account: row.Account}, id)
		if err != nil {
			return err
		}
		return events.Append(ctx, s.db, event)
	})
	if err != nil {
		err = fmt.Errorf("set the photo of contact %s: %w", id, err)
	}
	return changed, old, err
}
