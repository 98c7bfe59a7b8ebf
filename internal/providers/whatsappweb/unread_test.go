package whatsappweb

import (
	"fmt"
	"testing"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

func TestWhatIsUnreadIsRemembered(t *testing.T) {
	t.Parallel()
	u := newUnread()
	ana, bia := providers.Address{Kind: providers.KindLID, Value: "1"}, providers.Address{Kind: providers.KindLID, Value: "2"}
	group := &providers.Group{Address: providers.Address{Kind: providers.KindGroup, Value: "3"}}
	says := func(from providers.Address, in *providers.Group, id string) {
		u.note([]providers.InboundPayload{
			providers.MessageReceived{ID: ids.ProviderMessage(id), From: providers.Party{Addresses: []providers.Address{from}}, Group: in},
			providers.MessageReceived{ID: "own", FromPhone: true, From: providers.Party{Addresses: []providers.Address{from}}},
			providers.MessageReceived{From: providers.Party{Addresses: []providers.Address{from}}}, providers.MessageReceived{ID: "nobody's"}, providers.StatusChanged{},
		})
	}
	has := func(what string, want int, names ...types.JID) {
		t.Helper()
		if got := u.of(names...); len(got) != want {
			t.Errorf("%s: %d are unread, want %d: %v", what, len(got), want, got)
		}
	}
	one, two, three := whatsmeowLID("1"), whatsmeowLID("2"), whatsmeowGroup("3")
	for range 2 { // it came again
		says(ana, nil, "a")
		says(bia, nil, "b")
		says(ana, group, "ga")
		says(bia, group, "gb")
	}
	has("a chat", 1, one)
	has("under both names", 1, one, types.EmptyJID)
	has("a group", 2, three)
	u.read(one, types.EmptyJID)
	has("a chat that was read", 0, one)
	has("another one", 1, two)
	has("the group", 2, three)
	u.forget([]types.JID{two})
	has("somebody who is forgotten", 0, two)
	has("what others wrote in the group", 1, three)
	u.forget([]types.JID{one})
	has("the group when all are", 0, three)
	for i := range unreadEach + 5 {
		says(ana, nil, fmt.Sprint(i))
	}
	has("more than are remembered", unreadEach, one)
	if first := u.of(one)[0].message; first != "5" {
		t.Errorf("the oldest is %s", first)
	}
}
