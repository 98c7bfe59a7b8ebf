package app

import "testing"

// Memory is given back once after each burst of work, and never during one.
func TestMemoryIsGivenBackAtRest(t *testing.T) {
	t.Parallel()
	var now uint64
	given := 0
	s := &spareMemory{allocated: func() uint64 { return now }, giveBack: func() { given++ }, left: true}
	for step, c := range []struct {
		allocates uint64
		given     int
	}{{restful + 1, 0}, {50 * restful, 0}, {restful, 1}, {restful, 1}, {0, 1}, {restful + 1, 1}, {2 * restful, 1}, {10, 2}, {10, 2}} {
		now += c.allocates
		if err := s.look(t.Context()); err != nil || given != c.given {
			t.Errorf("step %d: given back %d times, want %d (%v)", step, given, c.given, err)
		}
	}
	if allocated() == 0 {
		t.Error("the runtime tells of no allocations")
	}
}
