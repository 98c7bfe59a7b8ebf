// Package phone reads telephone numbers and says when two of them are the
// same person's. A number is kept as its provider wrote it; only Key folds it.
package phone

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// ErrInvalid is wrapped by every error about text that is no number.
var ErrInvalid = errors.New("not a phone number")

// Parse reads a number in international form, with or without plus and
// punctuation, and gives its digits. An error wraps ErrInvalid. A number that
// the numbering plan cannot hold (wrong length for its country) is invalid.
func Parse(text string) (string, error) {
	digits, err := strip(text)
	if err != nil {
		return "", err
	}
	number, err := phonenumbers.Parse("+"+digits, "ZZ")
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	// Local-only lengths are no international numbers. Numbers as providers
	// wrote them a digit ago (no ninth digit, 521, 549) must stay readable, so
	// the folded form may be the possible one.
	if !possible(number) && !foldedPossible(digits) {
		return "", fmt.Errorf("%w: %d digits do not fit the country's numbering plan", ErrInvalid, len(digits))
	}
	return digits, nil
}

// E164 writes digits with the plus that keeps providers from guessing a
// country.
func E164(digits string) string { return "+" + strings.TrimPrefix(digits, "+") }

// Key is the form under which two ways of writing one number are equal: a
// Brazilian mobile with its ninth digit, Mexican and Argentinian mobiles
// without the digit that only their old forms have. Any other text is itself.
func Key(digits string) string {
	switch {
	case len(digits) == 12 && strings.HasPrefix(digits, "55") && digits[4] >= '6' && digits[4] <= '9':
		return digits[:4] + "9" + digits[4:]
	case len(digits) == 13 && strings.HasPrefix(digits, "521"):
		return "52" + digits[3:]
	case len(digits) == 13 && strings.HasPrefix(digits, "549"):
		return "54" + digits[3:]
	default:
		return digits
	}
}

// Same tells whether two numbers are one.
func Same(a, b string) bool { return Key(a) == Key(b) }

// Forms lists the ways a number may be written, the given one first.
func Forms(digits string) []string {
	forms := []string{digits}
	add := func(form string) {
		if form != digits {
			forms = append(forms, form)
		}
	}
	key := Key(digits)
	add(key)
	switch {
	case len(key) == 13 && strings.HasPrefix(key, "55") && key[4] == '9' && key[5] >= '6' && key[5] <= '9':
		add(key[:4] + key[5:])
	case len(key) == 12 && strings.HasPrefix(key, "52"):
		add("521" + key[2:])
	case len(key) == 12 && strings.HasPrefix(key, "54"):
		add("549" + key[2:])
	}
	return forms
}

func possible(number *phonenumbers.PhoneNumber) bool {
	return phonenumbers.IsPossibleNumberWithReason(number) == phonenumbers.IS_POSSIBLE
}

func foldedPossible(digits string) bool {
	number, err := phonenumbers.Parse("+"+Key(digits), "ZZ")
	return err == nil && possible(number)
}

// strip takes punctuation out of a number and refuses anything else.
func strip(text string) (string, error) {
	if len(text) > 40 {
		return "", fmt.Errorf("%w: %d characters are too many", ErrInvalid, len(text))
	}
	var digits strings.Builder
	for i, r := range strings.TrimSpace(text) {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r == '+' && i == 0, strings.ContainsRune(" -.()", r):
		default:
			return "", fmt.Errorf("%w: %q does not belong in a number", ErrInvalid, r)
		}
	}
	if n := digits.Len(); n < 7 || n > 15 {
		return "", fmt.Errorf("%w: %d digits, a number with its country code has 7 to 15", ErrInvalid, n)
	}
	return digits.String(), nil
}
