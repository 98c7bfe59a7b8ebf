package sessions

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/platforms"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

// Changes commits what happens to a session.
type Changes interface {
	// Finish closes a session; a finished one stays as it is.
	Finish(ctx context.Context, session Session) (Session, error)
	// Transfer moves an active session as the hand-over says, whose id, holder
	// and asker count; one that was made already changes nothing. Fault NotFound
	// when there is no such platform.
	Transfer(ctx context.Context, session Session, one Transfer) (Session, error)
	// Read sets the unread counter to 0.
	Read(ctx context.Context, session Session) (Session, error)
	// SendText sends a text to the session's contact, also when ctx ends: it has
	// a time of its own. Its error is a fault ProviderTimeout with the message's
	// _id where the message was stored and nobody knows its fate.
	SendText(ctx context.Context, session Session, text string) error
	// LastInbound gives the provider's id of the contact's newest message;
	// empty when there is none.
	LastInbound(ctx context.Context, session Session) (ids.ProviderMessage, error)
	// Unread names what the session counts as unread, newest first: 100 messages
	// at most, and the newest in any case, if there is one.
	Unread(ctx context.Context, session Session) ([]providers.ReadMark, error)
	// Newest gives the last message of each session that has one.
	Newest(ctx context.Context, list ...Session) (map[ids.Session]Preview, error)
}

// Channels is what this room needs of the channels.
type Channels interface {
	Get(ctx context.Context, id ids.Channel) (channels.Channel, error)
	Conn(ctx context.Context, id ids.Channel) (providers.Conn, error)
	Capabilities(provider providers.Name) (providers.Capabilities, bool)
}

// Platforms is what this room needs of the platforms.
type Platforms interface {
	BySlug(ctx context.Context, account ids.Account, slug string) (platforms.Config, bool, error)
}

// Service reads sessions and asks for their changes.
type Service struct {
	rows      *mongo.Collection
	contacts  *mongo.Collection
	channels  Channels
	platforms Platforms
	changes   Changes
	now       func() time.Time
}

// New makes the room.
func New(db *mongo.Database, channels Channels, platforms Platforms, changes Changes, now func() time.Time) *Service {
	return &Service{
		rows: db.Collection(Collection), contacts: db.Collection(contacts.Collection),
		channels: channels, platforms: platforms, changes: changes, now: now,
	}
}

// Find gives a session that the caller may see; any other is not found.
func (s *Service) Find(ctx context.Context, id ids.Session) (Session, error) {
	return Find(ctx, s.rows, id)
}

// Find gives a session, of these rows, that the caller of the request may see;
// any other is not found.
func Find(ctx context.Context, rows *mongo.Collection, id ids.Session) (Session, error) {
	var row Session
	err := rows.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) || err == nil && !web.PrincipalOf(ctx).May(row.Account) {
		return Session{}, fault.Missing("session", id)
	}
	return row, err
}

// family gives the ids of all contacts that turned out to be one person with
// this one; nothing for the zero id.
func (s *Service) family(ctx context.Context, id ids.Contact) ([]ids.Contact, error) {
	if id.IsZero() {
		return nil, nil
	}
	only := options.Find().SetProjection(bson.D{{Key: "mergedInto", Value: 1}})
	var found []contacts.Contact
	cursor, err := s.contacts.Find(ctx, bson.D{{Key: "_id", Value: id}}, only)
	if err != nil {
		return nil, err
	}
	if err := mongodb.All(ctx, cursor, &found); err != nil {
		return nil, err
	}
	family := []ids.Contact{id}
	if len(found) == 1 && !found[0].MergedInto.IsZero() {
		family[0] = found[0].MergedInto
	}
	if cursor, err = s.contacts.Find(ctx, bson.D{{Key: "mergedInto", Value: family[0]}}, only); err != nil {
		return nil, err
	}
	if err := mongodb.All(ctx, cursor, &found); err != nil {
		return nil, err
	}
	for _, row := range found {
		family = append(family, row.ID)
	}
	return family, nil
}

// clients reads the contacts of sessions, for their views.
func (s *Service) clients(ctx context.Context, rows ...Session) (map[ids.Contact]contacts.Contact, error) {
	wanted := bson.A{}
	for _, row := range rows {
		wanted = append(wanted, row.Contact)
	}
	cursor, err := s.contacts.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: wanted}}}},
		options.Find().SetProjection(bson.D{{Key: "name", Value: 1}, {Key: "customName", Value: 1}, {Key: "contactIdentifier", Value: 1}, {Key: "replyTo", Value: 1}}))
	if err != nil {
		return nil, err
	}
	var found []contacts.Contact
	if err := mongodb.All(ctx, cursor, &found); err != nil {
		return nil, err
	}
	byID := map[ids.Contact]contacts.Contact{}
	for _, contact := range found {
		byID[contact.ID] = contact
	}
	return byID, nil
}
