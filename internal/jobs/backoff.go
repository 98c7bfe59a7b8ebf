package jobs

import (
	"math"
	"math/rand/v2"
	"time"
)

// Backoff says how long to wait after a failure: First, then Factor times as
// long with each further one, Most at most. A Factor below 1 counts as 2.
type Backoff struct {
	First  time.Duration
	Most   time.Duration
	Factor float64
}

// After gives the wait after so many failures in a row, without jitter. With
// none there is none to wait.
func (b Backoff) After(failures int) time.Duration {
	if failures <= 0 {
		return 0
	}
	factor := b.Factor
	if factor < 1 {
		factor = 2
	}
	wait := float64(b.First) * math.Pow(factor, float64(failures-1))
	if wait > float64(b.Most) { // also when it overflowed
		return b.Most
	}
	return time.Duration(wait)
}

// Next gives the time of the next attempt after a failure at now: After, with
// jitter from Jitter.
func (b Backoff) Next(now time.Time, failures int) time.Time {
	return now.Add(Jitter(b.After(failures), rand.Float64()))
}

// jitterShare is how far Jitter moves a wait, each way.
const jitterShare = 0.2

// Jitter moves a wait by up to a fifth: r from 0 to 1 moves it from 0.8 to 1.2
// times. Retries of many that failed together so come apart.
func Jitter(wait time.Duration, r float64) time.Duration {
	return time.Duration(float64(wait) * (1 - jitterShare + 2*jitterShare*r))
}
