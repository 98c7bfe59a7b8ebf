package messages

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// unreadMost bounds the messages of a chat that are shown as read at once.
const unreadMost = 100

// Mark points at a message, as its provider knows it.
type Mark struct {
	ID     ids.ProviderMessage
	FromMe bool
	Author providers.Address // in a group, as the provider calls them; zero: ours, or not known
	At     time.Time
}

// Marks are where a conversation stands.
type Marks struct {
	Newest *Mark  // of the newest session, since which more may have come; nil: nothing is known of it
	Unread []Mark // what others wrote and nobody read here, newest first, the newest in any case; 100 at most
	Met    bool   // there was a session
	open   *sessions.Session
}

// Marks tells where the conversation with a person or group stands, by what is
// kept of its newest session; nothing where nothing is.
func (s *Service) Marks(ctx context.Context, channel ids.Channel, chat providers.Address) (Marks, error) {
	var contact contacts.Contact
	err := s.store.contacts.FindOne(ctx, bson.D{{Key: "channelId", Value: channel}, {Key: "identities", Value: chat.Key()}},
		options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Decode(&contact)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return Marks{}, nil
	}
	if err != nil {
		return Marks{}, err
	}
	var session sessions.Session
	err = s.store.sessions.FindOne(ctx, bson.D{{Key: "contactId", Value: contact.ID}},
		options.FindOne().SetSort(bson.D{{Key: "createdAt", Value: -1}, {Key: "_id", Value: -1}})).Decode(&session)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return Marks{}, nil
	}
	if err != nil {
		return Marks{}, err
	}
	marks := Marks{Met: true}
	if session.State == sessions.Active && session.Unread > 0 {
		marks.open = &session
	}
	newest, err := s.marksIn(ctx, session, bson.D{}, 1)
	if err != nil {
		return Marks{}, err
	}
	if len(newest) == 1 {
		marks.Newest = &newest[0]
	}
	marks.Unread, err = s.unreadIn(ctx, session)
	return marks, err
}

// unreadIn gives what a session counts as unread, newest first, the newest in any
// case. Reactions are not counted.
func (s *Service) unreadIn(ctx context.Context, session sessions.Session) ([]Mark, error) {
	written := bson.D{{Key: "direction", Value: Inbound}, {Key: "content.type", Value: bson.D{{Key: "$ne", Value: providers.TypeReaction}}}}
	return s.marksIn(ctx, session, written, min(max(session.Unread, 1), unreadMost))
}

// marksIn gives the newest messages of a session that its provider knows.
func (s *Service) marksIn(ctx context.Context, session sessions.Session, which bson.D, most int64) ([]Mark, error) {
	filter := append(bson.D{{Key: "channelId", Value: session.Channel}, {Key: "sessionId", Value: session.ID}, {Key: "providerId", Value: bson.D{{Key: "$gt", Value: ""}}}}, which...)
	cursor, err := s.store.messages.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "sequence", Value: -1}}).SetLimit(most).
		SetProjection(bson.D{{Key: "providerId", Value: 1}, {Key: "direction", Value: 1}, {Key: "author", Value: 1}, {Key: "timestamp", Value: 1}}))
	if err != nil {
		return nil, err
	}
	var rows []Message
	if err := mongodb.All(ctx, cursor, &rows); err != nil {
		return nil, err
	}
	marks := make([]Mark, 0, len(rows))
	for _, row := range rows {
		mark := Mark{ID: row.ProviderID, FromMe: row.Direction == Outbound, At: row.Timestamp}
		if row.Author != nil && !mark.FromMe {
			mark.Author = row.Author.named()
		}
		marks = append(marks, mark)
	}
	return marks, nil
}

// SetRead sets the unread counter of the session to 0 that the marks are of.
func (s *Service) SetRead(ctx context.Context, marks Marks) error {
	if marks.open == nil {
		return nil
	}
	_, err := s.Read(ctx, *marks.open)
	return err
}
