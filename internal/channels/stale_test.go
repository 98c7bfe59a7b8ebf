package channels_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/providers"
)

// slow is a stateless provider whose answer about the old key is held up.
type slow struct {
	asked   chan struct{} // closed when the old key is asked about
	release chan struct{}
	once    *sync.Once
	hold    bool
}

func (s *slow) Name() providers.Name                 { return providers.D360 }
func (s *slow) Capabilities() providers.Capabilities { return providers.Capabilities{Text: true} }
func (s *slow) Receive([]byte, time.Time) (providers.Received, error) {
	return providers.Received{}, nil
}
func (s *slow) Open(_ context.Context, ch providers.Channel, _ providers.Sink) (providers.Conn, error) {
	return &slowConn{deviceConn: &deviceConn{channel: ch, status: providers.StatusOpen, closed: make(chan struct{})}, s: s}, nil
}

type slowConn struct {
	*deviceConn
	s *slow
}

func (c *slowConn) Health(ctx context.Context) (providers.Health, error) {
	if c.channel.APIKey == "new" || !c.s.hold {
		return providers.Health{NumberID: "id-" + c.channel.APIKey, CanSend: true}, nil
	}
	c.s.once.Do(func() { close(c.s.asked) })
	select {
	case <-c.s.release:
	case <-ctx.Done():
	}
	return providers.Health{NumberID: "id-old", Detail: "The old key is revoked."}, nil
}

func TestAnAnswerAboutAnOldKeyIsDropped(t *testing.T) {
	t.Parallel()
	s := &slow{asked: make(chan struct{}), release: make(chan struct{}), once: &sync.Once{}}
	w := newWorld(t, alone, func(w *world) { w.adapters = []providers.Adapter{s} })
	a := w.want(w.call("POST", "", `{"provider":"d360","identifier":"`+number+`","credentials":{"apiKey":"old"}}`), 201)
	s.hold = true
	w.clock.move(channels.CheckEvery)
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.watch()
	}()
	<-s.asked
	w.want(w.call("PATCH", "/"+w.id(a).String(), `{"credentials":{"apiKey":"new"}}`), 200)
	close(s.release)
	<-done
	if ch := w.channel(a); ch.State.Status != "open" || ch.State.Detail != "" || ch.NumberID != "id-new" {
		t.Errorf("the old key's answer was taken: %+v", ch)
	}
}
