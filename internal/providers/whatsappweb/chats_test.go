package whatsappweb

import (
	"context"
	"sync"
	"testing"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// stuckSink is stuck with the first that it hears of what was sent, for as long as
// it is let.
type stuckSink struct {
	*sink
	once  sync.Once
	stuck chan struct{} // closed once it is
}

// Accept implements providers.Sink.
func (s *stuckSink) Accept(ctx context.Context, in ...providers.Inbound) error {
	first := false
	if _, sent := in[0].Payload.(providers.SentHere); sent {
		s.once.Do(func() { first = true })
	}
	if !first {
		return s.sink.Accept(ctx, in...)
	}
	close(s.stuck)
	<-ctx.Done()
	return ctx.Err()
}

// What went out before a connection ended is told behind its end, where the device
// goes on elsewhere; of one that is unlinked nothing is.
func TestWhatWasSentLastIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(l *link, letGo func())
		told int
	}{
		"closed": {func(l *link, _ func()) { l.w.must(l.Close(l.w.Context())) }, 1},
		"let go": {func(_ *link, letGo func()) { letGo() }, 1},
		"unlinked": {func(l *link, _ func()) {
			l.mu.Lock()
			l.own = types.EmptyJID // as conclude has it
			l.mu.Unlock()
			l.w.must(l.Close(l.w.Context()))
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(o *Options) { o.History = 10 })
			first, friend := w.pair(w.person()), w.person()
			w.must(first.Close(t.Context()))
			under, letGo := context.WithCancel(t.Context())
			defer letGo()
			s := &stuckSink{sink: newSink(), stuck: make(chan struct{})}
			l := &link{w: w, sink: s.sink, lease: &lease{fence: 2}, owner: first.owner}
			l.channel = l.lease.channel(first.channel.ID, l.owner.Phone)
			l.Conn = one(w.adapter.Open(under, l.channel, s))(w).(*Conn)
			t.Cleanup(l.close)
			l.waitOpen()
			id := l.send(l.text(phoneOf(friend), "a última")).ID
			<-s.stuck
			queued := ids.ProviderMessage("3EB0QUEUED")
			l.sent.put(providers.SentHere{Message: providers.MessageReceived{ID: queued}})
			c.end(l, letGo)
			l.ended()
			for _, id := range []ids.ProviderMessage{id, queued} {
				if n := count(s.sink, func(sent providers.SentHere) bool { return sent.Message.ID == id }); n != c.told {
					t.Errorf("the sink was told of %s %d times, want %d", id, n, c.told)
				}
			}
		})
	}
}
