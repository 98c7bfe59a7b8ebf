package devicestore

import (
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// unwantedFor is how long after a message of theirs that nobody may keep no name
// of these people is taken in: the client writes a message's name beside handling
// it, before or after.
const unwantedFor = time.Minute

// unwanted are people of whom a message just came that nobody may keep.
type unwanted struct {
	mu    sync.Mutex
	until map[types.JID]time.Time
}

func (u *unwanted) add(who []types.JID, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for j, end := range u.until {
		if now.After(end) {
			delete(u.until, j)
		}
	}
	if u.until == nil {
		u.until = map[types.JID]time.Time{}
	}
	for _, j := range who {
		u.until[j] = now.Add(unwantedFor)
	}
}

func (u *unwanted) has(j types.JID, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return now.Before(u.until[j])
}

// some tells whether there are any.
func (u *unwanted) some(now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, end := range u.until {
		if now.Before(end) {
			return true
		}
	}
	return false
}
