package mongodb

import (
	"encoding/base64"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// ErrBadCursor marks a cursor that this service did not give out for this
// list: damaged, of another order, or from before an upgrade. The walk starts
// again without it.
var ErrBadCursor = errors.New("the cursor is not one of this list")

const (
	cursorVersion = 1
	// cursorMost bounds what is decoded, in characters: a long name as sort
	// key fits, nonsense costs nothing.
	cursorMost = 16 << 10
)

// position is where a list goes on: after the row with this key and id. It is
// no secret and proves nothing; who may see what is in the list's filter.
type position struct {
	Version int           `bson:"v"`
	Field   string        `bson:"f"`
	Desc    bool          `bson:"d"`
	Page    int           `bson:"p"` // the page that it begins
	Key     bson.RawValue `bson:"k"`
	ID      bson.RawValue `bson:"i"`
}

func (p position) encode() (string, error) {
	text, err := bson.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("make a cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(text), nil
}

// decodePosition reads a cursor of a list in this order. Every failure wraps
// ErrBadCursor.
func decodePosition(cursor, field string, desc bool) (position, error) {
	var p position
	if len(cursor) > cursorMost {
		return p, fmt.Errorf("%w: it is longer than any", ErrBadCursor)
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrBadCursor, err)
	}
	raw := bson.Raw(text)
	if err := raw.Validate(); err != nil {
		return p, fmt.Errorf("%w: %w", ErrBadCursor, err)
	}
	if err := bson.Unmarshal(raw, &p); err != nil {
		return p, fmt.Errorf("%w: %w", ErrBadCursor, err)
	}
	switch {
	case p.Version != cursorVersion:
		return p, fmt.Errorf("%w: it is of version %d", ErrBadCursor, p.Version)
	case p.Field != field || p.Desc != desc:
		return p, fmt.Errorf("%w: it belongs to a list in another order", ErrBadCursor)
	case p.Page < 2 || !plain(p.Key) || !plain(p.ID):
		return p, fmt.Errorf("%w: its position is none", ErrBadCursor)
	}
	return p, nil
}

// plain tells whether a value may stand in a position: only plain values
// do, so that nothing in a cursor can become an operator.
func plain(v bson.RawValue) bool {
	switch v.Type {
	case bson.TypeString, bson.TypeObjectID, bson.TypeDateTime, bson.TypeInt32,
		bson.TypeInt64, bson.TypeDouble, bson.TypeBoolean, bson.TypeBinary:
		return v.Validate() == nil
	default:
		return false
	}
}
