package d360

import (
	"context"
	"sync"

	"github.com/cirrus/omnichannel/internal/providers"
)

// Conn is one number at 360dialog. There is no connection behind it: every
// call is a request of its own.
type Conn struct {
	adapter   *Adapter
	channel   providers.Channel
	pacer     *pacer
	uploads   *uploads
	lookups   *errorBudget
	templates *templateCache

	mu     sync.Mutex
	advice string           // what the operator must do; empty while all is well
	about  providers.Reason // what the advice is about
	closed bool
	calls  int
	idle   chan struct{} // closed when the last call ended after Close
}

func newConn(a *Adapter, ch providers.Channel) *Conn {
	pace := a.pace
	if ch.PerSecond > 0 {
		pace.PerSecond = float64(ch.PerSecond)
		pace.Burst = max(1, ch.PerSecond/9) // as 8 to 72
	}
	c := &Conn{
		adapter: a,
		channel: ch,
		pacer:   newPacer(pace, a.now),
		uploads: newUploads(a.now),
		lookups: newErrorBudget(a.now),
		idle:    make(chan struct{}),
	}
	c.templates = newTemplateCache(c.askTemplates, a.now)
	if ch.APIKey == "" {
		c.advice, c.about = "The channel has no API key. "+adviceToken, providers.ReasonInvalidToken
	}
	return c
}

// State is open until Close, also while the provider refuses: its own answer to
// a send says more than a closed channel would. Detail has what the operator
// must do. A message that is taken clears it; where it is about the key, any
// call that succeeds.
func (c *Conn) State() providers.State {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return providers.State{Status: providers.StatusClosed}
	}
	return providers.State{Status: providers.StatusOpen, Detail: c.advice}
}

// Close refuses further calls and waits for those under way.
func (c *Conn) Close(ctx context.Context) error {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		if c.calls == 0 {
			close(c.idle)
		}
	}
	c.mu.Unlock()
	c.templates.stop()
	select {
	case <-c.idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// begin counts a call in; the function given back counts it out.
func (c *Conn) begin() (func(), error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, &providers.SendError{
			Reason: providers.ReasonConnectionClosed,
			Detail: "Channel " + c.channel.ID.String() + " was closed; try again in a moment.",
		}
	}
	c.calls++
	return c.end, nil
}

func (c *Conn) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls--
	if c.closed && c.calls == 0 {
		close(c.idle)
	}
}

// failed keeps what a refusal says about the channel's condition.
func (c *Conn) failed(err *providers.SendError) {
	if !err.TellOperator {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.advice, c.about = err.Detail, err.Reason
}

// worked forgets what a success disproves: any shows that the key is good, a
// message that was taken shows that all is well.
func (c *Conn) worked(sent bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if sent || c.about == providers.ReasonInvalidToken {
		c.advice, c.about = "", providers.ReasonUnknown
	}
}
