package messages

import (
	"fmt"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/sessions"
)

const (
	// numberedMost bounds the sessions whose numbers are remembered, a fifth of a
	// kilobyte each (and thrice that of heap). Those of others are read back.
	numberedMost = 12_000
	// numbersMistrusted is for how many batches numbers are read back once those that
	// were remembered had changed twice within as many: another server works on the
	// same sessions, and most will have.
	numbersMistrusted = 200
)

// errNumbers: a batch relied on numbers of sessions that have changed since.
var errNumbers = fmt.Errorf("the numbers of a session: %w", errStale)

// numbers are what rows take from their session: those of its row behind a batch.
type numbers struct {
	messages, events int64 // of the last ones
	holder           ids.PlatformConfig
	version          sessions.Version // of the row that has them
}

// numbering remembers the numbers of sessions, so that a batch need not read back
// what its increments made of them. The rows' versions guard it: an update on
// numbers that are no longer true matches nothing, and the batch is planned anew.
type numbering struct {
	known *lru.Cache[ids.Session, numbers]
	wary  atomic.Int32 // batches left in which another miss means that the next are not trusted
	unfit atomic.Int32 // batches left that read numbers back
}

func newNumbering() *numbering {
	known, _ := lru.New[ids.Session, numbers](numberedMost) // errs on a size of 0 only
	return &numbering{known: known}
}

// next counts a batch, and tells whether it may rely on what is remembered.
func (n *numbering) next() bool {
	if n.unfit.Load() > 0 && n.unfit.Add(-1) >= 0 {
		return false
	}
	if n.wary.Load() > 0 {
		n.wary.Add(-1)
	}
	return true
}

// learn keeps the numbers that a committed batch has left.
func (n *numbering) learn(plans []*sessionPlan) {
	for _, plan := range plans {
		if plan.after.version.Of != plan.id { // a row of before there were versions
			continue
		}
		if later, ok := n.known.Peek(plan.id); !ok || later.version.Count < plan.after.version.Count {
			n.known.Add(plan.id, plan.after)
		}
	}
}

// forget drops what a failed batch may have relied on.
func (n *numbering) forget(plans []*sessionPlan) {
	for _, plan := range plans {
		n.known.Remove(plan.id)
	}
}

// missed notes that numbers were not true any more.
func (n *numbering) missed() {
	if n.wary.Swap(numbersMistrusted) > 0 {
		n.unfit.Store(numbersMistrusted)
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
	plan.before = last.version
	last.messages += plan.messages
	last.events += plan.events
	last.version.Count++
	plan.number(last)
	return true
}
