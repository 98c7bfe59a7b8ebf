package messages

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

var _ sessions.Changes = (*Service)(nil)

// Finish closes a session; a finished one stays as it is.
func (s *Service) Finish(ctx context.Context, session sessions.Session) (sessions.Session, error) {
	return s.changeSession(ctx, session, finish("finished"))
}

// Transfer moves an active session as the hand-over says; one that was made
// already changes nothing. Fault NotFound when there is no such platform.
func (s *Service) Transfer(ctx context.Context, session sessions.Session, one sessions.Transfer) (sessions.Session, error) {
	return s.changeSession(ctx, session, transfer(one))
}

// Read sets the unread counter to 0.
func (s *Service) Read(ctx context.Context, session sessions.Session) (sessions.Session, error) {
	return s.changeSession(ctx, session, markRead)
}

// SendText sends a text to the session's contact, also when ctx ends: who asked
// for it may hang up. An earlier run of the same request may have sent it, and the
// session be finished since: then its row tells. The fate of a message that was
// stored is never guessed: nobody knowing it is a fault ProviderTimeout with its
// _id.
func (s *Service) SendText(ctx context.Context, session sessions.Session, text string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.sendTimeout+attemptMost+askedMargin)
	defer cancel()
	sent, err := s.Send(ctx, session, Draft{Text: text})
	if sent.ID.IsZero() {
		return err
	}
	return unsure(sent.ID, err)
}

// unsure is what came of a message that is stored, or may be: an error that does
// not speak of it leaves its fate open.
func unsure(id ids.Message, err error) error {
	if known := (*fault.Error)(nil); err == nil || errors.As(err, &known) && known.Extra["_id"] != nil {
		return err
	}
	return fault.Wrap(err, fault.ProviderTimeout, "Nobody knows yet whether message %s was sent. Its status will tell; do not send it again.", id).With("_id", id)
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
