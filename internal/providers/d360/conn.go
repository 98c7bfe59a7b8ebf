package d360

import (
	"context"
	"sync"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Conn is one number at 360dialog. There is no connection behind it: every
// call is a request of its own.
type Conn struct {
	adapter *Adapter
	id      ids.Channel
	pacer   *pacer
	life    context.Context // of what nobody waits for; ends with Close
	stop    context.CancelFunc

	mu     sync.Mutex
	keyed  *keyed
	closed bool
	calls  int
	idle   chan struct{} // closed when the last call ended after Close
}

// keyed is what a number has at 360dialog under one key: with another it has
// none of it.
type keyed struct {
	key       string
	uploads   *uploads
	lookups   *errorBudget
	templates *templateCache

	// Conn.mu guards these.
	advice string           // what the operator must do; empty while all is well
	about  providers.Reason // what the advice is about
}

func newConn(a *Adapter, ch providers.Channel) *Conn {
	c := &Conn{adapter: a, id: ch.ID, pacer: newPacer(a.paceOf(ch), a.now), idle: make(chan struct{})}
	c.life, c.stop = context.WithCancel(context.Background())
	c.keyed = c.newKeyed(ch.APIKey)
	return c
}

func (c *Conn) newKeyed(key string) *keyed {
	k := &keyed{key: key, uploads: newUploads(c.adapter.now), lookups: newErrorBudget(c.adapter.now), templates: newTemplateCache(c.life, c.askTemplates, c.adapter.now)}
	if key == "" {
		k.advice, k.about = "The channel has no API key. "+adviceToken, providers.ReasonInvalidToken
	}
	return k
}

// paceOf is how fast a channel may send.
func (a *Adapter) paceOf(ch providers.Channel) Pace {
	pace := a.pace
	if ch.PerSecond > 0 {
		pace.PerSecond = float64(ch.PerSecond)
		pace.Burst = max(1, ch.PerSecond/9) // as 8 to 72
	}
	return pace
}

// Adjust follows a change of the channel. What was spent of its number's rates,
// and whom it must not write to for now, stands.
func (c *Conn) Adjust(ch providers.Channel) {
	c.pacer.adjust(c.adapter.paceOf(ch))
	c.mu.Lock()
	defer c.mu.Unlock()
	if ch.APIKey != c.keyed.key {
		c.keyed = c.newKeyed(ch.APIKey)
	}
}

// current is what the number has under its present key.
func (c *Conn) current() *keyed {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.keyed
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
	return providers.State{Status: providers.StatusOpen, Detail: c.keyed.advice}
}

// Close refuses further calls of the API and waits for those under way.
func (c *Conn) Close(ctx context.Context) error {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		if c.calls == 0 {
			close(c.idle)
		}
	}
	c.mu.Unlock()
	c.stop()
	select {
	case <-c.idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// begin counts a call in, and gives what it is made with; the function given
// back counts it out.
func (c *Conn) begin() (*keyed, func(), error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, nil, &providers.SendError{
			Reason: providers.ReasonConnectionClosed,
			Detail: "Channel " + c.id.String() + " was closed: it was deleted, or this server is stopping.",
		}
	}
	c.calls++
	return c.keyed, c.end, nil
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
func (c *Conn) failed(with *keyed, err *providers.SendError) {
	if !err.TellOperator {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	with.advice, with.about = err.Detail, err.Reason
}

// worked forgets what a success disproves: any shows that the key is good, a
// message that was taken shows that all is well.
func (c *Conn) worked(with *keyed, sent bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if sent || with.about == providers.ReasonInvalidToken {
		with.advice, with.about = "", providers.ReasonUnknown
	}
}
