package web

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Time is a time on our wire: printed as RFC 3339 UTC with milliseconds; read
// as RFC 3339, or as Unix seconds in a number or string (from 1e11 on:
// milliseconds).
type Time struct{ time.Time }

const timeLayout = "2006-01-02T15:04:05.000Z"

// At makes a Time, nil for the zero time.
func At(t time.Time) *Time {
	if t.IsZero() {
		return nil
	}
	return &Time{t}
}

// Seconds is a time in Unix seconds, as the gateway's bodies print it; nil for
// the zero time.
func Seconds(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	seconds := t.Unix()
	return &seconds
}

// MarshalJSON prints milliseconds and Z, null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(t.UTC().Format(`"` + timeLayout + `"`)), nil
}

// UnmarshalText reads any of the forms.
func (t *Time) UnmarshalText(text []byte) error {
	parsed, err := ParseTime(string(text))
	if err != nil {
		return err
	}
	t.Time = parsed
	return nil
}

// UnmarshalJSONFrom reads a string or a number.
func (t *Time) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	text := string(value)
	if value.Kind() == '"' {
		if text, err = strconv.Unquote(text); err != nil {
			return fmt.Errorf("is not a time: write RFC 3339 or Unix seconds")
		}
	} else if value.Kind() != '0' {
		return fmt.Errorf("is not a time: write RFC 3339 or Unix seconds")
	}
	return t.UnmarshalText([]byte(text))
}

// ParseTime reads RFC 3339, Unix seconds or Unix milliseconds.
func ParseTime(text string) (time.Time, error) {
	if parsed, err := time.Parse(time.RFC3339, text); err == nil {
		return parsed.UTC(), nil
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(seconds) || seconds < 0 || seconds > 1e14 {
		return time.Time{}, fmt.Errorf("%q is not a time: write RFC 3339 or Unix seconds", clip(text))
	}
	if seconds >= 1e11 {
		return time.UnixMilli(int64(seconds)).UTC(), nil
	}
	return time.UnixMilli(int64(seconds * 1000)).UTC(), nil
}
