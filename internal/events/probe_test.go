package events

import (
	"net/http"
	"testing"
	"time"
)

// downAt is an endpoint that is down since its first item failed.
func downAt(rows ...Delivery) (*endpoint, func(position int64) *item) {
	e := &endpoint{window: windowOf(rows...)}
	at := func(position int64) *item {
		for _, it := range e.window.byID {
			if it.Position == position {
				return it
			}
		}
		return nil
	}
	e.health = health{down: true, failures: 1}
	return e, at
}

func TestProbesTakeTurns(t *testing.T) {
	t.Parallel()
	e, at := downAt(waiting('a', 1), waiting('b', 2), waiting('b', 3), waiting('c', 4), waiting('d', 5))
	e.window.begin(at(5))
	e.window.again(at(5), noon.Add(time.Minute)) // it waits after a refusal
	e.health.first = at(2)
	for i, want := range []int64{2, 1, 4, 1, 2, 4, 1} {
		it := e.next(noon)
		if it == nil || it.Position != want {
			t.Fatalf("probe %d is %+v, want %d", i+1, it, want)
		}
		e.probeFailed(it, result{attempt: Attempt{Status: http.StatusInternalServerError}}, false)
		e.health.failures++
	}
	e.health.down = false
	if it := e.next(noon); it.Position != 1 {
		t.Errorf("once it is up, %d is next", it.Position)
	}
}

// Only an event that failed alone, while another one was taken next, is blamed
// when it fails again; once, and not for what asks for patience.
func TestWhoIsBlamed(t *testing.T) {
	t.Parallel()
	failed := func(status int, asked time.Duration) result {
		return result{attempt: Attempt{Status: status}, asked: asked}
	}
	e, at := downAt(waiting('a', 1), waiting('b', 2), waiting('c', 3), waiting('d', 4), waiting('e', 5))
	e.probeFailed(at(1), failed(500, 0), false)
	e.probeFailed(at(2), failed(429, 0), false)
	e.probeFailed(at(3), failed(503, time.Second), false)
	e.probeFailed(at(4), failed(0, 0), true)
	e.doubt()
	if e.blamed(at(1), failed(500, 0)) {
		t.Error("an event is blamed while the endpoint is down")
	}
	e.doubt()
	e.health = health{}
	for position, want := range map[int64]bool{1: true, 2: false, 3: false, 4: false, 5: false} {
		if got := e.blamed(at(position), failed(0, 0)); got != want {
			t.Errorf("event %d is blamed: %t", position, got)
		}
	}
	if e.blamed(at(1), failed(500, 0)) {
		t.Error("an event is blamed twice for one doubt")
	}
	at(1).doubted = true
	if e.blamed(at(1), failed(429, 0)) {
		t.Error("an event is blamed for a 429")
	}
}
