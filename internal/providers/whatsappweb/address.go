package whatsappweb

import (
	"strings"

	"github.com/cirrus/omnichannel/internal/providers"
)

// maxAddress is longer than any user part that WhatsApp gives out.
const maxAddress = 64

// servers are the parts behind the @ of an address, and what each means.
var servers = map[string]providers.AddressKind{
	"c.us":           providers.KindPhone,
	"s.whatsapp.net": providers.KindPhone,
	"lid":            providers.KindLID,
	"g.us":           providers.KindGroup,
}

// ParseAddress reads an address in any of its writings: digits, digits with
// `web` before them, `…@c.us`, `…@s.whatsapp.net`, `…@lid`, `…@g.us` or
// `…-group`. The suffix decides what it is. A device behind the user is left
// out. Unreadable is zero.
func ParseAddress(text string) providers.Address {
	text = strings.TrimSpace(text)
	kind := providers.KindPhone
	user, server, addressed := strings.Cut(text, "@")
	switch {
	case addressed:
		var known bool
		if kind, known = servers[strings.ToLower(server)]; !known {
			return providers.Address{}
		}
	case strings.HasSuffix(user, providers.GroupSuffix):
		kind = providers.KindGroup
	}
	// Both suffixes at once have been seen.
	user = strings.TrimSuffix(user, providers.GroupSuffix)
	if kind != providers.KindGroup {
		user, _, _ = strings.Cut(user, ":")
		user = strings.TrimPrefix(strings.TrimPrefix(user, "web"), "+")
	}
	if !readable(user, kind == providers.KindGroup) {
		return providers.Address{}
	}
	return providers.Address{Kind: kind, Value: user}
}

// readable tells whether a user part is digits, in a group's also with the
// hyphen of its old form.
func readable(user string, hyphen bool) bool {
	if user == "" || len(user) > maxAddress || user[0] == '-' {
		return false
	}
	for _, c := range []byte(user) {
		if (c < '0' || c > '9') && !(hyphen && c == '-') {
			return false
		}
	}
	return true
}
