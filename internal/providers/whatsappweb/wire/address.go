package wire

import (
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
)

// AddressOf reads a JID, whose device is left out: s.whatsapp.net and c.us
// are phones, lid is a linked id, g.us a group. Any other server, and a JID
// without a user, gives the zero Address.
func AddressOf(jid types.JID) providers.Address {
	var kind providers.AddressKind
	switch jid.Server {
	case types.DefaultUserServer, types.LegacyUserServer, types.HostedServer:
		kind = providers.KindPhone
	case types.HiddenUserServer, types.HostedLIDServer:
		kind = providers.KindLID
	case types.GroupServer:
		kind = providers.KindGroup
	}
	if kind == "" || jid.User == "" {
		return providers.Address{}
	}
	return providers.Address{Kind: kind, Value: jid.User}
}

// JIDOf is the reverse of AddressOf: a phone is written as …@s.whatsapp.net.
// The zero Address, and one of a kind that WhatsApp has no JID for, gives
// types.EmptyJID.
func JIDOf(a providers.Address) types.JID {
	if a.Value == "" {
		return types.EmptyJID
	}
	switch a.Kind {
	case providers.KindPhone:
		return types.NewJID(a.Value, types.DefaultUserServer)
	case providers.KindLID:
		return types.NewJID(a.Value, types.HiddenUserServer)
	case providers.KindGroup:
		return types.NewJID(a.Value, types.GroupServer)
	default:
		return types.EmptyJID
	}
}
