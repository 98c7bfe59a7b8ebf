package messages

import (
	"slices"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
)

// A transaction that runs again tells only the platform that holds the session by
// then, and those who were to hear of it anyway.
func TestARepeatedTransactionTellsNoFormerHolder(t *testing.T) {
	t.Parallel()
	former, holder, other := ids.New[ids.PlatformConfig](), ids.New[ids.PlatformConfig](), ids.New[ids.PlatformConfig]()
	b := newBatch(time.Now(), false)
	plan := b.session(ids.New[ids.Session](), ids.New[ids.Contact]())
	moved := b.event(plan, events.SessionTransferred, func(*events.Row) {})
	address(moved, other)
	told := events.New("", events.ContactUpdated, b.now)
	b.tell(plan, told)
	for _, as := range []ids.PlatformConfig{former, holder, holder} {
		plan.stamp(7, 3, as)
	}
	if !slices.Equal(moved.Platforms, []ids.PlatformConfig{other, holder}) || moved.Sequence != 4 {
		t.Errorf("event %d is for %v, want %v", moved.Sequence, moved.Platforms, []ids.PlatformConfig{other, holder})
	}
	if list := b.events[1].Platforms; !slices.Equal(list, []ids.PlatformConfig{holder}) {
		t.Errorf("the contact's is for %v, want %v", list, holder)
	}
	plan.stamp(7, 3, other)
	if !slices.Equal(moved.Platforms, []ids.PlatformConfig{other}) {
		t.Errorf("held by who hears of it anyway, it is for %v", moved.Platforms)
	}
}
