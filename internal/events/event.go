package events

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
)

// Type names an event on the wire.
type Type string

// The types there are; openapi.yaml has a schema for each.
const (
	SessionCreated     Type = "session.created"
	SessionTransferred Type = "session.transferred"
	SessionFinished    Type = "session.finished"
	MessageReceived    Type = "message.received"
	MessageSent        Type = "message.sent"
	MessageStatus      Type = "message.status"
	MessageRevoked     Type = "message.revoked"
	MessageEdited      Type = "message.edited"
	MessageMedia       Type = "message.media"
	MessageReaction    Type = "message.reaction"
	ContactCreated     Type = "contact.created"
	ContactUpdated     Type = "contact.updated"
	ContactMerged      Type = "contact.merged"
	ContactErased      Type = "contact.erased"
	ChannelStatus      Type = "channel.status"
	ChannelQR          Type = "channel.qr"

	// PlatformTest is sent on demand, whatever a platform asks to hear.
	PlatformTest Type = "platform.test"
	// PlatformStatus says that a platform's URL takes no events, or takes them
	// again. It goes to those who listen, and to no platform.
	PlatformStatus Type = "platform.status"
)

// Types lists every type that a platform may ask to hear, in a fixed order.
func Types() []Type {
	return []Type{
		SessionCreated, SessionTransferred, SessionFinished,
		MessageReceived, MessageSent, MessageStatus, MessageRevoked, MessageEdited, MessageMedia, MessageReaction,
		ContactCreated, ContactUpdated, ContactMerged, ContactErased, ChannelStatus, ChannelQR,
	}
}

// What the stream may tell of, and what there may be deliveries of.
var (
	streamed    = append(Types(), PlatformTest, PlatformStatus)
	deliverable = slices.Concat(Types(), NumberTypes(), []Type{numberBattery, PlatformTest})
)

// checkType refuses a type that a field asks for and that is not among those there
// may be; empty asks for none.
func checkType(field string, t Type, among []Type) error {
	if t == "" || slices.Contains(among, t) {
		return nil
	}
	names := make([]string, 0, len(among))
	for _, one := range among {
		names = append(names, string(one))
	}
	return fault.Invalid(field, "unknown", "There is no such type of event. The types are: %s.", strings.Join(names, ", "))
}

const (
	// Kept is how long an event and its deliveries are kept, unless the operator
	// sets another time.
	Kept = 7 * 24 * time.Hour
	// KeptInGateway is how long the event of a channel that keeps nothing waits
	// for its delivery, at most.
	KeptInGateway = 3 * 24 * time.Hour
)

// Row is one event.
type Row struct {
	ID        ids.Event            `bson:"_id"`
	Type      Type                 `bson:"type"`
	Channel   ids.Channel          `bson:"channelId,omitempty"`
	Session   ids.Session          `bson:"sessionId,omitempty"`
	Contact   ids.Contact          `bson:"contactId,omitempty"`
	Message   ids.Message          `bson:"messageId,omitempty"`
	Sequence  int64                `bson:"sequence,omitempty"` // of the session, from 1; 0: no session event
	Platforms []ids.PlatformConfig `bson:"platformConfigIds"`  // whom it is for, fixed at commit
	Facts     bson.D               `bson:"facts,omitempty"`    // its own facts; nothing that names a person, unless it passes on
	CreatedAt time.Time            `bson:"createdAt"`
	// Names are the keys of those whom Facts name, for erasing one; only a notice
	// has any.
	Names []string `bson:"names,omitempty"`
	// Line is what its deliveries keep their order by, where that is neither a
	// session, contact nor channel.
	Line bson.ObjectID `bson:"line,omitempty"`
	// Gone: every platform has what was fleeting, and nothing of it is left.
	Gone bool `bson:"gone,omitempty"`

	// What the row shares with others stands in its batch.
	Batch     ids.EventBatch `bson:"-"`
	Account   ids.Account    `bson:"-"`
	ExpiresAt time.Time      `bson:"-"` // zero: after the usual time; else the row is fleeting
	Position  int64          `bson:"-"` // from 1 within the account; 0: not placed yet
}

// New makes a row with an id of its own.
func New(account ids.Account, t Type, at time.Time) Row {
	return Row{ID: ids.New[ids.Event](), Account: account, Type: t, Platforms: []ids.PlatformConfig{}, CreatedAt: at}
}

// Moved makes an event of a platform config's new state; it is a platforms.Moved.
func (s *Service) Moved(ctx context.Context, config platforms.Config) error {
	row := New(config.Account, PlatformStatus, s.now())
	row.Platforms = []ids.PlatformConfig{config.ID} // for the stream's filter
	row.Facts = bson.D{{Key: "platformConfigId", Value: config.ID}, {Key: "platformSlug", Value: config.Slug}, {Key: "status", Value: string(config.State.Status)}}
	return Append(ctx, s.db, row)
}

// passesOn tells whether the row holds all that there is of what happened: a
// channel that keeps nothing (gateway mode) made it, or it is a notice.
func (r *Row) passesOn() bool { return r.fact("kind") != "" }

// fleeting tells whether what the row says is forgotten once it is delivered.
func (r *Row) fleeting() bool { return !r.ExpiresAt.IsZero() }

// key is what the row's deliveries keep their order by.
func (r *Row) key() bson.ObjectID {
	switch {
	case !r.Line.IsZero():
		return r.Line
	case !r.Session.IsZero():
		return bson.ObjectID(r.Session)
	case !r.Contact.IsZero():
		return bson.ObjectID(r.Contact)
	case !r.Channel.IsZero():
		return bson.ObjectID(r.Channel)
	default: // of a platform only
		return bson.ObjectID(r.ID)
	}
}
