package whatsappweb

import (
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
)

// Every pair of a state and a trigger is decided, and one that ended heeds
// nothing.
func TestEveryPairIsDecided(t *testing.T) {
	t.Parallel()
	for status, rest := range steps {
		for tr := range triggers {
			_, ends := endSteps[tr]
			_, listed := rest[tr]
			if ends == listed {
				t.Errorf("%s, trigger %d: in the table %t, among the ends %t", status, tr, listed, ends)
			}
			got := decide(status, tr)
			if ends && (!got.ends || got.to == "") {
				t.Errorf("%s, trigger %d: %+v", status, tr, got)
			}
			if got.ends {
				if _, lives := steps[got.to]; lives {
					t.Errorf("%s, trigger %d: ends in %s, which lives", status, tr, got.to)
				}
			}
		}
	}
	for _, over := range []providers.Status{
		providers.StatusCreated, providers.StatusClosed, providers.StatusLoggedOut, providers.StatusBanned, providers.StatusOutdated, providers.StatusFailed,
	} {
		for tr := range triggers {
			if got := decide(over, tr); got != (step{}) {
				t.Errorf("%s, trigger %d: %+v", over, tr, got)
			}
		}
	}
}

// Whatever the client says of its connection has its trigger, with something for
// the operator to read.
func TestWhatTheClientSaysOfItsConnection(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	c := &Conn{options: Options{Now: func() time.Time { return now }}}
	for name, want := range map[string]struct {
		event   any
		trigger trigger
		again   time.Duration
		says    string
	}{
		"lost":         {&events.Disconnected{}, dropped, 0, "anew"},
		"log in again": {&events.ManualLoginReconnect{}, loginAgain, 0, "log in again"},
		"unlinked":     {&events.LoggedOut{}, loggedOut, 0, "/connect"},
		"at the login": {&events.LoggedOut{OnConnect: true, Reason: events.ConnectFailureLoggedOut}, loggedOut, 0, "/connect"},
		"moved":        {&events.LoggedOut{OnConnect: true, Reason: events.ConnectFailureMainDeviceGone}, loggedOut, 0, "another phone"},
		"for good":     {&events.LoggedOut{OnConnect: true, Reason: events.ConnectFailureUnknownLogout}, locked, 0, "review"},
		"replaced":     {&events.StreamReplaced{}, replaced, 0, "somewhere else"},
		"banned":       {&events.TemporaryBan{Code: 101, Expire: time.Hour}, banned, time.Hour + 10*time.Second, "2026-09-01T13:00:00Z (reason 101"},
		"banned, long": {&events.TemporaryBan{Code: 104}, banned, time.Hour, "does not tell"},
		"outdated":     {&events.ClientOutdated{}, outdated, time.Hour, "Upgrade"},
		"refused":      {&events.ConnectFailure{Reason: 409, Message: "agent"}, refused, againRefused, `reason 409: client user agent was rejected, "agent"`},
		"no token":     {&events.CATRefreshError{}, refused, againRefused, "414"},
		"stream error": {&events.StreamError{Code: "516"}, unwell, 0, "516"},
	} {
		got := c.connectionSignal(want.event)
		if got.trigger != want.trigger || got.again != want.again || !strings.Contains(got.detail, want.says) || got.run != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// The pauses grow to their bound and no further, and differ.
func TestPauses(t *testing.T) {
	t.Parallel()
	o := Options{PauseFirst: time.Second, PauseMost: time.Minute}
	for n, most := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute, time.Minute} {
		seen := map[time.Duration]bool{}
		for range 50 {
			p := pause(o, n)
			if p < most/2 || p > most {
				t.Errorf("try %d waits %v, not between %v and %v", n, p, most/2, most)
			}
			seen[p] = true
		}
		if len(seen) < 2 {
			t.Errorf("try %d always waits the same", n)
		}
	}
	if p := pause(o, 1_000_000); p > time.Minute || p < 30*time.Second {
		t.Errorf("the millionth try waits %v", p)
	}
}

func TestTypingTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"": 400 * time.Millisecond, "é": 400 * time.Millisecond, strings.Repeat("ç", 50): 2 * time.Second, strings.Repeat("x", 500): 3 * time.Second} {
		if got := typingTime(text); got != want {
			t.Errorf("%d bytes: %v", len(text), got)
		}
	}
}

// A state that the next one overtakes is not told; everything else is, in order.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	state := func(s providers.Status) providers.InboundPayload {
		return providers.ConnectionChanged{State: providers.State{Status: s}}
	}
	code := providers.PairingOffered{Code: "1"}
	got := overtaken([]providers.InboundPayload{state(connecting), state(showingQR), code, state(pairing), state(open), lastReport{}})
	if len(got) != 3 || got[0] != code || got[1] != state(open) || got[2] != (lastReport{}) {
		t.Errorf("left: %+v", got)
	}
}

// Once the device is another's, whatever happens is but a consequence of that.
func TestTheContextDecides(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		cause error
		again time.Duration
		says  string
	}{
		"fenced":       {devicestore.ErrFenced, time.Second, "Another server"},
		"lease":        {devicestore.ErrUntrusted, time.Second, "lease"},
		"store":        {errRefused, time.Second, "database"},
		"closed by us": {errClosed, 0, ""},
	} {
		c := steered(t)
		c.cancel(x.cause)
		c.step(signal{trigger: pairFailed, detail: "The pairing failed."})
		if end := c.Ending(); end.State.Status != providers.StatusClosed || end.Again != x.again || !strings.Contains(end.State.Detail, x.says) {
			t.Errorf("%s: ended %+v", name, end)
		}
		if reports := c.reports.takeAll(); len(reports) != 0 {
			t.Errorf("%s: reported %+v", name, reports)
		}
	}
}
