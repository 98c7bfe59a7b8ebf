package events

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
)

// The collections of the deliveries.
const (
	// DeliveriesCollection is where the batches of deliveries are.
	DeliveriesCollection = "delivery_batches"
	// CountersCollection has a row for each account: its last position, and how
	// often deliveries were replayed.
	CountersCollection = "event_counters"
	// OwnersCollection has the lease of each account.
	OwnersCollection = "event_owners"
)

// counter is an account's row of CountersCollection.
type counter struct {
	Position int64 `bson:"position"`
	Replays  int64 `bson:"replays"`
}

// Status is how far a delivery came.
type Status string

// The states of a delivery.
const (
	Pending   Status = "pending"
	Delivered Status = "delivered"
	Failed    Status = "failed" // parked: it can be replayed
)

// attemptsMost is how many attempts a row remembers, the last ones.
const attemptsMost = 10

// answerMost is how much of a refusal's body an attempt keeps, in bytes.
const answerMost = 1 << 10

// Attempt is one call of a platform's URL.
type Attempt struct {
	At      time.Time `bson:"at"`
	Status  int       `bson:"status,omitempty"` // HTTP; 0: there was no answer
	Latency int64     `bson:"latencyMs"`
	Error   string    `bson:"error,omitempty"`  // empty: it was taken
	Answer  string    `bson:"answer,omitempty"` // how the answer that was no success begins
}

// Delivery is one event on its way to one platform.
type Delivery struct {
	ID       ids.Delivery   `bson:"_id"`
	Event    ids.Event      `bson:"eventId"`
	Batch    ids.EventBatch `bson:"batchId"` // the event's
	Type     Type           `bson:"type"`
	Position int64          `bson:"position"` // the event's
	// Key: deliveries of one key go out one at a time, in the order of their
	// positions.
	Key      bson.ObjectID `bson:"key"`
	Channel  ids.Channel   `bson:"channelId,omitempty"`
	Session  ids.Session   `bson:"sessionId,omitempty"`
	Sequence int64         `bson:"sequence,omitempty"`
	Contact  ids.Contact   `bson:"contactId,omitempty"`

	Status   Status    `bson:"status"`
	Error    string    `bson:"error,omitempty"` // why it is failed
	Attempts []Attempt `bson:"attempts,omitempty"`
	Tries    int       `bson:"tries"` // counts all attempts and replays; guards every change
	// Refusals counts the answers that refused this very event, since it became
	// pending.
	Refusals int       `bson:"refusals,omitempty"`
	NextAt   time.Time `bson:"nextAt,omitempty"` // not before, after a refusal
	// PendingSince is when it was replayed last, else when it was made.
	PendingSince time.Time `bson:"pendingSince,omitempty"`
	// AnswersOf is the channel of whose persons an answer in Attempts may tell.
	AnswersOf ids.Channel `bson:"answersOf,omitempty"`

	// What it shares with others stands in its row, and is zero in the store.
	In       ids.DeliveryBatch  `bson:"in,omitempty"`     // the row
	LastIn   int64              `bson:"lastIn,omitempty"` // position of the row's last delivery
	Account  ids.Account        `bson:"accountId,omitempty"`
	Platform ids.PlatformConfig `bson:"platformConfigId,omitempty"`
	Slug     string             `bson:"platformSlug,omitempty"`
	// PassesOn: the event is fleeting: what it says is deleted once it is delivered.
	PassesOn  bool      `bson:"passesOn,omitempty"`
	CreatedAt time.Time `bson:"createdAt,omitempty"`
	ExpiresAt time.Time `bson:"expiresAt,omitempty"`
}
