package devicestore

import (
	"context"
	"maps"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// keepTimers is how long a chat's timer is kept after it was last told of; who
// writes there tells it again.
const keepTimers = 180 * 24 * time.Hour

// Timer is after how long the messages of a chat disappear.
type Timer struct {
	Seconds uint32    // 0: never
	SetAt   time.Time // when it was set, in whole seconds; zero: not told
	// At is when it was so: of two timers of a chat the later counts, in one second
	// that which was told later. Zero: nobody knows, any other counts.
	At time.Time
}

func (d *device) timerID(chat types.JID) string { return d.id(kindTimer, chat.ToNonAD().String()) }

// ChatTimer gives a chat's timer, under either address of a person; a zero one
// where none is known.
func (d *device) ChatTimer(ctx context.Context, chat types.JID) (Timer, error) {
	known, err := d.timerRow(ctx, chat)
	if err != nil || known == nil {
		return Timer{}, err
	}
	t := Timer{Seconds: uint32(known.Version), At: time.Unix(known.At, 0)}
	if known.SentAt != nil {
		t.SetAt = time.Unix(*known.SentAt, 0)
	}
	return t, nil
}

// PutChatTimers keeps what was told of chats, where it is news; not of people of
// whom nobody may keep anything.
func (d *device) PutChatTimers(ctx context.Context, timers map[types.JID]Timer) error {
	chats := slices.DeleteFunc(slices.Collect(maps.Keys(timers)), func(chat types.JID) bool {
		return d.unwanted.has(chat.ToNonAD(), d.holding.store.now())
	})
	for some := range slices.Chunk(chats, rowsPerWrite) {
		// Most messages say what is known: first without a turn to write.
		news, err := d.newTimers(ctx, some, timers)
		if err != nil {
			return err
		}
		if len(news) == 0 {
			continue
		}
		err = d.write(ctx, func(ctx context.Context, c *change) error {
			news, err := d.newTimers(ctx, some, timers)
			for _, r := range news {
				c.put(r)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// newTimers gives the rows of what is news.
func (d *device) newTimers(ctx context.Context, chats []types.JID, timers map[types.JID]Timer) ([]*row, error) {
	var news []*row
	now := d.holding.store.now()
	for _, chat := range chats {
		t := timers[chat]
		known, err := d.timerRow(ctx, chat)
		if err != nil {
			return nil, err
		}
		r := &row{ID: d.timerID(chat), Version: int64(t.Seconds), At: max(0, t.At.Unix()), ExpiresAt: until(now, keepTimers)}
		if !t.SetAt.IsZero() {
			at := t.SetAt.Unix()
			r.SentAt = &at
		}
		if timerIsNews(known, r, now) {
			news = append(news, r)
		}
	}
	return news, nil
}

func timerIsNews(known, told *row, now time.Time) bool {
	switch {
	case known == nil:
		return told.Version > 0
	case told.At < known.At:
		return false
	case told.Version != known.Version:
		return true // of two in one second the one that was heard later
	default: // the same again
		return known.ExpiresAt != nil && known.ExpiresAt.Sub(now) < keepTimers/2
	}
}

// timerRow is the later of what is kept under a chat's addresses; nil: nothing.
func (d *device) timerRow(ctx context.Context, chat types.JID) (*row, error) {
	aliases, err := d.aliases(ctx, chat)
	if err != nil {
		return nil, err
	}
	var latest *row
	for _, alias := range aliases {
		r, err := d.get(ctx, d.timerID(alias))
		if err != nil {
			return nil, err
		}
		if r != nil && (latest == nil || r.At > latest.At) {
			latest = r
		}
	}
	return latest, nil
}
