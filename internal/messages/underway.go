package messages

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// tickPatience is how long what a phone says of a message waits for the send to
// be written down: the device tells of the send's end before, and a commit is all
// that follows.
const tickPatience = 5 * time.Second

// underway are the messages that this server is sending, so that what becomes of
// one is told behind that it was sent: a phone may answer before the send has
// returned. It needs no other server, since a device's phones answer to the server
// that sent. Its zero value is ready.
type underway struct {
	mu   sync.Mutex
	sent map[sending]*departure
}

// sending names a message of a channel as the provider does.
type sending struct {
	channel ids.Channel
	id      ids.ProviderMessage
}

// departure is one message's being sent; the same may be sent twice at once.
type departure struct {
	over  chan struct{} // closed once nobody is sending it
	sends int
}

// begin notes that a message is being sent, until the returned function is
// called. One whose id the provider makes is not known before.
func (u *underway) begin(which sending) (end func()) {
	if which.id == "" {
		return func() {}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	one := u.sent[which]
	if one == nil {
		if u.sent == nil {
			u.sent = map[sending]*departure{}
		}
		one = &departure{over: make(chan struct{})}
		u.sent[which] = one
	}
	one.sends++
	return func() { u.end(which, one) }
}

func (u *underway) end(which sending, one *departure) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if one.sends--; one.sends > 0 {
		return
	}
	close(one.over)
	if u.sent[which] == one {
		delete(u.sent, which)
	}
}

// has tells whether a message is being sent.
func (u *underway) has(which sending) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.sent[which] != nil
}

// wait waits until nobody is sending a message any more, or until ctx ends; then
// nothing else waits for it either, and wait is false.
func (u *underway) wait(ctx context.Context, which sending) bool {
	u.mu.Lock()
	one := u.sent[which]
	u.mu.Unlock()
	if one == nil {
		return true
	}
	select {
	case <-one.over:
		return true
	case <-ctx.Done():
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.sent[which] == one {
		delete(u.sent, which)
	}
	return false
}

// afterSends lets what inbounds say of messages that are being sent come behind
// the word that they were sent.
func (s *Service) afterSends(ctx context.Context, in []providers.Inbound) {
	var early []sending
	for _, one := range in {
		if status, is := one.Payload.(providers.StatusChanged); is && s.underway.has(sending{one.Channel, status.ID}) {
			early = append(early, sending{one.Channel, status.ID})
		}
	}
	if len(early) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tickPatience)
	defer cancel()
	for _, which := range early {
		if !s.underway.wait(ctx, which) {
			slog.WarnContext(ctx, "a message's send takes longer than its answer", "channel_id", which.channel.String())
		}
	}
}
