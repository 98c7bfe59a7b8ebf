package events

import (
	"net/http"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// next gives the item to send next; nil when there is none. While the endpoint is
// down, that is the one to probe with.
func (e *endpoint) next(now time.Time) *item {
	if !e.health.down {
		return e.window.ready(now)
	}
	return e.probe(now)
}

// probe chooses what an endpoint that is down is probed with: first what found it
// down, then the first of each line in turn. So an event that breaks its receiver
// keeps nobody from learning that it takes the others.
func (e *endpoint) probe(now time.Time) *item {
	h := &e.health
	if h.failures == 1 && h.first != nil && e.window.isReady(h.first, now) {
		return h.first
	}
	if it := e.window.readyBut(now, h.probed); it != nil {
		return it
	}
	clear(h.probed) // once around
	return e.window.ready(now)
}

// probeFailed notes that an item was probed with. What is refused like everything
// else says nothing about the event.
func (e *endpoint) probeFailed(it *item, r result, refusing bool) {
	h := &e.health
	if h.probed == nil {
		h.probed, h.alone = map[bson.ObjectID]struct{}{}, map[*item]struct{}{}
	}
	h.probed[it.Key] = struct{}{}
	if !refusing && aboutEvent(r) {
		h.alone[it] = struct{}{}
	}
}

// doubt looks at what failed as a probe before another one was taken. The endpoint
// may have come back in between, and so they are only doubted: it shows with their
// next call.
func (e *endpoint) doubt() {
	for it := range e.health.alone {
		it.doubted = true
	}
}

// blamed tells whether a call of an endpoint that is up failed for its event. An
// event is blamed once for each time that it is doubted.
func (e *endpoint) blamed(it *item, r result) bool {
	was := it.doubted
	it.doubted = false
	return was && !e.health.down && aboutEvent(r)
}

// aboutEvent tells whether a failure may be the event's own: one that asks for
// patience is not.
func aboutEvent(r result) bool {
	return r.attempt.Status != http.StatusTooManyRequests && r.asked == 0
}
