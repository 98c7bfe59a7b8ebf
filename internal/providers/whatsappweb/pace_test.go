package whatsappweb

import (
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
)

// A number sends no faster than its channel lets it, to whomever; whoever only
// asked has taken no place.
func TestANumberKeepsItsPace(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	c := &Conn{options: Options{Now: func() time.Time { return now }}, pace: newPace(18)}
	reserve := func() time.Duration { return c.Reserve(providers.Address{}) }
	sent := 0
	for end := now.Add(10 * time.Second); now.Before(end); {
		wait := reserve()
		if wait == 0 {
			sent++
			continue
		}
		if again := reserve(); again != wait {
			t.Fatalf("who asked took a place: wait %s, then %s", wait, again)
		}
		now = now.Add(wait)
	}
	if sent < 180 || sent > 182 { // and the two that may go at once
		t.Errorf("%d sent in ten seconds at 18 a second", sent)
	}
	c.pace = newPace(0)
	for range 10_000 {
		if wait := reserve(); wait != 0 {
			t.Fatalf("without a limit, wait %s", wait)
		}
	}
}
