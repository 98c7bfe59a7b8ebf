package devicestore_test

import (
	"context"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
)

// chatTimers is what the store of chats' settings can do beyond the client's
// interface.
type chatTimers interface {
	ChatTimer(ctx context.Context, chat types.JID) (devicestore.Timer, error)
	PutChatTimers(ctx context.Context, timers map[types.JID]devicestore.Timer) error
}

func timers(d *store.Device) chatTimers { return d.ChatSettings.(chatTimers) }

// Of what is told of a chat, by either address, the later counts.
func TestTheLaterTimerCounts(t *testing.T) {
	t.Parallel()
	_, _, d := paired(t, process(mongotest.Database(t)))
	pn, hidden := somebody(8000)
	check(t, d.LIDs.PutLIDMapping(t.Context(), hidden, pn))
	at := func(minute int64) time.Time { return time.Unix(1_700_000_000+60*minute, 0) }
	for _, step := range []struct {
		what string
		chat types.JID
		told devicestore.Timer
		want uint32
	}{
		{"none is no news", hidden, devicestore.Timer{At: at(9)}, 0},
		{"one of which nobody knows when", hidden, devicestore.Timer{Seconds: 90}, 90},
		{"one that was set", pn, devicestore.Timer{Seconds: 60, At: at(1), SetAt: at(1)}, 60},
		{"an earlier one", hidden, devicestore.Timer{Seconds: 30, At: at(0)}, 60},
		{"the end of it", hidden, devicestore.Timer{At: at(3)}, 0},
		{"what comes late", pn, devicestore.Timer{Seconds: 60, At: at(2), SetAt: at(1)}, 0},
		{"another", pn, devicestore.Timer{Seconds: 120, At: at(4), SetAt: at(4)}, 120},
		{"its end in the same second", pn, devicestore.Timer{At: at(4), SetAt: at(4)}, 0},
	} {
		check(t, timers(d).PutChatTimers(t.Context(), map[types.JID]devicestore.Timer{step.chat: step.told}))
		for _, by := range []types.JID{pn, hidden} {
			got, err := timers(d).ChatTimer(t.Context(), by)
			if err != nil || got.Seconds != step.want {
				t.Errorf("%s: %s has %d s, %v, want %d", step.what, by, got.Seconds, err, step.want)
			}
		}
	}
	if got, _ := timers(d).ChatTimer(t.Context(), pn); !got.SetAt.Equal(at(4)) {
		t.Errorf("it was set at %s", got.SetAt)
	}
}
