package messages

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// dedupeIndex refuses a message that is there already.
const dedupeIndex = "channelId_1_dedupeKey_1"

// Collections beside the messages.
const (
	// WaitingCollection keeps statuses, edits and revokes whose message is not
	// known yet, for ten minutes.
	WaitingCollection = "waiting"
	// BodiesCollection keeps when a webhook body without any id, or anything on
	// a channel in gateway mode, was last seen: its digest, nothing of it.
	BodiesCollection = "webhook_bodies"
)

// store is the collections that a commit writes.
type store struct {
	client    *mongo.Client
	now       func() time.Time
	platform  platformFinder
	platforms Platforms
	contacts  *mongo.Collection
	sessions  *mongo.Collection
	messages  *mongo.Collection
	events    *mongo.Database // where events.Append writes
	waiting   *mongo.Collection
	bodies    *mongo.Collection
	passing   *mongo.Collection
}

func newStore(db *mongo.Database, now func() time.Time, platform platformFinder, platforms Platforms) *store {
	return &store{
		client:    db.Client(),
		now:       now,
		platform:  platform,
		platforms: platforms,
		contacts:  db.Collection(contacts.Collection),
		sessions:  db.Collection(sessions.Collection),
		messages:  db.Collection(Collection),
		events:    db,
		waiting:   db.Collection(WaitingCollection),
		bodies:    db.Collection(BodiesCollection),
		passing:   db.Collection(PassingCollection),
	}
}

// waitingRow is something about a message that we do not know yet.
type waitingRow struct {
	ID        bson.ObjectID `bson:"_id"`
	Channel   ids.Channel   `bson:"channelId"`
	Key       bson.Binary   `bson:"dedupeKey"` // of the message
	Change    bson.Raw      `bson:"change"`
	Kind      string        `bson:"kind"`
	ExpiresAt time.Time     `bson:"expiresAt"`
}

// bodyRow is something that only its digest tells again, within the window.
type bodyRow struct {
	Channel ids.Channel
	Key     bson.Binary
	Window  time.Duration
}

// bodyID is the _id of a body's row.
func bodyID(channel ids.Channel, key []byte) bson.Binary {
	return bson.Binary{Data: append(append([]byte{}, channel[:]...), key...)}
}
