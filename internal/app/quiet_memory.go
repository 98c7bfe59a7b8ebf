package app

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// memoryLook is how often it is looked whether the server rests.
	memoryLook = 5 * time.Second
	// restful is how little, in bytes, a server allocates between two looks when it
	// has nothing to do: two thousand heartbeats fit in.
	restful = 4 << 20
)

// spareMemory gives back to the machine what a burst of work, or the start, has left
// behind, once after each: of itself the runtime collects at rest only every two
// minutes, and keeps as much as it expects to need again.
type spareMemory struct {
	allocated func() uint64 // bytes, since the process began
	giveBack  func()

	last uint64
	left bool // something was done since it was last given back
}

func newSpareMemory() *spareMemory {
	return &spareMemory{allocated: allocated, giveBack: giveBack, left: true}
}

func giveBack() {
	debug.FreeOSMemory()
	shedProgram()
}

func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// look is a loop's step.
func (s *spareMemory) look(context.Context) error {
	now := s.allocated()
	busy := now-s.last > restful
	s.last = now
	switch {
	case busy:
		s.left = true
	case s.left:
		s.left = false
		s.giveBack()
	}
	return nil
}
