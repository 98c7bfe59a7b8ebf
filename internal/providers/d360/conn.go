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
	advice string // what the operator must do; empty while all is well
	closed bool
	calls  int
	idle   chan struct{} // closed when the last call ended after Close
}

func newConn(a *Adapter, ch providers.Channel) *Conn {
	c := &Conn{
		adapter: a,
		channel: ch,
		pacer:   newPacer(a.pace, a.now),
		uploads: newUploads(a.now),
		lookups: newErrorBudget(a.now),
		idle:    make(chan struct{}),
	}
	c.templates = newTemplateCache(c.Templates, a.now)
	if ch.APIKey == "" {
		c.advice = "The channel has no API key. " + adviceToken
	}
	return c
}

// State is open until Close, also while the provider refuses: its own answer to
// a send says more than a closed channel would. Detail has what the operator
// must do; the next call that succeeds clears it.
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

// note keeps what a call says about the channel's condition.
func (c *Conn) note(err *providers.SendError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.advice = ""
	case err.TellOperator:
		c.advice = err.Detail
	}
}
