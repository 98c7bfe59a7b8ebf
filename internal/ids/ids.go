// Package ids gives every identifier of the system a type of its own, so that
// the compiler refuses a contact where a session is meant. It has no logic
// beyond reading and writing the identifiers.
package ids

import (
	"errors"
	"fmt"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// ErrMalformed is wrapped by every error about text that is no identifier.
var ErrMalformed = errors.New("malformed id")

// ID is a 12-byte ObjectID that belongs to one kind of row. On the wire it is
// 24 hexadecimal digits, in the store an ObjectID. K only tells kinds apart.
type ID[K any] [12]byte

type (
	accountKeyKind struct{}
	tagKind        struct{}
	configKind     struct{}
	channelKind    struct{}
	contactKind    struct{}
	sessionKind    struct{}
	messageKind    struct{}
	eventKind      struct{}
	batchKind      struct{}
	deliveryKind   struct{}
	deliveriesKind struct{}
	mediaKind      struct{}
	transferKind   struct{}
)

type (
	// APIKey names an API key's row; made by us, unique everywhere.
	APIKey = ID[accountKeyKind]
	// Tag names a tag of an account; made by us, unique everywhere.
	Tag = ID[tagKind]
	// PlatformConfig names an agent platform's configuration; made by us, unique everywhere.
	PlatformConfig = ID[configKind]
	// Channel names one number at one provider; made by us, unique everywhere.
	Channel = ID[channelKind]
	// Contact names a person or group on one channel; made by us, unique everywhere.
	Contact = ID[contactKind]
	// Session names one conversation; made by us, unique everywhere.
	Session = ID[sessionKind]
	// Message names a message's row; made by us, unique everywhere. The
	// provider's own message id is a ProviderMessage.
	Message = ID[messageKind]
	// Event names an event; made by us before the commit, so its order says nothing.
	Event = ID[eventKind]
	// EventBatch names a stored batch of events; made by us, unique everywhere.
	EventBatch = ID[batchKind]
	// Delivery names the delivery of one event to one platform; made by us, unique everywhere.
	Delivery = ID[deliveryKind]
	// DeliveryBatch names a stored batch of deliveries; made by us, unique everywhere.
	DeliveryBatch = ID[deliveriesKind]
	// Media names a stored file; made by us, unique everywhere.
	Media = ID[mediaKind]
	// Transfer names one hand-over of a session; made by us, unique in its session.
	Transfer = ID[transferKind]
)

// Account is an account's clientIdentifier: a UUID in its usual 36-character
// lower-case form, unique everywhere.
type Account string

// ProviderMessage is a provider's own id of a message (a wamid, a WhatsApp
// id). It is opaque, made by the provider (or for it, beforehand), and unique
// per channel and direction only.
type ProviderMessage string

// New makes an identifier that nobody else has.
func New[I ~[12]byte]() I { return I(bson.NewObjectID()) }

// Parse reads 24 hexadecimal digits; an error wraps ErrMalformed.
func Parse[I ~[12]byte](text string) (I, error) {
	id, err := bson.ObjectIDFromHex(text)
	if err != nil {
		return I{}, fmt.Errorf("%w: %q is not 24 hexadecimal digits", ErrMalformed, clip(text))
	}
	return I(id), nil
}

// NewAccount makes a clientIdentifier.
func NewAccount() Account { return Account(uuid.NewString()) }

// ParseAccount reads a UUID in its 36-character form and folds it to lower
// case; an error wraps ErrMalformed.
func ParseAccount(text string) (Account, error) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return "", fmt.Errorf("%w: %q is not a UUID", ErrMalformed, clip(text))
	}
	return Account(id.String()), nil
}

// UnmarshalText reads a UUID in its 36-character form, in either case; an error
// wraps ErrMalformed.
func (a *Account) UnmarshalText(text []byte) error {
	parsed, err := ParseAccount(string(text))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// clip keeps foreign text that goes into an error short.
func clip(text string) string {
	if len(text) > 64 {
		return text[:64] + "…"
	}
	return text
}

// String gives the 24 hexadecimal digits.
func (id ID[K]) String() string { return bson.ObjectID(id).Hex() }

// IsZero tells whether the identifier is unset.
func (id ID[K]) IsZero() bool { return id == ID[K]{} }

// MarshalText writes the 24 hexadecimal digits.
func (id ID[K]) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads 24 hexadecimal digits; an error wraps ErrMalformed.
func (id *ID[K]) UnmarshalText(text []byte) error {
	parsed, err := Parse[ID[K]](string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// MarshalBSONValue writes an ObjectID.
func (id ID[K]) MarshalBSONValue() (typ byte, raw []byte, err error) {
	return byte(bson.TypeObjectID), id[:], nil
}

// UnmarshalBSONValue reads an ObjectID; null leaves the identifier unset.
func (id *ID[K]) UnmarshalBSONValue(typ byte, raw []byte) error {
	switch bson.Type(typ) {
	case bson.TypeNull:
		*id = ID[K]{}
		return nil
	case bson.TypeObjectID:
		copy(id[:], raw)
		return nil
	default:
		return fmt.Errorf("%w: BSON type %s is not an ObjectID", ErrMalformed, bson.Type(typ))
	}
}
