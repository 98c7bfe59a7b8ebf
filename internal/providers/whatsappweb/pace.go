package whatsappweb

import (
	"time"

	"golang.org/x/time/rate"

	"github.com/cirrus/omnichannel/internal/providers"
)

// newPace limits how fast a number sends; no limit where none is set. A ninth of
// a second's messages may go at once.
func newPace(perSecond int) *rate.Limiter {
	if perSecond <= 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(perSecond), max(1, perSecond/9))
}

// awayPause is how soon to ask again while the connection is being made.
const awayPause = 100 * time.Millisecond

// Reserve gives 0 and takes a place when a send may go now; else it takes none
// and gives how long to wait. WhatsApp tells no limit, but blocks numbers that
// send as no person would: the limit is the channel's own. While the connection is
// being made nothing goes: a message that waits here nobody has begun to send.
func (c *Conn) Reserve(providers.Address) time.Duration {
	if c.State().Status == connecting {
		return awayPause
	}
	now := c.options.Now()
	place := c.pace.ReserveN(now, 1)
	wait := place.DelayFrom(now)
	if wait > 0 {
		place.CancelAt(now)
	}
	return wait
}
