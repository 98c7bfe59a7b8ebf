package providers

import (
	"encoding/json"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"github.com/cirrus/omnichannel/internal/ids"
)

// ContentType is a message's `type` on the wire.
type ContentType string

// The types of content there are.
const (
	TypeText        ContentType = "text"
	TypeImage       ContentType = "image"
	TypeAudio       ContentType = "audio"
	TypeVideo       ContentType = "video"
	TypeDocument    ContentType = "document"
	TypeSticker     ContentType = "sticker"
	TypeLocation    ContentType = "location"
	TypeContacts    ContentType = "contacts"
	TypeInteractive ContentType = "interactive"
	TypeTemplate    ContentType = "template"
	TypeOrder       ContentType = "order"
	TypeReaction    ContentType = "reaction"
	TypeSystem      ContentType = "system"
	TypeUnsupported ContentType = "unsupported"
)

// IsMedia tells whether messages of this type carry a file.
func (t ContentType) IsMedia() bool {
	switch t {
	case TypeImage, TypeAudio, TypeVideo, TypeDocument, TypeSticker:
		return true
	default:
		return false
	}
}

// Content is what a message says. Which fields are set follows from Type, as
// the `content` table of openapi.yaml has it; Type itself is printed beside
// the content, not in it.
type Content struct {
	Type ContentType `bson:"type" json:"-"`

	Text     string `bson:"text,omitempty" json:"text,omitempty"`         // text, captions, and what stands beside an interactive or an order
	Voice    *bool  `bson:"voice,omitempty" json:"voice,omitempty"`       // audio
	Animated *bool  `bson:"animated,omitempty" json:"animated,omitempty"` // sticker

	Latitude  *float64 `bson:"latitude,omitempty" json:"latitude,omitempty"` // location, degrees
	Longitude *float64 `bson:"longitude,omitempty" json:"longitude,omitempty"`
	Name      string   `bson:"name,omitempty" json:"name,omitempty"` // location or template
	Address   string   `bson:"address,omitempty" json:"address,omitempty"`
	URL       string   `bson:"url,omitempty" json:"url,omitempty"`

	Contacts RawJSON `bson:"contacts,omitempty" json:"contacts,omitempty"` // an array, as the Cloud API has it

	Interactive RawJSON `bson:"interactive,omitempty" json:"interactive,omitempty"` // outbound, as sent
	Reply       *Reply  `bson:"reply,omitempty" json:"reply,omitempty"`             // inbound

	Language   string  `bson:"language,omitempty" json:"language,omitempty"` // template
	Components RawJSON `bson:"components,omitempty" json:"components,omitempty"`

	Order *Order `bson:"order,omitempty" json:"order,omitempty"`

	Target ids.ProviderMessage `bson:"target,omitempty" json:"-"` // reaction: printed as messageId
	Emoji  string              `bson:"emoji,omitempty" json:"-"`  // reaction: empty takes it back, printed as null
	// TargetAuthor wrote the target of a reaction that goes out, zero: unknown
	// or TargetMine, the channel's own number.
	TargetAuthor Address `bson:"targetAuthor,omitempty" json:"-"`
	TargetMine   bool    `bson:"targetMine,omitempty" json:"-"`

	System *System `bson:"system,omitempty" json:"system,omitempty"`

	Kind   string  `bson:"kind,omitempty" json:"kind,omitempty"` // unsupported: the provider's name of it
	Raw    RawJSON `bson:"raw,omitempty" json:"raw,omitempty"`   // unsupported: the provider's own JSON
	Errors RawJSON `bson:"errors,omitempty" json:"errors,omitempty"`

	Forwarded           bool             `bson:"forwarded,omitempty" json:"forwarded,omitempty"`
	FrequentlyForwarded bool             `bson:"frequentlyForwarded,omitempty" json:"frequentlyForwarded,omitempty"`
	Referral            RawJSON          `bson:"referral,omitempty" json:"referral,omitempty"`
	ReferredProduct     *ReferredProduct `bson:"referredProduct,omitempty" json:"referredProduct,omitempty"`
}

// MarshalJSON prints the content; a reaction always has its emoji, null when
// it was taken back.
func (c Content) MarshalJSON() ([]byte, error) {
	type plain Content
	if c.Type != TypeReaction {
		return json.Marshal(plain(c))
	}
	var emoji *string
	if c.Emoji != "" {
		emoji = &c.Emoji
	}
	return json.Marshal(struct {
		plain
		MessageID ids.ProviderMessage `json:"messageId"`
		Emoji     *string             `json:"emoji"`
	}{plain(c), c.Target, emoji})
}

// Reply is what a contact chose of an interactive message or a template.
type Reply struct {
	Type         string  `bson:"type" json:"type"` // button_reply, list_reply, quick_reply, nfm_reply, …
	ID           string  `bson:"id,omitempty" json:"id,omitempty"`
	Title        string  `bson:"title,omitempty" json:"title,omitempty"`
	Description  string  `bson:"description,omitempty" json:"description,omitempty"`
	Name         string  `bson:"name,omitempty" json:"name,omitempty"`
	ResponseJSON string  `bson:"responseJson,omitempty" json:"responseJson,omitempty"`
	Data         RawJSON `bson:"data,omitempty" json:"data,omitempty"` // kinds we have no fields for
}

// Order is what a contact ordered from a catalogue.
type Order struct {
	CatalogID string      `bson:"catalogId" json:"catalogId"`
	Items     []OrderItem `bson:"items" json:"items"`
}

// OrderItem is one line of an order; ItemPrice is in units of Currency.
type OrderItem struct {
	ProductRetailerID string  `bson:"productRetailerId" json:"productRetailerId"`
	Quantity          float64 `bson:"quantity" json:"quantity"`
	ItemPrice         float64 `bson:"itemPrice" json:"itemPrice"`
	Currency          string  `bson:"currency" json:"currency"`
}

// System is a notice of the provider inside a conversation.
type System struct {
	Type          string `bson:"type" json:"type"`
	Body          string `bson:"body,omitempty" json:"body,omitempty"`
	NewIdentifier string `bson:"newIdentifier,omitempty" json:"newIdentifier,omitempty"`
}

// ReferredProduct is the catalogue product that a message asks about.
type ReferredProduct struct {
	CatalogID         string `bson:"catalogId" json:"catalogId"`
	ProductRetailerID string `bson:"productRetailerId" json:"productRetailerId"`
}

// MediaRef is a file that an inbound message names but does not bring.
type MediaRef struct {
	ID       string `bson:"id,omitempty"`  // the provider's id of it
	URL      string `bson:"url,omitempty"` // where it says to get it
	Mimetype string `bson:"mimetype,omitempty"`
	FileName string `bson:"fileName,omitempty"`
	SHA256   string `bson:"sha256,omitempty"`  // hex; empty when not told
	Foreign  bool   `bson:"foreign,omitempty"` // URL is a caller's, to be fetched as any mediaUri
}

// Quote is the earlier message that a message answers.
type Quote struct {
	ID     ids.ProviderMessage `bson:"id" json:"id"`
	Text   string              `bson:"text,omitempty" json:"message,omitempty"` // as the sender quotes it; may be empty
	Author Address             `bson:"author,omitempty" json:"-"`               // who wrote it; zero: unknown, or Mine
	Mine   bool                `bson:"mine,omitempty" json:"-"`                 // the channel's own number wrote it
}

// RawJSON is foreign JSON kept as it came: a string in the store, itself on
// the wire. Empty means absent.
type RawJSON []byte

// IsZero tells whether there is none.
func (r RawJSON) IsZero() bool { return len(r) == 0 }

// MarshalJSON writes the JSON as it came, null when there is none.
func (r RawJSON) MarshalJSON() ([]byte, error) {
	if len(r) == 0 {
		return []byte("null"), nil
	}
	return r, nil
}

// UnmarshalJSON keeps the JSON as it comes; null means absent.
func (r *RawJSON) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*r = nil
		return nil
	}
	*r = append((*r)[:0], text...)
	return nil
}

// MarshalBSONValue writes a string.
func (r RawJSON) MarshalBSONValue() (typ byte, raw []byte, err error) {
	return byte(bson.TypeString), bsoncore.AppendString(nil, string(r)), nil
}

// UnmarshalBSONValue reads a string.
func (r *RawJSON) UnmarshalBSONValue(typ byte, raw []byte) error {
	text, _, ok := bsoncore.ReadString(raw)
	if bson.Type(typ) != bson.TypeString || !ok {
		return fmt.Errorf("raw JSON is stored as a string, not as BSON type %s", bson.Type(typ))
	}
	*r = RawJSON(text)
	return nil
}

// Bool gives a pointer to a flag that is printed also when false.
func Bool(b bool) *bool { return &b }

// Float gives a pointer to a number that is printed also when 0.
func Float(f float64) *float64 { return &f }

// lastMilli is the end of the year 9999, in Unix milliseconds.
const lastMilli = 253_402_300_799_999

// UnixTime is a provider's time in seconds; from 1e11 on it is milliseconds.
// Zero stays the zero time, and what is before 1970 or after the year 9999 is it.
func UnixTime(n int64) time.Time {
	switch {
	case n <= 0 || n > lastMilli:
		return time.Time{}
	case n >= 1e11:
		return time.UnixMilli(n).UTC()
	default:
		return time.Unix(n, 0).UTC()
	}
}
