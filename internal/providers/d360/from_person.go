package d360

import (
	"strings"

	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
)

// maxAddress is longer than any phone, user id (a country, a dot and up to 128
// characters) or group id.
const maxAddress = 256

// address reads what the provider calls somebody. A text with anything but
// digits is a business-scoped user id, also where a phone should stand.
// Unreadable is zero.
func address(text label) providers.Address {
	value := strings.TrimSpace(string(text))
	if digits := strings.TrimPrefix(value, "+"); isDigits(digits) && len(digits) <= 20 {
		return providers.Address{Kind: providers.KindPhone, Value: digits}
	}
	if value == "" || len(value) > maxAddress {
		return providers.Address{}
	}
	for _, c := range []byte(value) {
		if c <= ' ' || c > '~' {
			return providers.Address{}
		}
	}
	return providers.Address{Kind: providers.KindBSUID, Value: value}
}

func isDigits(text string) bool {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return text != ""
}

// addresses reads several names of one person, leaving out the unreadable and
// the repeated ones.
func addresses(texts ...label) []providers.Address {
	var found []providers.Address
	for _, text := range texts {
		found = with(found, address(text))
	}
	return found
}

// with adds an address unless it is there already, in whatever writing.
func with(list []providers.Address, a providers.Address) []providers.Address {
	if a.IsZero() {
		return list
	}
	for _, known := range list {
		if known.Key() == a.Key() {
			return list
		}
	}
	return append(list, a)
}

// cards gives the people a value describes; unreadable cards are left out,
// since a message is complete without.
func cards(contacts list[contact]) []contact {
	people := make([]contact, 0, len(contacts.Items))
	for _, c := range contacts.Items {
		if c.Err == nil {
			people = append(people, c.Value)
		}
	}
	return people
}

// party joins a person's ids in a message with the card of the same person.
func party(people []contact, ids ...label) providers.Party {
	known := addresses(ids...)
	p := providers.Party{Addresses: known}
	for _, card := range people {
		if !card.names(known) && !(len(people) == 1 && card.WaID == "" && card.UserID == "") {
			continue
		}
		for _, a := range addresses(card.WaID, card.UserID) {
			p.Addresses = with(p.Addresses, a)
		}
		p.Name = string(card.Profile.Value.Name)
		p.Username = string(card.Profile.Value.Username)
		break
	}
	return p
}

// names tells whether the card is of the person with these addresses.
func (c contact) names(known []providers.Address) bool {
	for _, a := range known {
		if a.Kind == providers.KindPhone && phone.Same(a.Value, strings.TrimPrefix(string(c.WaID), "+")) {
			return true
		}
		if a.Value == string(c.UserID) || a.Value == string(c.WaID) {
			return true
		}
	}
	return false
}
