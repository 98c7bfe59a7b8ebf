package whatsappweb

import (
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
)

// lastReport closes the reports: nothing comes behind it.
type lastReport struct{ providers.InboundPayload }

// reporter is what report keeps.
type reporter struct {
	*Conn
	queue []providers.InboundPayload
	told  providers.ConnectionChanged
	tries int
	bear  time.Time // until when a lost connection is not told; zero: none is lost
}

// report tells the sink of states and codes, in their order, from its own
// goroutine. A state that the next one overtakes is not told.
func (c *Conn) report() {
	for r := (reporter{Conn: c}); r.fill(); {
		if _, last := r.queue[0].(lastReport); last {
			return
		}
		if r.known() || r.mayReturn() {
			continue
		}
		if err := c.accept(c.reporting, r.queue[0]); err != nil {
			if r.over() {
				return
			}
			c.logger.Warn("the sink refused a report of the connection", "error", err)
			c.moreWithin(pause(c.options, r.tries))
			r.tries++
			continue
		}
		r.settle()
	}
}

// known drops a state that was told already.
func (r *reporter) known() bool {
	state, isState := r.queue[0].(providers.ConnectionChanged)
	if !isState || state != r.told {
		return false
	}
	r.settle()
	return true
}

// mayReturn waits whether a connection that was lost comes back; true: there is
// news.
func (r *reporter) mayReturn() bool {
	state, isState := r.queue[0].(providers.ConnectionChanged)
	if !isState || r.told.State.Status != open || state.State.Status != connecting || len(r.queue) > 1 {
		return false
	}
	if r.bear.IsZero() {
		r.bear = time.Now().Add(r.options.Debounce)
	}
	return r.moreWithin(time.Until(r.bear))
}

// settle takes the first of the queue for told.
func (r *reporter) settle() {
	if state, isState := r.queue[0].(providers.ConnectionChanged); isState {
		r.told, r.bear = state, time.Time{}
	}
	r.queue, r.tries = r.queue[1:], 0
}

// over tells whether no report comes after these: what is refused at the end is
// not tried again, the ending says it too.
func (r *reporter) over() bool {
	_, last := r.queue[len(r.queue)-1].(lastReport)
	return last || r.reporting.Err() != nil
}

// fill waits until there is something to tell; false: there never is again.
func (r *reporter) fill() bool {
	for {
		r.queue = overtaken(append(r.queue, r.reports.takeAll()...))
		if len(r.queue) > 0 {
			return true
		}
		select {
		case <-r.reports.rung():
		case <-r.reporting.Done():
			return false
		}
	}
}

// moreWithin waits for more reports, and tells whether some came in time. It
// leaves them where they are.
func (c *Conn) moreWithin(limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-c.reports.rung():
		c.reports.ring()
		return true
	case <-timer.C:
		return false
	case <-c.reporting.Done():
		return true
	}
}

// overtaken drops each state that another one follows.
func overtaken(queue []providers.InboundPayload) []providers.InboundPayload {
	kept := queue[:0:0]
	for i, p := range queue {
		if _, isState := p.(providers.ConnectionChanged); isState && stateIn(queue[i+1:]) {
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

func stateIn(queue []providers.InboundPayload) bool {
	for _, p := range queue {
		if _, isState := p.(providers.ConnectionChanged); isState {
			return true
		}
	}
	return false
}
