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
	alone bool // it answers for one channel at a time only
	asked chan struct{}
	goOn  chan struct{}
	times atomic.Int64
}

func (h *busyHouse) Ignored(ctx context.Context, of map[ids.Channel][]string) (map[ids.Channel][]string, error) {
	if h.times.Add(1) == 1 {
		close(h.asked)
		<-h.goOn
	}
	if h.alone && len(of) > 1 {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return h.house.Ignored(ctx, of)
}

// What devices deliver while something is written is written at once, whichever
// channels it is of.
func TestWhatManyChannelsDeliverIsWrittenTogether(t *testing.T) {
	t.Parallel()
	if times := writeTogether(t, false); times != 2 {
		t.Errorf("it took %d writes", times)
	}
}

// What cannot be written together is written for each lane, in a time of its own.
func TestALanesTroubleIsNoOthers(t *testing.T) {
	t.Parallel()
	if times := writeTogether(t, true); times != lanes+1 { // the first, all others, and each of those
		t.Errorf("it took %d writes", times)
	}
}

// writeTogether lets a channel of each lane deliver while the first one's delivery
// is written, and tells how many writes it took.
func writeTogether(t *testing.T, alone bool) int64 {
	t.Helper()
	b := newBench(t, 100)
	house := &busyHouse{house: b.house, alone: alone, asked: make(chan struct{}), goOn: make(chan struct{})}
	s := b.open(100)
	s.together = 200 * time.Millisecond
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
	for _, id := range others {
		b.channel.ID = id
		b.want("messages of a channel", b.texts(ana), []string{"oi"})
	}
	return house.times.Load()
}
