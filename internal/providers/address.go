package providers

import "github.com/cirrus/omnichannel/internal/phone"

// AddressKind says which of a person's names an address is.
type AddressKind string

// The kinds of address, in the fixed order in which a person's first one is
// chosen where one must be.
const (
	KindPhone AddressKind = "phone" // digits with country code, no plus
	KindLID   AddressKind = "lid"   // WhatsApp's linked id, user part only
	KindBSUID AddressKind = "bsuid" // Meta's business-scoped user id
	KindGroup AddressKind = "group" // the user part of a group's id
)

// Stable tells whether a kind names one person for good, so that two
// different ids of it are two people.
func (k AddressKind) Stable() bool { return k == KindLID || k == KindBSUID || k == KindGroup }

// Address is a person or group as the provider writes it. It is kept and used
// as it came; only Key folds it.
type Address struct {
	Kind  AddressKind `bson:"kind"`
	Value string      `bson:"value"`
}

// Key is the form under which equal addresses are equal: kind and value, a
// phone with its ninth digit where it has one.
func (a Address) Key() string {
	if a.Kind == KindPhone {
		return string(KindPhone) + ":" + phone.Key(a.Value)
	}
	return string(a.Kind) + ":" + a.Value
}

// IsZero tells whether the address is unset.
func (a Address) IsZero() bool { return a == Address{} }

// GroupSuffix marks a group on our wire: `5521977776666-group`.
const GroupSuffix = "-group"

// Print is the address on our wire: a phone's digits, a group's id with
// GroupSuffix, any other value as it is.
func (a Address) Print() string {
	if a.Kind == KindGroup {
		return a.Value + GroupSuffix
	}
	return a.Value
}

// PrintOwn is a channel's own number on our wire, as who a message is to or from:
// `web5521977776666`.
func PrintOwn(number string) string { return "web" + number }

// PrintFull is Print, but that an id which is no number says so: `…@lid`. The
// zero address is empty.
func (a Address) PrintFull() string {
	if a.Kind == KindLID {
		return a.Value + "@lid"
	}
	return a.Print()
}
