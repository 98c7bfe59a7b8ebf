package messages

import (
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/sessions"
)

const (
	// numberedMost bounds the sessions whose numbers are remembered, a fifth of a
	// kilobyte each (and thrice that of heap). Those of others are read back.
	numberedMost = 12_000
	// doubtsAfterStale is for how many batches numbers are read back once those that
	// were remembered had changed: where another server works on the same sessions,
	// most have.
	doubtsAfterStale = 200
)

// numbers are what rows take from their session, as a committed batch left them.
type numbers struct {
	messages, events int64 // of the last ones
	holder           ids.PlatformConfig
	version          sessions.Version // of the row that has them
}

// numbering remembers the numbers of sessions, so that a batch need not read back
// what its increments made of them. The rows' versions guard it: an update on
// numbers that are no longer true matches nothing, and the batch is planned anew.
type numbering struct {
	known  *lru.Cache[ids.Session, numbers]
	doubts atomic.Int32 // batches left that read numbers back
}

func newNumbering() *numbering {
	known, _ := lru.New[ids.Session, numbers](numberedMost) // errs on a size of 0 only
	return &numbering{known: known}
}

// trusted tells whether a batch may rely on what is remembered.
func (n *numbering) trusted() bool {
	if n.doubts.Load() <= 0 {
		return true
	}
	return n.doubts.Add(-1) < 0
}

// learn keeps the numbers that a committed batch has left.
func (n *numbering) learn(plans []*sessionPlan) {
	for _, plan := range plans {
		if plan.after.version.Of == plan.id { // older rows have no version, until they are finished
			n.known.Add(plan.id, plan.after)
		}
	}
}

// forget drops what a failed batch believed; stale: it was not true any more.
func (n *numbering) forget(b *batch, stale bool) {
	for _, plan := range b.sessions {
		n.known.Remove(plan.id)
	}
	if stale && b.recalled {
		n.doubts.Store(doubtsAfterStale)
	}
}

// recall numbers the plan's rows by what is remembered of its session; false where
// that is nothing.
func (b *batch) recall(plan *sessionPlan) bool {
	if b.numbers == nil {
		return false
	}
	last, ok := b.numbers.known.Get(plan.id)
	if !ok {
		return false
	}
	b.recalled = true
	plan.before = last.version
	last.messages, last.events, last.version.Count = last.messages+plan.messages, last.events+plan.events, last.version.Count+1
	plan.number(last)
	return true
}
