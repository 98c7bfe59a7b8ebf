package events

import (
	"slices"
	"testing"

	"github.com/cirrus/omnichannel/internal/ids"
)

// What is heard comes in its order, once; what there was no room for must be
// searched for, and comes no more.
func TestHeard(t *testing.T) {
	one, other, third := ids.EventBatch{1}, ids.EventBatch{2}, ids.EventBatch{3}
	var h heard
	for _, id := range []ids.EventBatch{one, other, third} {
		h.add(id)
	}
	list, gap := h.first(2)
	if !slices.Equal(list, []ids.EventBatch{one, other}) || gap {
		t.Fatalf("first two: %v, a gap: %v", list, gap)
	}
	h.drop(list[:1])
	if list, _ := h.first(5); !slices.Equal(list, []ids.EventBatch{other, third}) {
		t.Errorf("after the first: %v", list)
	}
	h.miss()
	if _, gap := h.first(5); !gap {
		t.Error("the gap is not told")
	}
	if _, gap := h.first(5); gap {
		t.Error("the gap is told twice")
	}
	taken, _ := h.first(5)
	for i := range heardMost {
		h.add(ids.EventBatch{9, byte(i >> 8), byte(i)})
	}
	list, gap = h.first(heardMost)
	if !gap || len(list) == heardMost {
		t.Errorf("%d are remembered, a gap: %v", len(list), gap)
	}
	h.drop(taken) // which were forgotten meanwhile
	if after, _ := h.first(heardMost); len(after) != len(list) {
		t.Errorf("%d of %d are left", len(after), len(list))
	}
	h.drop(list)
	if h.some() {
		t.Error("something is left")
	}
}
