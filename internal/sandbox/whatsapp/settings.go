package whatsapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// Settings are the ways of the real service that differ from account to account
// or from year to year. The zero value is not meant to be used: start from
// DefaultSettings.
type Settings struct {
	Addressing AddressingSettings `json:"addressing"`
	History    HistorySettings    `json:"history"`
	Receipts   ReceiptSettings    `json:"receipts"`
}

// AddressingSettings say which addresses phones use: "lid", the hidden ones, or
// "pn", phone numbers, the way it was until 2025.
type AddressingSettings struct {
	// Chats is how phones address the people they write to.
	Chats string `json:"chats"`
	// Groups is how members are addressed in groups made from now on.
	Groups string `json:"groups"`
}

// HistorySettings govern what a phone tells a device that was just linked.
type HistorySettings struct {
	// Messages is how many of the newest ones of each chat; zero sends no messages,
	// but the chats.
	Messages int `json:"messages"`
	// Inline sends it inside of the message instead of through the media host.
	Inline bool `json:"inline"`
}

// ReceiptSettings govern what simulated phones answer to a message.
type ReceiptSettings struct {
	// Delivered sends the receipt of the second tick.
	Delivered bool `json:"delivered"`
}

// DefaultSettings are those of the real service in 2026, as far as it is known.
func DefaultSettings() Settings {
	return Settings{
		Addressing: AddressingSettings{Chats: "lid", Groups: "lid"},
		History:    HistorySettings{Messages: 50},
		Receipts:   ReceiptSettings{Delivered: true},
	}
}

// Check says which setting has a value that does not exist.
func (s Settings) Check() error {
	for _, choice := range []struct{ name, value string }{
		{"addressing.chats", s.Addressing.Chats}, {"addressing.groups", s.Addressing.Groups},
	} {
		if !slices.Contains([]string{"lid", "pn"}, choice.value) {
			return fmt.Errorf("setting %s is %q: must be lid or pn", choice.name, choice.value)
		}
	}
	if n := s.History.Messages; n < 0 || n > 10_000 {
		return fmt.Errorf("setting history.messages is %d: must be between 0 and 10000", n)
	}
	return nil
}

// merge reads patch over the settings; what it does not name stays.
func (s Settings) merge(patch []byte) (Settings, error) {
	dec := json.NewDecoder(bytes.NewReader(patch))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return Settings{}, errors.Join(control.ErrBadBody, err)
	}
	return s, s.Check()
}
