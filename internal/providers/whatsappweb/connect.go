package whatsappweb

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"go.mau.fi/whatsmeow/store"
)

// loginGrace is how long what must happen next may take before we go on by
// ourselves: WhatsApp's word to log in after a pairing, the client's word that a
// connection is gone.
const loginGrace = 10 * time.Second

// retry connects after a pause that grows with the tries, half of it by chance.
func (c *Conn) retry() {
	c.life.dial.Reset(pause(c.options, c.life.tries))
	c.life.tries++
}

// pause is how long to wait before the n-th try, from 0.
func pause(o Options, n int) time.Duration {
	most := min(o.PauseMost, o.PauseFirst<<min(n, 20))
	return most/2 + rand.N(most/2+1)
}

// rest waits; false: the connection ended before.
func (c *Conn) rest(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.ctx.Done():
		return false
	}
}

// connect opens a connection; what comes of it comes as signals. One that did
// not is a signal too.
func (c *Conn) connect() {
	c.quiet()
	c.life.hangUp()
	if !c.still() {
		return
	}
	// The context lives as long as the connection, so that opening it needs a
	// limit of its own.
	ctx, cancel := context.WithCancel(c.ctx)
	c.life.hangUp = cancel
	limit := time.AfterFunc(c.options.DialLimit, cancel)
	err := c.client.ConnectContext(ctx)
	if err == nil {
		c.sockets.made.Add(1)
		c.trace.fresh()
	}
	switch {
	case err == nil && limit.Stop():
		c.life.dialled = c.options.Now()
	case errors.Is(err, store.ErrDeviceDeleted):
		c.step(signal{trigger: loggedOut, detail: detailLoggedOut})
	case c.ctx.Err() == nil:
		cancel()
		c.logger.Info("connecting to WhatsApp failed", "error", err, "tries", c.life.tries)
		c.step(signal{trigger: unreachable, detail: detailUnreachable})
	}
}

// still makes sure that the device is ours before it connects: two owners would
// throw each other out again and again, with nothing written that tells them so.
// Any write asks; this one changes nothing.
func (c *Conn) still() bool {
	if c.link().IsEmpty() {
		return true // it is asked when the pairing is saved
	}
	err := c.proof.DeleteSession(c.ctx, "nobody")
	switch {
	case c.ctx.Err() != nil:
		return false // it is not, and the connection ends
	case errors.Is(err, store.ErrDeviceDeleted):
		c.step(signal{trigger: loggedOut, detail: detailLoggedOut})
		return false
	case err != nil:
		c.logger.Warn("the device's store does not answer", "error", err)
		c.step(signal{trigger: unreachable, detail: detailNoStore})
		return false
	}
	return true
}

// hang drops the connection so that a new one is made; the client tells of it
// as of any that was lost.
func (c *Conn) hang(why string) {
	c.logger.Info("resetting the connection to WhatsApp", "why", why)
	c.life.dialled = time.Time{}
	c.life.code.Stop() // the codes were of this connection
	if !c.client.IsConnected() {
		// There is none to drop: nothing would be told.
		if c.State().Status == connecting {
			c.retry()
		}
		return
	}
	c.life.dial.Reset(loginGrace) // in case that it is not told
	c.client.ResetConnection()
}

// sockets counts the connections that the client has made, and those of which it
// has told that they are gone.
type sockets struct{ made, gone atomic.Int64 }

func (s *sockets) left() bool { return s.gone.Load() < s.made.Load() }

// disconnect closes the connection, if there is one; the client tells nothing of
// it.
func (c *Conn) disconnect() {
	c.client.Disconnect()
	c.sockets.gone.Store(c.sockets.made.Load())
}

// quiet makes sure that no connection is left. The client may be noticing at
// this moment that the other end closed it, in goroutines that nobody can wait
// for and that must not meet a second closing; so it gets a while to tell. Of
// endings that it expected it does not tell: then the while is all there is. One
// that stays is dropped as if it were lost, which may happen while the other end
// closes it, too; Disconnect may not.
func (c *Conn) quiet() {
	if c.falls() {
		return
	}
	c.client.ResetConnection()
	if !c.falls() {
		c.disconnect()
	}
}

// falls waits a while until no connection is left; false: one is.
func (c *Conn) falls() bool {
	const look, dead, most = 5 * time.Millisecond, 50, 100
	tick := time.NewTicker(look)
	defer tick.Stop()
	silent := 0
	for range most {
		switch connected := c.client.IsConnected(); {
		case connected:
			silent = 0
		case !c.sockets.left():
			return true
		default:
			silent++
		}
		if silent == dead {
			c.sockets.gone.Store(c.sockets.made.Load())
			return true
		}
		<-tick.C
	}
	return false
}
