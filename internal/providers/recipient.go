package providers

import (
	"fmt"
	"strings"

	"github.com/cirrus/omnichannel/internal/phone"
)

// ParseRecipient reads a recipient as our API writes it: a number with its
// country code, a WhatsApp id of a person (…@c.us, …@s.whatsapp.net, …@lid),
// or a group (…-group, …@g.us).
func ParseRecipient(text string) (Address, error) {
	text = strings.TrimSpace(text)
	user, server, isJID := strings.Cut(text, "@")
	switch {
	case isJID && server == "g.us":
		return group(user)
	case isJID && server == "lid":
		return digitsOnly(KindLID, user)
	case isJID && (server == "c.us" || server == "s.whatsapp.net"):
		text = user
	case isJID:
		return Address{}, fmt.Errorf("%w: %q is not a server of WhatsApp ids", phone.ErrInvalid, server)
	case strings.HasSuffix(text, GroupSuffix):
		return group(strings.TrimSuffix(text, GroupSuffix))
	}
	digits, err := phone.Parse(text)
	if err != nil {
		return Address{}, err
	}
	return Address{Kind: KindPhone, Value: digits}, nil
}

// group reads a group's user part: digits, in old groups the founder's number,
// a hyphen and a time.
func group(user string) (Address, error) {
	founder, made, old := strings.Cut(user, "-")
	if old {
		if _, err := digitsOnly(KindGroup, made); err != nil {
			return Address{}, err
		}
	}
	if _, err := digitsOnly(KindGroup, founder); err != nil {
		return Address{}, err
	}
	return Address{Kind: KindGroup, Value: user}, nil
}

func digitsOnly(kind AddressKind, text string) (Address, error) {
	if text == "" || len(text) > 32 || strings.Trim(text, "0123456789") != "" {
		return Address{}, fmt.Errorf("%w: %q is not the digits of a %s id", phone.ErrInvalid, text, kind)
	}
	return Address{Kind: kind, Value: text}, nil
}

// LooksLikeBSUID tells a business-scoped user id: a country's two letters, a
// dot, and letters and digits (with ENT. before them for a parent).
func LooksLikeBSUID(text string) bool {
	country, rest, ok := strings.Cut(text, ".")
	if !ok || len(country) != 2 || rest == "" || len(rest) > 132 {
		return false
	}
	for _, r := range country {
		if r < 'A' || r > 'Z' {
			return false
		}
	}
	for _, r := range rest {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '.' {
			return false
		}
	}
	return true
}
