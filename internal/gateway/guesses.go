package gateway

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/cirrus/omnichannel/internal/phone"
)

const (
	// guessesFree is how many wrong access codes cost nothing.
	guessesFree = 5
	// lockedFor is how long the next one locks out; each further one doubles it.
	lockedFor = 30 * time.Second
	// lockedMost caps that.
	lockedMost = time.Hour
	// guessersMost bounds what is remembered.
	guessersMost = 10_000
)

// guesses counts wrong access codes by address and number. Codes made here have
// 130 bits and those that people choose 16 characters or more, so that each server
// may count by itself. An address that is locked out is not told whether a code is
// right, not even by letting it in: it would guess on at full speed. That others
// share an address is why the edge looks behind proxies that it trusts.
type guesses struct {
	mu   sync.Mutex
	seen *lru.Cache[guesser, *tries]
}

type guesser struct{ address, number string }

type tries struct {
	wrong int
	until time.Time
}

func newGuesses() *guesses {
	seen, _ := lru.New[guesser, *tries](guessersMost) // fails for a size below one only
	return &guesses{seen: seen}
}

// locked tells how long an address must wait before its next try.
func (g *guesses) locked(address, number string, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	t, ok := g.seen.Get(guesser{address, phone.Key(number)})
	if !ok {
		return 0
	}
	return max(t.until.Sub(now), 0)
}

func (g *guesses) wrong(address, number string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := guesser{address, phone.Key(number)}
	t, ok := g.seen.Get(key)
	if !ok {
		t = &tries{}
		g.seen.Add(key, t)
	}
	t.wrong++
	if over := t.wrong - guessesFree; over > 0 {
		t.until = now.Add(min(lockedFor<<min(over-1, 10), lockedMost))
	}
}

func (g *guesses) right(address, number string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen.Remove(guesser{address, phone.Key(number)})
}
