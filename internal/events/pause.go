package events

import (
	"net/http"
	"strconv"
	"time"

	"github.com/cirrus/omnichannel/internal/jobs"
)

const (
	// firstHour is how long an endpoint that is down is probed eagerly.
	firstHour = time.Hour
	// retryAfterMost bounds what an endpoint may ask for by Retry-After.
	retryAfterMost = time.Hour
	// silenceMost is how long a delivery waits for an endpoint that is down.
	silenceMost = 3 * 24 * time.Hour
	// refusedInRow is how many different events an endpoint may refuse, none
	// taken in between, before it counts as down.
	refusedInRow = 20
)

// eager and patient are the pauses between probes, in the first hour of
// silence and later.
var (
	eager   = jobs.Backoff{First: time.Second, Most: time.Minute}
	patient = jobs.Backoff{First: time.Second, Most: 10 * time.Minute}
)

// probePause is the wait before the next probe of an endpoint that has been
// down for so long, after so many failures in a row. An endpoint has one
// owner: there is nobody to get out of step with, and so no jitter.
func probePause(down time.Duration, failures int, asked time.Duration) time.Duration {
	pause := eager.After(failures)
	if down >= firstHour {
		pause = patient.After(failures)
	}
	return max(pause, min(asked, retryAfterMost))
}

// refusalPauses are the waits after the first, second, … refusal of one event:
// ten minutes in all. After the last there is none: the event is parked.
var refusalPauses = [4]time.Duration{30 * time.Second, 90 * time.Second, 3 * time.Minute, 5 * time.Minute}

// refusalPause is the wait after so many refusals of one event; false when
// those were enough.
func refusalPause(refusals int) (time.Duration, bool) {
	if refusals > len(refusalPauses) {
		return 0, false
	}
	return refusalPauses[max(refusals, 1)-1], true
}

// retryAfter reads the header, seconds or a date; 0 where there is none.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
