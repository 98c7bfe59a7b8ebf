package messages

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

var _ sessions.Changes = (*Service)(nil)

// Finish closes a session; a finished one stays as it is.
func (s *Service) Finish(ctx context.Context, session sessions.Session) (sessions.Session, error) {
	return s.changeSession(ctx, session, finish("finished"))
}

// Transfer moves an active session to another holder; by names who asked.
func (s *Service) Transfer(ctx context.Context, session sessions.Session, to sessions.Holder, by string) (sessions.Session, error) {
	return s.changeSession(ctx, session, transfer(to, by))
}

// Read sets the unread counter to 0.
func (s *Service) Read(ctx context.Context, session sessions.Session) (sessions.Session, error) {
	return s.changeSession(ctx, session, markRead)
}

// SendText sends a text to the session's contact.
func (s *Service) SendText(ctx context.Context, session sessions.Session, text string) error {
	_, err := s.Send(ctx, session, Draft{Text: text})
	return err
}

// LastInbound gives the provider's id of the contact's newest message, empty
// when there is none.
func (s *Service) LastInbound(ctx context.Context, session sessions.Session) (ids.ProviderMessage, error) {
	var row Message
	err := s.store.messages.FindOne(ctx,
		bson.D{{Key: "channelId", Value: session.Channel}, {Key: "sessionId", Value: session.ID}, {Key: "direction", Value: Inbound}},
		options.FindOne().SetSort(bson.D{{Key: "sequence", Value: -1}}).SetProjection(bson.D{{Key: "providerId", Value: 1}})).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return "", nil
	}
	return row.ProviderID, err
}

// Unread names what the session counts as unread, newest first: 100 messages at
// most, and the newest in any case.
func (s *Service) Unread(ctx context.Context, session sessions.Session) ([]providers.ReadMark, error) {
	marks, err := s.unreadIn(ctx, session)
	if err != nil {
		return nil, err
	}
	unread := make([]providers.ReadMark, 0, len(marks))
	for _, mark := range marks {
		unread = append(unread, providers.ReadMark{ID: mark.ID, Author: mark.Author})
	}
	return unread, nil
}

func (s *Service) changeSession(ctx context.Context, session sessions.Session, plan func(*batch, *sessionPlan) error) (sessions.Session, error) {
	var contact contacts.Contact
	err := s.store.contacts.FindOne(ctx, bson.D{{Key: "_id", Value: session.Contact}}, options.FindOne().SetProjection(bson.D{{Key: "addresses", Value: 1}})).Decode(&contact)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return sessions.Session{}, err
	}
	change := &sessionChange{channel: session.Channel, session: session.ID, to: contact.Addresses, plan: plan}
	if err := s.group.submit(ctx, change); err != nil {
		return sessions.Session{}, err
	}
	return change.stored, nil
}
