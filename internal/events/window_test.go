package events

import (
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func waiting(key byte, position int64) Delivery {
	return Delivery{ID: ids.New[ids.Delivery](), Key: bson.ObjectID{key}, Position: position}
}

func windowOf(rows ...Delivery) *window {
	w := newWindow()
	for _, row := range rows {
		w.add(row, nil)
		w.add(row, nil) // twice is once
	}
	return w
}

// started begins all that is ready and gives the positions.
func started(w *window, now time.Time) (items []*item, positions []int64) {
	for it := w.ready(now); it != nil; it = w.ready(now) {
		w.begin(it)
		items, positions = append(items, it), append(positions, it.Position)
	}
	return items, positions
}

func TestOneOfEachKeyIsUnderWay(t *testing.T) {
	t.Parallel()
	w := windowOf(waiting('a', 1), waiting('b', 2), waiting('a', 3), waiting('c', 4), waiting('a', 5))
	items, positions := started(w, noon)
	if !slices.Equal(positions, []int64{1, 2, 4}) {
		t.Fatalf("under way: %v", positions)
	}
	w.done(items[0])
	w.done(items[1])
	if _, positions := started(w, noon); !slices.Equal(positions, []int64{3}) {
		t.Errorf("then: %v", positions)
	}
	if len(w.byID) != 3 || len(w.lines) != 2 {
		t.Errorf("%d items in %d lines are left", len(w.byID), len(w.lines))
	}
}

func TestAWaitingItemHoldsItsKeyOnly(t *testing.T) {
	t.Parallel()
	w := windowOf(waiting('a', 1), waiting('a', 2), waiting('b', 3))
	items, _ := started(w, noon)
	w.again(items[0], noon.Add(time.Minute))
	w.done(items[1])
	if it := w.ready(noon.Add(59 * time.Second)); it != nil {
		t.Errorf("%d is ready too early", it.Position)
	}
	if at, ok := w.next(); !ok || !at.Equal(noon.Add(time.Minute)) {
		t.Errorf("the next is ready at %s, %t", at, ok)
	}
	if it := w.ready(noon.Add(time.Minute)); it == nil || it.Position != 1 {
		t.Errorf("after its time: %+v", it)
	}
}

// A replayed delivery comes before later ones of its key, but not before one
// that is under way.
func TestAReplayFindsItsPlace(t *testing.T) {
	t.Parallel()
	w := windowOf(waiting('a', 5), waiting('a', 7))
	items, _ := started(w, noon)
	w.add(waiting('a', 3), nil)
	w.add(waiting('a', 6), nil)
	var order []int64
	for _, it := range items[0].line.items {
		order = append(order, it.Position)
	}
	if !slices.Equal(order, []int64{5, 3, 6, 7}) {
		t.Errorf("the order is %v", order)
	}
	w.again(items[0], noon.Add(time.Hour))
	w.add(waiting('b', 4), nil)
	if it := w.ready(noon); it == nil || it.Position != 4 {
		t.Errorf("ready is %+v", it)
	}
	w.add(waiting('a', 1), nil)
	if it := w.ready(noon); it == nil || it.Position != 1 {
		t.Errorf("ready is %+v", it)
	}
}

func TestTheFirstOfEachKeyAreRenderedBeforeAnySecond(t *testing.T) {
	t.Parallel()
	w := windowOf(waiting('a', 1), waiting('a', 2), waiting('a', 3), waiting('b', 4), waiting('b', 5))
	every := func(*item) bool { return true }
	var order []int64
	for _, it := range w.upcoming(noon, 3, every) {
		order = append(order, it.Position)
	}
	slices.Sort(order[:2])
	if !slices.Equal(order[:2], []int64{1, 4}) || order[2] != 2 && order[2] != 5 {
		t.Errorf("upcoming: %v", order)
	}
	w.begin(w.ready(noon))
	if n := len(w.upcoming(noon, 100, every)); n != 5 {
		t.Errorf("%d upcoming beside one under way, want 5", n)
	}
}
