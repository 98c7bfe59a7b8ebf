package whatsappweb

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

// trap has every message of somebody whose other address is not known panic.
type trap struct{ store.LIDStore }

// trapped is a connection without a life, whose log and clock a test has.
func trapped(t *testing.T, s providers.Sink) (c *Conn, log *bytes.Buffer, clock *time.Time) {
	t.Helper()
	log, clock = &bytes.Buffer{}, new(time.Time)
	*clock = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	o := Options{Now: func() time.Time { return *clock }, Logger: slog.New(slog.NewTextHandler(log, nil))}
	c = newConn(o.withDefaults(), providers.Channel{}, s)
	t.Cleanup(c.reportingCancel)
	c.device = &store.Device{LIDs: trap{}}
	return c, log, clock
}

func hello(id string) *events.Message {
	from := whatsmeowLID("11")
	return &events.Message{
		Info:    types.MessageInfo{ID: id, MessageSource: types.MessageSource{Chat: from, Sender: from}, Timestamp: time.Unix(1_780_000_000, 0)},
		Message: &waE2E.Message{Conversation: proto.String("oi")},
	}
}

// A message that cannot be handled at all costs its own content, not the
// connection.
func TestAMessageThatAlwaysPanics(t *testing.T) {
	t.Parallel()
	s := newSink()
	c, log, _ := trapped(t, s)
	for i, id := range []string{"A", "B", "A", "B"} {
		if c.handle(hello(id)) {
			t.Errorf("event %d was taken in", i)
		}
	}
	if signals := c.signals.takeAll(); len(signals) != 4 {
		t.Errorf("told %d times", len(signals))
	}
	if !c.handle(hello("A")) || !c.handle(hello("B")) {
		t.Error("asked for again")
	}
	if signals := c.signals.takeAll(); len(signals) != 0 {
		t.Errorf("told %d times", len(signals))
	}
	if len(s.all) != 2 {
		t.Fatalf("the sink has %+v", s.all)
	}
	m, ok := s.all[0].(providers.MessageReceived)
	if !ok || m.ID != "A" || m.Content.Type != providers.TypeUnsupported || m.Content.Kind != "unreadable" ||
		len(m.From.Addresses) != 1 || m.From.Addresses[0] != (providers.Address{Kind: providers.KindLID, Value: "11"}) || m.Timestamp.IsZero() {
		t.Errorf("in its place came %+v", s.all[0])
	}
	if text := log.String(); !strings.Contains(text, "level=ERROR") || !strings.Contains(text, "message_ids=[A]") {
		t.Errorf("the log has no error with the ids: %s", text)
	}
}

// What the phone repeats of a message does not come again, and is given up at once.
func TestARepeatedMessageThatPanics(t *testing.T) {
	t.Parallel()
	s := newSink()
	c, _, _ := trapped(t, s)
	m := hello("A")
	m.UnavailableRequestID = "3EB0ASKED"
	if !c.handle(m) {
		t.Error("it was not taken in")
	}
	if len(s.all) != 1 || s.all[0].(providers.MessageReceived).Content.Kind != "unreadable" {
		t.Errorf("the sink has %+v", s.all)
	}
	if signals := c.signals.takeAll(); len(signals) != 0 {
		t.Errorf("told %d times", len(signals))
	}
}

// Any other event that cannot be handled is given up.
func TestAnEventThatAlwaysPanics(t *testing.T) {
	t.Parallel()
	c, log, _ := trapped(t, newSink())
	for _, taken := range []bool{false, false, true} {
		if c.handle((*events.JoinedGroup)(nil)) != taken {
			t.Errorf("taken in: %t", !taken)
		}
	}
	if !strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("the log says %s", log)
	}
}

// What panicked for a while, and then no more, begins anew.
func TestPanicsThatPassAreForgotten(t *testing.T) {
	t.Parallel()
	s := newSink()
	c, _, _ := trapped(t, s)
	whole := hello("A")
	whole.Info.SenderAlt, whole.Info.RecipientAlt = whatsmeowJID("5521980000001"), whatsmeowJID("5521980000002")
	for _, step := range []struct {
		e     *events.Message
		taken bool
	}{{hello("A"), false}, {hello("A"), false}, {whole, true}, {hello("A"), false}, {hello("A"), false}} {
		if c.handle(step.e) != step.taken {
			t.Errorf("taken in: %t", !step.taken)
		}
	}
	if len(s.all) != 1 || s.all[0].(providers.MessageReceived).Content.Text != "oi" {
		t.Errorf("the sink has %+v", s.all)
	}
}

// A sink that is away is asked for as long as it takes; the log says which
// message waits.
func TestASinkThatAlwaysRefuses(t *testing.T) {
	t.Parallel()
	for pace, quiet := range map[time.Duration]int{10 * time.Second: 6, time.Minute: 4} {
		t.Run(pace.String(), func(t *testing.T) {
			t.Parallel()
			s := newSink()
			s.refusing(func(providers.InboundPayload) error { return errRefused })
			c, log, clock := trapped(t, s)
			m := hello("A")
			m.Info.SenderAlt, m.Info.RecipientAlt = whatsmeowJID("5521980000001"), whatsmeowJID("5521980000002")
			for i := range 10 {
				if c.handle(m) {
					t.Fatal("it was taken in")
				}
				if loud := strings.Contains(log.String(), "level=ERROR"); loud != (i >= quiet) {
					t.Errorf("after %d refusals, an error in the log: %t", i+1, loud)
				}
				*clock = clock.Add(pace)
			}
			if n := strings.Count(log.String(), "level=ERROR"); n != 1 || !strings.Contains(log.String(), "message_ids=[A]") {
				t.Errorf("%d errors: %s", n, log)
			}
			s.refusing(nil)
			if !c.handle(m) || s.all[0].(providers.MessageReceived).Content.Text != "oi" {
				t.Errorf("the sink has %+v", s.all)
			}
		})
	}
}

// What is kept of refusals is bounded.
func TestRefusalsAreBounded(t *testing.T) {
	t.Parallel()
	c, _, _ := trapped(t, newSink())
	for i := range mostTroubles + 5 {
		c.handle(hello(fmt.Sprint(i)))
	}
	if n := c.troubles.kept.Len(); n != mostTroubles {
		t.Errorf("%d are kept", n)
	}
}

// With WhatsApp: such a message comes a few times, and is acknowledged then.
func TestWhatsAppStopsBringingAPoisonedMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	first := w.pair(owner)
	w.must(first.Close(t.Context()))
	l := &link{w: w, sink: newSink(), lease: &lease{fence: 2}, owner: owner}
	l.channel = l.lease.channel(first.channel.ID, owner.Phone)
	l.Conn = newConn(w.options.withDefaults(), l.channel, l.sink)
	holding, err := w.options.Devices.Open(context.WithoutCancel(t.Context()), l.channel.ID, fence(2))
	w.must(err)
	w.must(l.attach(holding))
	l.device = &store.Device{LIDs: trap{}} // the client has its own
	l.start(t.Context())
	t.Cleanup(l.close)
	l.waitOpen()
	id := w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"})
	m := l.message(id)
	if m.Content.Type != providers.TypeUnsupported || m.Content.Kind != "unreadable" {
		t.Errorf("got %+v", m)
	}
	l.waitOpen()
	l.settled()
	if n := count(l.sink, func(m providers.MessageReceived) bool { return m.ID == id }); n != 1 {
		t.Errorf("it came %d times", n)
	}
}
