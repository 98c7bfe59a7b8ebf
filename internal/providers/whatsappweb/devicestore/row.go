package devicestore

import (
	"fmt"
	"strings"
	"time"

	"github.com/cirrus/omnichannel/internal/vault"
)

// The kinds of rows. A kind stands in the row's id.
const (
	kindSession    = "session"     // key: Signal address
	kindIdentity   = "identity"    // key: Signal address
	kindPreKey     = "prekey"      // key: id, eight hexadecimal digits
	kindSenderKey  = "senderkey"   // key: group, Signal address
	kindSyncKey    = "synckey"     // key: id, hexadecimal
	kindCollection = "appstate"    // key: name of the collection
	kindMutation   = "mutation"    // key: name of the collection, index MAC in hexadecimal
	kindContact    = "contact"     // key: JID
	kindChat       = "chat"        // key: JID
	kindTimer      = "timer"       // key: JID
	kindSecret     = "secret"      // key: message, chat, sender
	kindToken      = "token"       // key: JID
	kindSalt       = "salt"        // no key
	kindBuffered   = "buffered"    // key: hash, hexadecimal
	kindOutgoing   = "outgoing"    // key: chat, message
	separator      = "/"           // between the parts of an id
	afterSeparator = "0"           // sorts next after the separator
	purpose        = "device.row"  // of what a pairing's key seals in rows
	purposeKeys    = "device.keys" // of what it seals in the device's row
	purposeKey     = "device.key"  // of the pairing's key, sealed by the master key
)

// cachedKinds are those that messages need again and again.
var cachedKinds = map[string]bool{kindSession: true, kindIdentity: true, kindSenderKey: true, kindContact: true, kindTimer: true}

// row is what a device keeps under one id; which fields it has depends on its
// kind.
type row struct {
	ID string `bson:"_id,omitempty"`
	// Box is secret, sealed by the pairing's key.
	Box []byte `bson:"box,omitempty"`
	// Public is no secret: an identity, a hash, a MAC.
	Public []byte `bson:"public,omitempty"`
	// Version is a collection's, or the seconds of a timer.
	Version  int64  `bson:"version,omitempty"`
	Uploaded bool   `bson:"uploaded,omitempty"`
	Format   string `bson:"format,omitempty"`
	// Member is the pairing and user of a sender key.
	Member string `bson:"member,omitempty"`
	// At and SentAt are seconds since 1970 by WhatsApp's clock; InsertedAt
	// is milliseconds by ours.
	At         int64       `bson:"at,omitempty"`
	SentAt     *int64      `bson:"sentAt,omitempty"`
	InsertedAt int64       `bson:"insertedAt,omitempty"`
	Contact    *contactRow `bson:"contact,omitempty"`
	Chat       *chatRow    `bson:"chat,omitempty"`
	// ExpiresAt is when the row is of no use any more.
	ExpiresAt *time.Time `bson:"expiresAt,omitempty"`

	// plain is what Box seals; nil means that there is none.
	plain []byte
}

type contactRow struct {
	First    string `bson:"first,omitempty"`
	Full     string `bson:"full,omitempty"`
	Push     string `bson:"push,omitempty"`
	Business string `bson:"business,omitempty"`
	Redacted string `bson:"redacted,omitempty"`
}

type chatRow struct {
	// MutedUntil is in seconds since 1970; -1 is for ever.
	MutedUntil int64 `bson:"mutedUntil,omitempty"`
	Pinned     bool  `bson:"pinned,omitempty"`
	Archived   bool  `bson:"archived,omitempty"`
}

// id names a row of this pairing.
func (d *device) id(kind string, key ...string) string {
	return d.prefix + kind + separator + strings.Join(key, separator)
}

// keyOf gives the last part of an id of a kind.
func (d *device) keyOf(kind, id string) string {
	return strings.TrimPrefix(id, d.prefix+kind+separator)
}

// cached tells whether rows with this id are kept in memory.
func (d *device) cached(id string) bool {
	kind, _, _ := strings.Cut(strings.TrimPrefix(id, d.prefix), separator)
	return cachedKinds[kind]
}

// seal closes a row's secret into its box.
func (d *device) seal(r *row) {
	r.Box = nil
	if r.plain != nil {
		r.Box = d.keys.Seal(vault.Binding{Purpose: purpose, RowID: r.ID}, r.plain).Box
	}
}

// open takes a row's secret out of its box.
func (d *device) open(r *row) error {
	if r.Box == nil {
		return nil
	}
	plain, err := d.keys.Open(vault.Binding{Purpose: purpose, RowID: r.ID}, vault.Sealed{KeyID: d.keys.KeyID(), Box: r.Box})
	if err != nil {
		return fmt.Errorf("it was damaged or tampered with: %w", err)
	}
	if plain == nil {
		plain = []byte{}
	}
	r.plain, r.Box = plain, nil
	return nil
}

// until gives the time at which a row expires.
func until(from time.Time, keep time.Duration) *time.Time {
	at := from.Add(keep).UTC().Truncate(time.Millisecond)
	return &at
}
