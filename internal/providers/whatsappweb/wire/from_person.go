package wire

import (
	"slices"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
)

// parties says who the message is with: its author, or for what was typed on
// the phone the contact or group that it was written to. A party without an
// address is one that we cannot keep.
func (r reading) parties() (providers.Party, *providers.Group) {
	var group *providers.Group
	chat := AddressOf(r.info.Chat)
	if chat.Kind == providers.KindGroup {
		group = &providers.Group{Address: chat}
	}
	switch {
	case !r.info.IsFromMe:
		return providers.Party{Addresses: addresses(r.info.Sender, r.info.SenderAlt), Name: nameOf(r.info), As: AddressOf(r.info.Sender)}, group
	case group != nil:
		return providers.Party{Addresses: []providers.Address{chat}}, group
	}
	to := addresses(r.info.Chat, r.info.RecipientAlt)
	self := slices.Concat(r.own, addresses(r.info.Sender, r.info.SenderAlt))
	if slices.ContainsFunc(to, func(a providers.Address) bool { return has(self, a) }) {
		return providers.Party{}, nil // a note to oneself
	}
	return providers.Party{Addresses: to}, nil
}

func (r reading) isOwn(a providers.Address) bool { return has(r.own, a) }

// addresses reads the names of one person, the phone first, then the LID,
// without repeats.
func addresses(jids ...types.JID) []providers.Address {
	var found []providers.Address
	for _, kind := range []providers.AddressKind{providers.KindPhone, providers.KindLID} {
		for _, jid := range jids {
			if a := AddressOf(jid); a.Kind == kind && !has(found, a) {
				found = append(found, a)
			}
		}
	}
	return found
}

func has(list []providers.Address, a providers.Address) bool {
	return slices.ContainsFunc(list, func(known providers.Address) bool { return known.Key() == a.Key() })
}

// addressIn reads a JID in a message's text; unreadable is zero.
func addressIn(text string) providers.Address {
	jid, err := types.ParseJID(text)
	if err != nil {
		return providers.Address{}
	}
	return AddressOf(jid)
}

// nameOf is the name the sender chose; a business that shows none is called
// as WhatsApp verified it.
func nameOf(info types.MessageInfo) string {
	// Phones without a name send a hyphen.
	if info.PushName != "" && info.PushName != "-" {
		return clean(info.PushName)
	}
	if info.VerifiedName != nil {
		return clean(info.VerifiedName.Details.GetVerifiedName())
	}
	return ""
}
