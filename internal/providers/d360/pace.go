package d360

import (
	"math"
	"net/http"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/cirrus/omnichannel/internal/providers"
)

// Pace is how fast a channel may send.
type Pace struct {
	// PerSecond is the number's rate, Burst how many may go at once. Meta allows
	// 80 a second in and out, 20 on a coexistence number.
	PerSecond float64
	Burst     int
	// PairEvery is the time that one message to the same recipient takes,
	// PairBurst how many of it may be borrowed. Meta lets about 45 through at
	// once and wants them repaid at one per 6 s.
	PairEvery time.Duration
	PairBurst int
}

// DefaultPace stays a little below Meta's limits: 72 + 8 in any second, 40 at
// once to one recipient and one every 6 s from then on.
func DefaultPace() Pace {
	return Pace{PerSecond: 72, Burst: 8, PairEvery: 6 * time.Second, PairBurst: 40}
}

// orDefault fills what is not set.
func (p Pace) orDefault() Pace {
	d := DefaultPace()
	if p.PerSecond <= 0 {
		p.PerSecond = d.PerSecond
	}
	if p.Burst <= 0 {
		p.Burst = d.Burst
	}
	if p.PairEvery <= 0 {
		p.PairEvery = d.PairEvery
	}
	if p.PairBurst <= 0 {
		p.PairBurst = d.PairBurst
	}
	return p
}

// rate is a limit in the form of the generic cell rate algorithm: all there is
// to remember of the past is one time.
type rate struct {
	every time.Duration // one send's share
	slack time.Duration // how far ahead of its share a sender may be
}

func newRate(every time.Duration, burst int) rate {
	return rate{every: every, slack: every * time.Duration(burst-1)}
}

// wait is how long until a send may go, given the time until which all shares
// are spent.
func (r rate) wait(spent, now time.Time) time.Duration {
	return max(0, spent.Add(-r.slack).Sub(now))
}

// spend takes one share.
func (r rate) spend(spent, now time.Time) time.Time {
	if spent.Before(now) {
		spent = now
	}
	return spent.Add(r.every)
}

// maxPairs bounds the recipients remembered; one that is forgotten may burst
// anew.
const maxPairs = 16384

// pair is what is remembered of one recipient.
type pair struct {
	spent   time.Time
	held    time.Time // no send before
	strikes int       // refusals in a row
}

// pacer keeps a channel below the limits of its number and of each recipient.
type pacer struct {
	now  func() time.Time
	pair rate

	mu     sync.Mutex
	number rate
	spent  time.Time
	held   time.Time
	pairs  *lru.LRU[string, pair]
}

func newPacer(p Pace, now func() time.Time) *pacer {
	pairs, err := lru.NewLRU[string, pair](maxPairs, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &pacer{
		now:    now,
		number: p.number(),
		pair:   newRate(p.PairEvery, p.PairBurst),
		pairs:  pairs,
	}
}

// adjust changes how fast the number may send; what it has spent stands.
func (p *pacer) adjust(to Pace) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.number = to.number()
}

// number is the limit of all that a number sends.
func (p Pace) number() rate {
	return newRate(time.Duration(float64(time.Second)/p.PerSecond), p.Burst)
}

// Reserve gives 0 and takes a place when a send to this address may go now;
// else it takes none and gives how long to wait.
func (c *Conn) Reserve(to providers.Address) time.Duration { return c.pacer.reserve(to) }

func (p *pacer) reserve(to providers.Address) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, key := p.now(), to.Key()
	known, _ := p.pairs.Get(key)
	wait := max(
		p.held.Sub(now), p.number.wait(p.spent, now),
		known.held.Sub(now), p.pair.wait(known.spent, now),
	)
	if wait > 0 {
		return wait
	}
	p.spent = p.number.spend(p.spent, now)
	known.spent = p.pair.spend(known.spent, now)
	p.pairs.Add(key, known)
	return 0
}

// taken forgets the refusals of a recipient.
func (p *pacer) taken(to providers.Address) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, ok := p.pairs.Get(to.Key()); ok && known.strikes > 0 {
		known.strikes, known.held = 0, time.Time{}
		p.pairs.Add(to.Key(), known)
	}
}

// refused holds off whom a refusal is about, and gives for how long.
func (p *pacer) refused(to providers.Address, e *providers.SendError) time.Duration {
	// Whatever came as a throttle without a code of its own is the number's.
	whom := judge(answer{code: e.ProviderCode, status: http.StatusTooManyRequests}).holds
	if !e.Retryable || e.Reason == providers.ReasonUnavailable || whom == holdsNobody {
		return e.RetryAfter
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if whom == holdsNumber {
		p.held = later(p.held, p.now().Add(e.RetryAfter))
		return e.RetryAfter
	}
	known, _ := p.pairs.Get(to.Key())
	known.strikes++
	wait := e.RetryAfter
	if wait == 0 {
		wait = strikePause(known.strikes)
	}
	known.held = later(known.held, p.now().Add(wait))
	p.pairs.Add(to.Key(), known)
	return wait
}

// strikePause is Meta's advice for a recipient that got too much: 4^n seconds
// after the n-th refusal in a row, here up to about 17 minutes.
func strikePause(strikes int) time.Duration {
	return time.Duration(math.Pow(4, float64(min(strikes, 5)))) * time.Second
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
