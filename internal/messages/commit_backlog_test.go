package messages

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// queued puts changes of these routes on a backlog.
func queued(t *testing.T, q *backlog, routes ...string) []*item {
	t.Helper()
	items := make([]*item, 0, len(routes))
	for _, route := range routes {
		it := &item{route: route, first: true}
		if err := q.put(t.Context(), it); err != nil {
			t.Fatal(err)
		}
		items = append(items, it)
	}
	return items
}

func routesOf(items []*item) string {
	all := ""
	for _, it := range items {
		all += it.route
	}
	return all
}

// What is under way holds up its own route only, and a route with much to do
// does not keep the others waiting.
func TestABacklogKeepsTheOrderOfARoute(t *testing.T) {
	t.Parallel()
	q := newBacklog(100)
	sent := queued(t, q, "a", "a", "a", "b")
	first, held, _ := q.take(2)
	if routesOf(first) != "aa" || first[0] != sent[0] || first[1] != sent[1] {
		t.Fatalf("the first batch is %q", routesOf(first))
	}
	queued(t, q, "a", "c", "d", "e")
	second, others, _ := q.take(10)
	if routesOf(second) != "bcde" {
		t.Fatalf("beside a batch of a, the next is %q", routesOf(second))
	}
	q.land(others)
	q.land(held)
	third, _, _ := q.take(10)
	if routesOf(third) != "aa" || third[0] != sent[2] {
		t.Fatalf("what a had left is %q", routesOf(third))
	}
}

// A full backlog makes callers wait, as long as they like to.
func TestAFullBacklogTakesNoMore(t *testing.T) {
	t.Parallel()
	q := newBacklog(1)
	queued(t, q, "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.put(ctx, &item{route: "b"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a place in a full backlog: %v", err)
	}
	_, held, _ := q.take(1)
	q.land(held)
	queued(t, q, "b")
}

// A closed backlog hands out what it has, also what is held up, and ends.
func TestAClosedBacklogDrains(t *testing.T) {
	t.Parallel()
	q := newBacklog(10)
	queued(t, q, "a", "a")
	_, held, _ := q.take(1)
	q.close()
	if err := q.put(t.Context(), &item{route: "b"}); !errors.Is(err, errClosed) {
		t.Errorf("a closed backlog took a change: %v", err)
	}
	rest := make(chan string)
	go func() {
		items, held, _ := q.take(10)
		q.land(held)
		rest <- routesOf(items)
	}()
	q.land(held)
	if got := <-rest; got != "a" {
		t.Errorf("what was held up is %q", got)
	}
	if _, _, ok := q.take(10); ok {
		t.Error("an empty closed backlog gave a batch")
	}
}

// Beside another batch one begins only with company, and without it when the
// other is overdue.
func TestABatchWaitsForCompany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newBacklog(100)
		queued(t, q, "a")
		_, first, _ := q.take(10)
		var got string
		begin := func() {
			items, f, _ := q.take(100)
			got = routesOf(items)
			q.land(f)
		}
		queued(t, q, strings.Split("bcdefghijklmnopqrstuvwx", "")...)
		go begin()
		if synctest.Wait(); got != "" {
			t.Errorf("%q began beside another", got)
		}
		queued(t, q, "y")
		if synctest.Wait(); got != "bcdefghijklmnopqrstuvwxy" {
			t.Errorf("with company %q began", got)
		}
		queued(t, q, "z")
		go begin()
		time.Sleep(overdue) // of the test's clock
		if synctest.Wait(); got != "z" {
			t.Errorf("beside an overdue one %q began", got)
		}
		q.land(first)
	})
}

// Callers count, not conversations: who write about one contact are waited for, too,
// and somebody alone with many is not.
func TestABatchGathersCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q, start := newBacklog(100), time.Now()
		queued(t, q, "a", "a")
		_, f, _ := q.take(10)
		queued(t, q, "a")
		q.land(f)
		begun := make(chan string)
		go func() {
			items, held, _ := q.take(10)
			q.land(held)
			begun <- routesOf(items)
		}()
		queued(t, q, "a")
		synctest.Wait()
		queued(t, q, "a")
		if got := <-begun; got != "aaa" || time.Since(start) > 0 {
			t.Errorf("%q began after %s", got, time.Since(start))
		}
		time.Sleep(gathering)
		webhook := queued(t, q, "b", "c")
		webhook[1].first = false
		_, f, _ = q.take(10)
		q.land(f)
		start = time.Now()
		queued(t, q, "d")
		if _, _, ok := q.take(10); !ok || time.Since(start) > 0 {
			t.Errorf("behind one caller with two conversations the next waited %s", time.Since(start))
		}
	})
}

// After a batch of several, the next waits a moment for all of them; after one
// of somebody alone it does not.
func TestABatchGathersThoseOfTheLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q, start := newBacklog(100), time.Now()
		flights, begun := make(chan *flight, 1), make(chan string, 1)
		begin := func() {
			items, f, _ := q.take(10)
			flights <- f
			begun <- routesOf(items)
		}
		queued(t, q, "a", "b")
		begin()
		queued(t, q, "c")
		q.land(<-flights)
		<-begun
		go begin()
		queued(t, q, "a")
		if synctest.Wait(); len(begun) > 0 {
			t.Errorf("%q began without all", <-begun)
		}
		queued(t, q, "b")
		if got := <-begun; got != "cab" || time.Since(start) > 0 {
			t.Errorf("with all there, %q began after %s", got, time.Since(start))
		}
		q.land(<-flights)
		queued(t, q, "d")
		go begin()
		if got := <-begun; got != "d" || time.Since(start) != gathering {
			t.Errorf("%q began after %s", got, time.Since(start))
		}
		q.land(<-flights)
		queued(t, q, "e")
		go begin()
		if got := <-begun; got != "e" || time.Since(start) != gathering {
			t.Errorf("after one alone, %q began after %s", got, time.Since(start))
		}
	})
}
