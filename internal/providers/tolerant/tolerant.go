// Package tolerant reads foreign JSON as it comes, not as it was promised: ids
// that are numbers, numbers that are texts, lists with a broken element. Every
// adapter's inbound wire types are made of it, so that what one field costs is
// decided by its type. Nothing here panics, whatever the bytes.
package tolerant

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Options accept what JSON from the outside has been seen to hold: a name
// twice, bytes that are no UTF-8.
var Options = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

var (
	errNoScalar = errors.New("an object or a list stands where a text should")
	errNoNumber = errors.New("no number stands where one should")
	errNoList   = errors.New("no list stands where one should")
	errTooMany  = errors.New("the list has more elements than anybody sends")
)

// maxItems bounds a list: a body of many tiny elements would otherwise take a
// hundred times its size in memory.
const maxItems = 50_000

// Scalar is a text that may come as a number or a flag; null is empty. An
// object or a list is an error.
type Scalar string

// UnmarshalJSONFrom reads any JSON scalar.
func (s *Scalar) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	switch token.Kind() {
	case 'n':
		*s = ""
	case '"':
		*s = Scalar(token.String())
	case '0':
		*s = Scalar(plainNumber(token.String()))
	case 't', 'f':
		*s = Scalar(token.String())
	default:
		return errNoScalar
	}
	return nil
}

// plainNumber writes 1.65e9 and 1650000000.0 as an id or a time has it.
func plainNumber(text string) string {
	if !strings.ContainsAny(text, ".eE") {
		return text
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) >= 1e18 {
		return text
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// Label is a scalar that nothing depends on: whatever is no scalar is empty.
type Label string

// UnmarshalJSONFrom reads any JSON value and keeps scalars.
func (l *Label) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if kind := dec.PeekKind(); kind == '{' || kind == '[' {
		*l = ""
		return dec.SkipValue()
	}
	return (*Scalar)(l).UnmarshalJSONFrom(dec)
}

// Number is a number that may come as a text. Absent and null leave it unset.
type Number struct {
	Value float64
	Set   bool
}

// UnmarshalJSONFrom reads a number, also from a text.
func (n *Number) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var text Scalar
	if err := text.UnmarshalJSONFrom(dec); err != nil {
		return err
	}
	if text == "" {
		return nil
	}
	value, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return errNoNumber
	}
	*n = Number{Value: value, Set: true}
	return nil
}

// Flag is a boolean that may come as a text or a number; anything else is false.
type Flag bool

// UnmarshalJSONFrom reads any JSON value; true, "true", 1 and "1" are true.
func (f *Flag) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var text Label
	if err := text.UnmarshalJSONFrom(dec); err != nil {
		return err
	}
	*f = text == "true" || text == "1"
	return nil
}

// Loose is an object that nothing depends on: of another shape it is zero.
type Loose[T any] struct{ Value T }

// UnmarshalJSONFrom reads any JSON value and keeps what fits.
func (l *Loose[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	var value T
	if json.Unmarshal(raw, &value, Options) == nil {
		l.Value = value
	}
	return nil
}

// List is a JSON array whose elements are read one by one, so that a bad one
// costs its neighbours nothing. Null is as absent.
type List[T any] struct {
	Present bool // as a list, even an empty one
	Items   []Element[T]
}

// Element is one of a list: its value, or why it could not be read.
type Element[T any] struct {
	Value T
	Raw   jsontext.Value
	Err   error
}

// UnmarshalJSONFrom reads an array or null.
func (l *List[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case 'n':
		return dec.SkipValue()
	case '[':
	default:
		return errNoList
	}
	l.Present = true
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != ']' {
		if len(l.Items) == maxItems {
			return errTooMany
		}
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		item := Element[T]{Raw: raw.Clone()}
		item.Err = json.Unmarshal(item.Raw, &item.Value, Options)
		l.Items = append(l.Items, item)
	}
	_, err := dec.ReadToken()
	return err
}

// Time reads a provider's time: seconds or milliseconds, as text or number, or
// RFC 3339. Unreadable, or of a year that has more than four digits, is the zero
// time.
func (l Label) Time() time.Time {
	text := strings.TrimSpace(string(l))
	n, err := strconv.ParseInt(plainNumber(text), 10, 64)
	if err == nil && n >= 0 && n <= lastMilli {
		return unix(n)
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil && t.UnixMilli() <= lastMilli {
		return t.UTC()
	}
	return time.Time{}
}

// lastMilli is the end of the year 9999 in Unix milliseconds: what comes later
// no RFC 3339 can say.
const lastMilli = 253_402_300_799_999

// unix reads seconds, from 1e11 on milliseconds; 0 is the zero time.
func unix(n int64) time.Time {
	switch {
	case n == 0:
		return time.Time{}
	case n >= 1e11:
		return time.UnixMilli(n).UTC()
	default:
		return time.Unix(n, 0).UTC()
	}
}

// First gives the first label that says something.
func First(labels ...Label) Label {
	for _, l := range labels {
		if l != "" {
			return l
		}
	}
	return ""
}

// Keep makes foreign JSON storable: its own bytes, valid as UTF-8. Null and
// nothing are absent.
func Keep(raw jsontext.Value) []byte {
	if len(raw) == 0 || raw.Kind() == 'n' {
		return nil
	}
	return []byte(strings.ToValidUTF8(string(raw), "\uFFFD"))
}

// Unmarshal reads JSON with Options.
func Unmarshal(text []byte, into any) error { return json.Unmarshal(text, into, Options) }
