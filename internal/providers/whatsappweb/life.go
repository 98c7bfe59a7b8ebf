package whatsappweb

import (
	"context"
	"errors"
	"time"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
)

// life is what the connection's own goroutine keeps between two signals.
type life struct {
	tries        int           // since the connection was last open for a while
	openedAt     time.Time     // zero while it is not open
	dialled      time.Time     // when the login began; zero: none is under way
	evicted      []time.Time   // when another connection took the place of ours
	deafness     time.Duration // after so long with nothing but pongs, it is made anew
	refusedAt    time.Time     // when the sink refused something last
	resetting    bool          // a reset for them is due
	codes        []string      // to be shown yet
	current      string        // the code that is shown
	currentUntil time.Time
	shown        int            // codes, over all offers
	codeUntil    time.Time      // when the code to be typed that was given last lapses
	codeWaits    bool           // it alone keeps the pairing: the QR codes are over
	synced       bool           // the groups, once
	named        bool           // the client knows the account's name
	present      bool           // the presence, on this connection
	wished       types.Presence // that somebody asked for; empty: nobody did
	ended        bool
	hangUp       context.CancelFunc // ends the context of the connection there is

	dial  *time.Timer
	code  *time.Timer
	reset *time.Timer
	watch *time.Ticker
}

// steady is how long a connection must have been open to count as good: the
// pauses begin anew then.
const steady = time.Minute

// live is the connection's own goroutine: it alone connects and disconnects.
func (c *Conn) live() {
	l := &c.life
	l.dial, l.code, l.reset = stoppedTimer(), stoppedTimer(), stoppedTimer()
	l.watch = time.NewTicker(min(c.options.Silence/9, 5*time.Second))
	l.hangUp = func() {}
	c.retry() // staggered, since a server opens many at once
	for !l.ended {
		select {
		case <-c.signals.rung():
			for _, s := range c.signals.takeAll() {
				c.step(s)
			}
		case <-l.dial.C:
			c.connect()
		case <-l.code.C:
			c.nextCode()
		case <-l.reset.C:
			c.ask()
		case <-l.watch.C:
			c.look()
		case <-c.ctx.Done():
			c.step(stopped(context.Cause(c.ctx)))
		}
	}
	c.end()
}

func stoppedTimer() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// step lets a signal take its effect, as the table says.
func (c *Conn) step(s signal) {
	switch {
	case c.life.ended:
		return
	case s.run != nil:
		s.run()
		return
	case s.trigger == dropped && c.client.IsConnected():
		return // told late: it is of an earlier connection
	}
	if cause := context.Cause(c.ctx); cause != nil {
		s = stopped(cause) // whatever else happens is but its consequence
	}
	s = c.weigh(s)
	now := decide(c.State().Status, s.trigger)
	if now.ends {
		c.conclude(s, now.to)
		return
	}
	c.account(s, now)
	if now.to != "" {
		c.setState(providers.State{Status: now.to, Detail: s.detail})
	}
	c.act(now.act, s)
}

const detailLetGo = "This server does not hold the device any more; whoever holds it next connects it again."

// stopped is what the end of the connection's context means.
func stopped(cause error) signal {
	switch {
	case errors.Is(cause, errClosed):
		return signal{trigger: closedByUs}
	case errors.Is(cause, errLetGo):
		return signal{trigger: fenced, detail: detailLetGo, again: againElsewhere}
	}
	return signal{trigger: fenced, detail: detailStopped(cause), again: againElsewhere}
}

// weigh replaces a trigger that came too often by what that means.
func (c *Conn) weigh(s signal) signal {
	if s.trigger != replaced {
		return s
	}
	l, now := &c.life, c.options.Now()
	l.evicted = append(l.evicted, now)
	for len(l.evicted) > 0 && now.Sub(l.evicted[0]) > evictionsIn {
		l.evicted = l.evicted[1:]
	}
	if len(l.evicted) >= mostEvictions {
		s.trigger, s.detail = contested, detailContested
	}
	return s
}

// So many times may another connection take the place of ours in so long.
const (
	mostEvictions = 5
	evictionsIn   = 10 * time.Minute
)

// account keeps the books of a step.
func (c *Conn) account(s signal, now step) {
	l := &c.life
	switch {
	case s.trigger == opened:
		l.openedAt, l.dialled = c.options.Now(), time.Time{}
		l.code.Stop()
	case now.to == connecting && !l.openedAt.IsZero():
		if c.options.Now().Sub(l.openedAt) >= steady {
			l.tries = 0
		}
		l.openedAt = time.Time{}
	}
}

func (c *Conn) act(what act, s signal) {
	l := &c.life
	switch what {
	case dialSoon:
		l.code.Stop()
		c.retry()
	case dialNow:
		l.dial.Reset(0)
	case dialLater:
		l.code.Stop()
		l.dial.Reset(loginGrace)
	case hangUp:
		c.hang(s.detail)
	case showCodes:
		l.codes, l.dialled = s.codes, time.Time{}
		l.codeUntil = time.Time{} // a code that was typed was of the connection before
		c.nextCode()
	case await:
		l.codes = nil
		l.code.Reset(s.limit)
	case nothing:
	}
}

// conclude ends the connection by a signal.
func (c *Conn) conclude(s signal, to providers.Status) {
	c.life.ended = true
	state := providers.State{Status: to, Detail: s.detail}
	c.mu.Lock()
	c.ending = providers.Ending{State: state, Again: s.again}
	c.elsewhere = s.trigger == fenced || s.trigger == closedByUs
	if to == providers.StatusLoggedOut || s.trigger == locked {
		c.own = types.EmptyJID
	}
	c.mu.Unlock()
	c.logger.Info("the WhatsApp connection ends", "status", string(to), "again", s.again)
	switch s.trigger {
	case fenced, closedByUs:
		// The state is the next owner's to tell.
		c.reportingCancel()
		c.mu.Lock()
		c.state = state
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
	default:
		c.setState(state)
	}
	if s.trigger == loggedOut || s.trigger == locked || s.trigger == unlinked {
		c.forget()
	}
}

// end takes everything down, in the order in which nothing is left running.
func (c *Conn) end() {
	l := &c.life
	for _, t := range []*time.Timer{l.dial, l.code, l.reset} {
		t.Stop()
	}
	l.watch.Stop()
	if c.ctx.Err() == nil && c.client.IsConnected() && c.ours() {
		c.disconnect()
	}
	// Whatever is still being done for the client ends now.
	c.cancel(errClosed)
	l.hangUp()
	c.quiet()
	c.disconnect()
	c.handlers.close()
	c.reports.put(lastReport{})
	ctx, cancel := context.WithTimeout(context.Background(), c.options.AcceptLimit)
	defer cancel()
	if err := c.holding.Close(ctx); err != nil {
		c.logger.Warn("closing a device failed", "error", err)
	}
}

// ours tells whether we end the connection, and not the other side, which is
// then closing it already.
func (c *Conn) ours() bool {
	switch c.Ending().State.Status {
	case providers.StatusClosed, providers.StatusFailed:
		return true
	default:
		return false
	}
}
