package sessions

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// ContactChanged keeps what a contact's active session must know of it: the
// copy of isIgnored that inbound messages are refused by, and its end when the
// person is erased. It runs in the transaction of the change.
func ContactChanged(db *mongo.Database) contacts.Changed {
	rows := db.Collection(Collection)
	return func(ctx context.Context, before, after contacts.Contact) error {
		active := bson.D{{Key: "channelId", Value: after.Channel}, {Key: "contactId", Value: after.ID}, {Key: "state", Value: Active}}
		switch {
		case after.Condition == contacts.Erasing:
			return closeErased(ctx, db, rows, active, after)
		case before.IsIgnored != after.IsIgnored || lost(before.Identities, after.Identities):
			_, err := rows.UpdateMany(ctx, active, bson.D{
				{Key: "$set", Value: bson.D{{Key: "ignored", Value: after.IsIgnored}}},
				{Key: "$inc", Value: bson.D{{Key: "identityRev", Value: 1}}},
			})
			return err
		default:
			return nil
		}
	}
}

// lost tells whether a contact has given up a name: messages under it belong to
// somebody else from now on.
func lost(before, after []string) bool {
	return slices.ContainsFunc(before, func(key string) bool { return !slices.Contains(after, key) })
}

func closeErased(ctx context.Context, db *mongo.Database, rows *mongo.Collection, active bson.D, contact contacts.Contact) error {
	var row Session
	err := rows.FindOneAndUpdate(ctx, active, bson.D{
		{Key: "$set", Value: bson.D{{Key: "state", Value: Finished}, {Key: "finishedAt", Value: contact.UpdatedAt}, {Key: "finishReason", Value: "erased"}}},
		{Key: "$inc", Value: bson.D{{Key: "eventSequence", Value: 1}, {Key: VersionCount, Value: 1}}},
	}, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	}
	if err != nil {
		return err
	}
	event := events.New(row.Account, events.SessionFinished, contact.UpdatedAt)
	event.Channel, event.Session, event.Contact, event.Sequence = row.Channel, row.ID, row.Contact, row.EventSequence
	event.Facts = bson.D{{Key: "reason", Value: "erased"}}
	if !row.Platform.IsZero() {
		event.Platforms = []ids.PlatformConfig{row.Platform}
	}
	return events.Append(ctx, db, event)
}

// Erase deletes a person's sessions; their messages are deleted before.
func (s *Service) Erase(ctx context.Context, p contacts.Person) (contacts.Erased, error) {
	res, err := s.rows.DeleteMany(ctx, bson.D{{Key: "contactId", Value: bson.D{{Key: "$in", Value: p.Family}}}})
	if err != nil {
		return contacts.Erased{}, err
	}
	return contacts.Erased{Sessions: res.DeletedCount}, nil
}

// Export hands out a person's sessions, oldest first.
func (s *Service) Export(ctx context.Context, p contacts.Person, emit func(section string, item any) error) error {
	cursor, err := s.rows.Find(ctx, bson.D{{Key: "contactId", Value: bson.D{{Key: "$in", Value: p.Family}}}}, options.Find().SetSort(bson.D{{Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return err
	}
	var rows []Session
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return err
	}
	views, err := s.Views(ctx, rows...)
	if err != nil {
		return err
	}
	for _, view := range views {
		if err := emit("sessions", view); err != nil {
			return err
		}
	}
	return nil
}
