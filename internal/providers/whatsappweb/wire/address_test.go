package wire_test

import (
	"testing"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	for jid, want := range map[string]providers.Address{
		"5521988887777@s.whatsapp.net":    {Kind: providers.KindPhone, Value: "5521988887777"},
		"5521988887777:12@s.whatsapp.net": {Kind: providers.KindPhone, Value: "5521988887777"},
		"5521988887777@c.us":              {Kind: providers.KindPhone, Value: "5521988887777"},
		"5521988887777:99@hosted":         {Kind: providers.KindPhone, Value: "5521988887777"},
		"200000000000002:3@lid":           {Kind: providers.KindLID, Value: "200000000000002"},
		"200000000000002:99@hosted.lid":   {Kind: providers.KindLID, Value: "200000000000002"},
		"120363000000000001@g.us":         {Kind: providers.KindGroup, Value: "120363000000000001"},
		"5521988887777-1623000000@g.us":   {Kind: providers.KindGroup, Value: "5521988887777-1623000000"},
		"status@broadcast":                {},
		"120363000000000001@newsletter":   {},
		"867051314767696@bot":             {},
		"1@msgr":                          {},
		"s.whatsapp.net":                  {},
		"@lid":                            {},
		"":                                {},
	} {
		parsed, err := types.ParseJID(jid)
		if err != nil {
			t.Fatal(err)
		}
		if got := wire.AddressOf(parsed); got != want {
			t.Errorf("AddressOf(%q) = %v, want %v", jid, got, want)
		}
	}
	for address, want := range map[providers.Address]string{
		{Kind: providers.KindPhone, Value: "5521988887777"}:      "5521988887777@s.whatsapp.net",
		{Kind: providers.KindLID, Value: "200000000000002"}:      "200000000000002@lid",
		{Kind: providers.KindGroup, Value: "120363000000000001"}: "120363000000000001@g.us",
		{Kind: providers.KindBSUID, Value: "BR.1"}:               "",
		{Kind: providers.KindPhone}:                              "",
		{}:                                                       "",
	} {
		got := wire.JIDOf(address)
		if got.String() != want {
			t.Errorf("JIDOf(%v) = %q, want %q", address, got, want)
		}
		if want != "" && wire.AddressOf(got) != address {
			t.Errorf("%v does not come back", address)
		}
	}
}
