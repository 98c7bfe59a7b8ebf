package messages

import (
	"context"
	"sync"
)

// lanes let a few of one key go at a time while the others wait in line: one
// delivery of a session, some files of a host. A lane is there as long as
// somebody uses it.
type lanes[K comparable] struct {
	width int // how many of one key go at a time
	mu    sync.Mutex
	open  map[K]*lane
}

// lane is one key's places.
type lane struct {
	free chan struct{} // one token a free place
	used int           // how many are in it or wait for it
}

func newLanes[K comparable](width int) *lanes[K] {
	return &lanes[K]{width: width, open: map[K]*lane{}}
}

// enter waits for a place; the returned function gives it back.
func (l *lanes[K]) enter(ctx context.Context, key K) (leave func(), err error) {
	one := l.join(key)
	select {
	case <-one.free:
		return func() {
			one.free <- struct{}{}
			l.part(key, one)
		}, nil
	case <-ctx.Done():
		l.part(key, one)
		return nil, ctx.Err()
	}
}

func (l *lanes[K]) join(key K) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.open[key]
	if one == nil {
		one = &lane{free: make(chan struct{}, l.width)}
		for range l.width {
			one.free <- struct{}{}
		}
		l.open[key] = one
	}
	one.used++
	return one
}

func (l *lanes[K]) part(key K, one *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.used--; one.used == 0 {
		delete(l.open, key)
	}
}
