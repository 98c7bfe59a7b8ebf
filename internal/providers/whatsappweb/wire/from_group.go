package wire

import (
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
)

// ReadGroup turns a full description of a group into a GroupSynced. A
// participant is named by phone where it is known, else by LID; those whom
// WhatsApp refused to add, or shows without either, are left out. No
// participants at all means that they were not told.
func ReadGroup(g *types.GroupInfo) providers.GroupSynced {
	if g == nil {
		return providers.GroupSynced{}
	}
	group := providers.Group{Address: AddressOf(g.JID), Name: clean(g.Name)}
	known := make(map[string]bool, len(g.Participants))
	for _, p := range g.Participants {
		names := addresses(p.PhoneNumber, p.JID, p.LID)
		if p.Error == 0 && len(names) > 0 && !known[names[0].Key()] {
			known[names[0].Key()] = true
			group.Participants = append(group.Participants, names[0])
		}
	}
	return providers.GroupSynced{Group: group}
}
