package events

import (
	"net/http"
	"testing"
	"time"
)

func TestProbePausesGrow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		down     time.Duration
		failures int
		asked    time.Duration
		want     time.Duration
	}{
		{0, 1, 0, time.Second},
		{time.Second, 2, 0, 2 * time.Second},
		{3 * time.Second, 3, 0, 4 * time.Second},
		{5 * time.Minute, 9, 0, time.Minute},
		{59 * time.Minute, 60, 0, time.Minute},
		{time.Hour, 61, 0, 10 * time.Minute},
		{70 * time.Hour, 500, 0, 10 * time.Minute},
		{time.Hour, 1, 0, time.Second}, // a new owner asks at once again
		{0, 1, 90 * time.Second, 90 * time.Second},
		{0, 9, 2 * time.Second, time.Minute},
		{0, 1, 48 * time.Hour, time.Hour},
	} {
		if got := probePause(c.down, c.failures, c.asked); got != c.want {
			t.Errorf("down for %s, %d failures, asked for %s: %s, want %s", c.down, c.failures, c.asked, got, c.want)
		}
	}
}

func TestARefusedEventIsTriedFiveTimesOverTenMinutes(t *testing.T) {
	t.Parallel()
	total, tries := time.Duration(0), 1
	for ; ; tries++ {
		pause, more := refusalPause(tries)
		if !more {
			break
		}
		total += pause
	}
	if tries != 5 || total != 10*time.Minute {
		t.Errorf("%d tries over %s", tries, total)
	}
}

func TestRetryAfterIsReadInBothForms(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "120": 2 * time.Minute,
		"Sun, 01 Mar 2026 12:00:30 GMT": 30 * time.Second, "Sun, 01 Mar 2026 11:00:00 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestWhatAnAnswerMeans(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]outcome{
		200: taken, 202: taken, 204: taken, 299: taken, 301: silent, 304: silent, 308: silent,
		400: refused, 401: refused, 404: refused, 409: refused, 422: refused, 410: gone, 429: silent, 500: silent, 503: silent, 599: silent,
	} {
		if got := outcomeOf(status); got != want {
			t.Errorf("%d means %s, want %s", status, got, want)
		}
	}
}
