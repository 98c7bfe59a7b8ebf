package events

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

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
	first    *item                      // whose call found it down; nil: another server's did
	probed   map[bson.ObjectID]struct{} // the keys whose turn to be probed with has been
	alone    map[*item]struct{}         // what failed as a probe, the only call under way

	known bool // the config's state was looked at once
	told  bool // the config's state says that it is down

	refused map[ids.Event]struct{} // since it last took one
}

// settle draws the conclusions of a call.
func (e *endpoint) settle(ctx context.Context, r result) {
	it, ofOther := r.item, r.url != e.config.URL // the config has another URL by now, of which it says nothing
	switch {
	case r.cut: // as if never made
		e.window.again(it, it.NextAt)
	case r.outcome == taken:
		if !ofOther {
			e.up(ctx)
		}
		e.mark(it, r.attempt, mark{status: Delivered})
	case ofOther:
		e.mark(it, r.attempt, mark{status: Pending})
	case r.outcome == gone:
		e.isGone(ctx, it, r)
	case r.outcome == refused, e.blamed(it, r):
		e.wasRefused(ctx, it, r)
	default:
		e.fell(ctx, it, r, false)
	}
}

// isGone disables the config, unless it was given another URL meanwhile: the event
// waits for that one.
func (e *endpoint) isGone(ctx context.Context, it *item, r result) {
	there, err := e.room.platforms.Disable(ctx, e.called(r), "The URL answered 410: there is nobody any more. Set the URL again to go on, then replay what has failed.")
	switch {
	case err != nil:
		slog.WarnContext(ctx, "a platform config was not disabled", "platform_config_id", e.id.String(), "error", err)
		e.fell(ctx, it, r, false) // and asked again
	case there:
		e.mark(it, r.attempt, mark{status: Failed, reason: disabledReason})
	default:
		e.mark(it, r.attempt, mark{status: Pending})
	}
	e.looked = time.Time{} // the next look parks the rest, or sees the URL
}

// called is the config as it was called.
func (e *endpoint) called(r result) platforms.Called {
	return platforms.Called{Account: e.account, Config: e.id, URL: r.url}
}

// fell notes that the endpoint took nothing; the event waits for the next
// probe.
func (e *endpoint) fell(ctx context.Context, it *item, r result, refusing bool) {
	e.mark(it, r.attempt, mark{status: Pending})
	h, now := &e.health, e.room.now()
	switch {
	case !h.down:
		h.down, h.since, h.failures, h.first = true, now, 1, it
		e.stale = time.Now() // nobody knows how long it takes
		e.room.metrics.down.Inc()
	case now.Before(h.probeAt):
		return // it was under way when another one failed
	default:
		h.failures++
		e.probeFailed(it, r, refusing)
	}
	h.refusing = refusing
	h.probeAt = now.Add(probePause(now.Sub(h.since), h.failures, r.asked))
	e.report(ctx, r)
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
		e.doubt()
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

// report shows that the endpoint is down to those who can see to it, and when it is
// probed next to whoever takes the account over.
func (e *endpoint) report(ctx context.Context, r result) {
	h, there := &e.health, true
	var err error
	if h.told {
		err = e.room.platforms.FailAgain(ctx, e.called(r), h.failures, h.probeAt)
	} else {
		slog.WarnContext(ctx, "a platform's URL takes no events", "account_id", string(e.account), "platform_config_id", e.id.String(), "status", r.attempt.Status, "refusing", h.refusing)
		there, err = e.room.platforms.Fail(ctx, e.called(r), h.probeAt, h.detail(r.attempt))
		h.told, e.looked = err == nil, time.Time{}
	}
	if err != nil {
		slog.WarnContext(ctx, "the state of a platform config was not written down", "platform_config_id", e.id.String(), "error", err)
	} else if !there { // it was given another URL
		e.room.metrics.down.Dec()
		e.health = health{known: true}
	}
}

// detail says why an endpoint is down, and what to do.
func (h *health) detail(a Attempt) string {
	if h.refusing {
		return fmt.Sprintf("The URL refused %d events in a row, the last one so: %s See to it that it takes them; they wait for three days.", refusedInRow, a.Error)
	}
	return a.Error + " Events wait for three days, and are delivered as soon as it takes them."
}

// follow takes over what the config's state says: an owner before this one
// found it failing, or somebody has set its URL again.
func (e *endpoint) follow(ctx context.Context, state platforms.State) {
	h := &e.health
	switch {
	case state.Status == platforms.Failing && !h.known:
		h.down, h.told, h.since, h.failures, h.probeAt = true, true, state.Since, state.Failures, state.ProbeAt
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
