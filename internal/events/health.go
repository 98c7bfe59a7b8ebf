package events

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/platforms"
)

// health is whether an endpoint takes events.
type health struct {
	down     bool
	refusing bool // it is down because it refuses everything
	since    time.Time
	failures int // in a row, the first included
	probeAt  time.Time

	known bool // the config's state was looked at once
	told  bool // the config's state says that it is down

	refused map[ids.Event]struct{} // since it last took one
}

// settle draws the conclusions of a call.
func (e *endpoint) settle(ctx context.Context, r result) {
	it := r.item
	if r.cut { // as if never made
		e.window.again(it, it.NextAt)
		return
	}
	switch r.outcome {
	case taken:
		e.up(ctx)
		e.mark(it, r.attempt, mark{status: Delivered})
	case silent:
		e.fell(ctx, it, r, false)
	case refused:
		e.wasRefused(ctx, it, r)
	case gone:
		e.mark(it, r.attempt, mark{status: Failed, reason: disabledReason})
		e.looked = time.Time{} // the next look parks the rest
		if err := e.room.platforms.Disable(ctx, e.account, e.id, "The URL answered 410: there is nobody any more. Set the URL again to go on, then replay what has failed."); err != nil {
			slog.WarnContext(ctx, "a platform config was not disabled", "platform_config_id", e.id.String(), "error", err)
		}
	}
}

// fell notes that the endpoint took nothing; the event waits for the next
// probe.
func (e *endpoint) fell(ctx context.Context, it *item, r result, refusing bool) {
	e.mark(it, r.attempt, mark{status: Pending})
	h, now := &e.health, e.room.now()
	switch {
	case !h.down:
		h.down, h.since, h.failures = true, now, 1
		e.stale = time.Now() // nobody knows how long it takes
		e.room.metrics.down.Inc()
	case now.Before(h.probeAt):
		return // it was under way when another one failed
	default:
		h.failures++
	}
	if !h.told {
		e.report(ctx, r.attempt, refusing)
	}
	h.refusing = refusing
	h.probeAt = now.Add(probePause(now.Sub(h.since), h.failures, r.asked))
}

// wasRefused counts a refusal: against the event, unless the endpoint refuses
// everything.
func (e *endpoint) wasRefused(ctx context.Context, it *item, r result) {
	h := &e.health
	if h.refused == nil {
		h.refused = map[ids.Event]struct{}{}
	}
	h.refused[it.Event] = struct{}{}
	if len(h.refused) >= refusedInRow {
		e.fell(ctx, it, r, true)
		return
	}
	if h.down { // it answers again
		e.rise(ctx)
	}
	pause, more := refusalPause(it.Refusals + 1)
	if !more {
		e.mark(it, r.attempt, mark{status: Failed, reason: fmt.Sprintf("The URL refused the event %d times; the last time: %s", it.Refusals+1, r.attempt.Error), refused: true})
		return
	}
	e.mark(it, r.attempt, mark{status: Pending, refused: true, nextAt: e.room.now().Add(pause)})
}

// up notes that the endpoint took an event.
func (e *endpoint) up(ctx context.Context) {
	e.health.refused = nil
	if e.health.down {
		e.rise(ctx)
	}
}

func (e *endpoint) rise(ctx context.Context) {
	slog.InfoContext(ctx, "a platform's URL takes events again", "account_id", string(e.account), "platform_config_id", e.id.String())
	e.room.metrics.down.Dec()
	e.health = health{known: true, refused: e.health.refused}
	e.recover(ctx)
}

func (e *endpoint) recover(ctx context.Context) {
	e.looked = time.Time{}
	if err := e.room.platforms.Recover(ctx, e.account, e.id); err != nil {
		slog.WarnContext(ctx, "the state of a platform config was not written down", "platform_config_id", e.id.String(), "error", err)
	}
}

// report shows that the endpoint is down to those who can see to it.
func (e *endpoint) report(ctx context.Context, a Attempt, refusing bool) {
	detail := a.Error + " Events wait for three days, and are delivered as soon as it takes them."
	if refusing {
		detail = fmt.Sprintf("The URL refused %d events in a row, the last one so: %s See to it that it takes them; they wait for three days.", refusedInRow, a.Error)
	}
	slog.WarnContext(ctx, "a platform's URL takes no events", "account_id", string(e.account), "platform_config_id", e.id.String(), "status", a.Status, "refusing", refusing)
	err := e.room.platforms.Fail(ctx, e.account, e.id, detail)
	if err != nil {
		slog.WarnContext(ctx, "the state of a platform config was not written down", "platform_config_id", e.id.String(), "error", err)
	}
	e.health.told, e.looked = err == nil, time.Time{}
}

// follow takes over what the config's state says: an owner before this one
// found it failing, or somebody has set its URL again.
func (e *endpoint) follow(ctx context.Context, state platforms.State) {
	h := &e.health
	switch {
	case state.Status == platforms.Failing && !h.known:
		h.down, h.told, h.since, h.probeAt = true, true, state.Since, e.room.now()
		e.room.metrics.down.Inc()
	case state.Status == platforms.Failing && !h.down:
		e.recover(ctx) // it was not written down when it was so
	case state.Status == platforms.Active && h.down && h.told:
		e.room.metrics.down.Dec()
		e.health = health{}
	}
	h.known = true
}

// parkOld gives up what has waited for three days.
func (e *endpoint) parkOld(now time.Time) {
	for _, l := range append([]*line{}, e.window.queue...) {
		for !l.busy && len(l.items) > 0 && now.Sub(l.items[0].PendingSince) >= silenceMost {
			it := l.items[0]
			e.window.begin(it)
			e.park(it, silenceReason, nil)
		}
	}
}
