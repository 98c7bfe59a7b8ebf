package accounts

import (
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/web"
)

// The collections of this room.
const (
	Collection     = "accounts"
	KeysCollection = "api_keys"
	TagsCollection = "tags"
)

// Account is a tenant: whatever hangs on it nobody else sees.
type Account struct {
	ID        ids.Account `bson:"_id"`
	Name      string      `bson:"name"`
	CreatedAt time.Time   `bson:"createdAt"`
}

// Key is an API key: one account's, or an admin's.
type Key struct {
	ID        ids.APIKey  `bson:"_id"`
	Account   ids.Account `bson:"accountId"` // empty: an admin key
	Admin     bool        `bson:"admin"`
	Name      string      `bson:"name"`
	Hash      []byte      `bson:"hash"` // SHA-256
	CreatedAt time.Time   `bson:"createdAt"`
}

// Tag is a label that an account puts on contacts.
type Tag struct {
	ID        ids.Tag     `bson:"_id"`
	Account   ids.Account `bson:"accountId"`
	Name      string      `bson:"name"`
	Color     string      `bson:"color,omitempty"`
	CreatedAt time.Time   `bson:"createdAt"`
}

// AccountView is an account on the wire.
type AccountView struct {
	ID        ids.Account `json:"clientIdentifier"`
	Name      string      `json:"name"`
	CreatedAt *web.Time   `json:"createdAt"`
}

// KeyView is a key on the wire; Key stands in the answer that made it only.
type KeyView struct {
	ID        ids.APIKey `json:"_id"`
	Name      string     `json:"name"`
	CreatedAt *web.Time  `json:"createdAt"`
	Key       string     `json:"key,omitempty"`
}

// TagView is a tag on the wire.
type TagView struct {
	ID        ids.Tag   `json:"_id"`
	Name      string    `json:"name"`
	Color     string    `json:"color,omitempty"`
	CreatedAt *web.Time `json:"createdAt"`
}

func (a Account) view() AccountView {
	return AccountView{ID: a.ID, Name: a.Name, CreatedAt: web.At(a.CreatedAt)}
}

func (k Key) view() KeyView {
	return KeyView{ID: k.ID, Name: k.Name, CreatedAt: web.At(k.CreatedAt)}
}

func (t Tag) view() TagView {
	return TagView{ID: t.ID, Name: t.Name, Color: t.Color, CreatedAt: web.At(t.CreatedAt)}
}
