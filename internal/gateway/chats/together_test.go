package chats

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// busyHouse holds up the first question until it may go on, and counts them all:
// there is one for whatever is written at once.
type busyHouse struct {
	*house
	asked chan struct{}
	goOn  chan struct{}
	times atomic.Int64
}

func (h *busyHouse) Ignored(ctx context.Context, of map[ids.Channel][]string) (map[ids.Channel][]string, error) {
	if h.times.Add(1) == 1 {
		close(h.asked)
		<-h.goOn
	}
	return h.house.Ignored(ctx, of)
}

// What devices deliver while something is written is written at once, whichever
// channels it is of.
func TestWhatManyChannelsDeliverIsWrittenTogether(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	house := &busyHouse{house: b.house, asked: make(chan struct{}), goOn: make(chan struct{})}
	s := b.open(100)
	s.contacts = house
	others := map[chan *order]ids.Channel{} // one in each other lane
	for len(others) < lanes-1 {
		id := ids.New[ids.Channel]()
		if lane := s.lane(id); lane != s.lane(b.channel.ID) {
			others[lane] = id
		}
	}
	for _, id := range others {
		b.house.channels[id] = channels.Channel{ID: id, Provider: b.channel.Provider, Settings: b.channel.Settings}
	}
	goOn := sync.OnceFunc(func() { close(house.goOn) })
	defer goOn() // whatever comes: the room cannot close before
	ana := number("5521988887777")
	var kept []func() error
	take := func(id ids.Channel) {
		kept = append(kept, s.Take(t.Context(), providers.Inbound{Channel: id, ReceivedAt: b.at, Payload: b.says("oi", ana)}))
	}
	take(b.channel.ID)
	<-house.asked
	for _, id := range others {
		take(id)
	}
	for late := time.After(20 * time.Second); len(s.gathered) < len(others); runtime.Gosched() {
		select {
		case <-late:
			t.Fatalf("of %d lanes only %d handed over what they gathered", len(others), len(s.gathered))
		default:
		}
	}
	goOn()
	for _, one := range kept {
		b.must(one())
	}
	b.want("writes", house.times.Load(), int64(2))
	for _, id := range others {
		b.channel.ID = id
		b.want("messages of a channel", b.texts(ana), []string{"oi"})
	}
}
