package messages_test

import (
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// said is what somebody wrote at a time that the provider tells.
func (w *world) said(id string, at time.Time, content providers.Content, names ...providers.Address) providers.Inbound {
	return w.inbound(providers.MessageReceived{ID: ids.ProviderMessage(id), From: addresses(names).party(), Timestamp: at, Content: content})
}

// open is the world's only open session.
func (w *world) open() sessions.Session {
	w.t.Helper()
	var open []sessions.Session
	for _, s := range w.sessions() {
		if s.State == sessions.Active {
			open = append(open, s)
		}
	}
	if len(open) != 1 {
		w.t.Fatalf("%d sessions are open, want 1", len(open))
	}
	return open[0]
}

func (w *world) finish() {
	w.t.Helper()
	if _, err := w.service.Finish(w.t.Context(), w.open()); err != nil {
		w.t.Fatal(err)
	}
}

var (
	hello = providers.Content{Type: providers.TypeText, Text: "oi"}
	ana   = providers.Address{Kind: providers.KindPhone, Value: "5521988882001"}
)

// The reply window is the contact's: a session that opens after another goes on
// with it.
func TestTheReplyWindowOutlivesItsSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Now().Truncate(time.Second)
	w.accept(w.said("wamid.1", now.Add(-time.Hour), hello, ana))
	w.finish()
	w.accept(w.said("wamid.2", now.Add(-5*time.Hour), hello, ana)) // it came late
	if open := w.open(); open.Sequence != 1 || !open.LastInboundAt.Equal(now.Add(-time.Hour)) {
		t.Errorf("the window of session %+v begins at %s, want an hour ago", open, open.LastInboundAt)
	}
	w.invariants()
}

// A reaction to what an earlier session was about moves the window of the open
// one, and of the next where none is open.
func TestAReactionToAFinishedSessionMovesTheWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Now().Truncate(time.Second)
	reaction := providers.Content{Type: providers.TypeReaction, Target: "wamid.1", Emoji: "👍"}
	w.accept(w.said("wamid.1", now.Add(-10*time.Hour), hello, ana))
	w.finish()
	w.accept(w.said("wamid.2", now.Add(-9*time.Hour), hello, ana))
	w.accept(w.said("wamid.3", now.Add(-2*time.Hour), reaction, ana))
	if open := w.open(); open.Sequence != 1 || open.Unread != 1 || !open.LastInboundAt.Equal(now.Add(-2*time.Hour)) {
		t.Errorf("the open session is %+v, want its window to begin two hours ago", open)
	}
	w.finish()
	w.accept(w.said("wamid.4", now.Add(-time.Hour), reaction, ana))
	w.accept(w.said("wamid.5", now.Add(-8*time.Hour), hello, ana))
	if open := w.open(); !open.LastInboundAt.Equal(now.Add(-time.Hour)) {
		t.Errorf("the window of the next session begins at %s, want an hour ago", open.LastInboundAt)
	}
	w.invariants()
}

// What was open about either of two contacts is open about the one that they
// turn out to be.
func TestAMergeKeepsWindowAndUnreadCount(t *testing.T) {
	t.Parallel()
	id := providers.Address{Kind: providers.KindBSUID, Value: "BR.ANA2001"}
	w := newWorld(t)
	now := time.Now().Truncate(time.Second)
	w.accept(w.said("wamid.1", now.Add(-5*time.Hour), hello, ana))
	w.accept(w.said("wamid.2", now.Add(-2*time.Hour), hello, id), w.said("wamid.3", now.Add(-time.Hour), hello, id))
	w.accept(w.inbound(providers.ContactMoved{From: []providers.Address{ana}, To: []providers.Address{id}}))
	if open := w.open(); open.Unread != 3 || !open.LastInboundAt.Equal(now.Add(-time.Hour)) {
		t.Errorf("the session counts %d unread and its window begins at %s, want 3 and an hour ago", open.Unread, open.LastInboundAt)
	}
	w.finish()
	for _, c := range w.contacts() {
		if c.Condition == contacts.Live && !c.LastInboundAt.Equal(now.Add(-time.Hour)) {
			t.Errorf("the contact wrote last at %s, want an hour ago", c.LastInboundAt)
		}
	}
	w.invariants()
}
