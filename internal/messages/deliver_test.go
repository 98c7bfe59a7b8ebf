package messages_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
)

// busy is a provider that lets nothing go while it is held, and answers sends as
// the test says, one after the other.
type busy struct {
	held    atomic.Bool
	asked   atomic.Int32
	answers chan error
}

func (b *busy) Reserve(providers.Address) time.Duration {
	if b.held.Load() {
		return time.Hour
	}
	return 0
}

func (b *busy) Check(context.Context, providers.Outbound) error { return nil }

func (b *busy) Send(context.Context, providers.Outbound) (providers.Receipt, error) {
	b.asked.Add(1)
	select {
	case err := <-b.answers:
		return providers.Receipt{ID: "wamid.TAKEN", Timestamp: time.Now()}, err
	default:
		return providers.Receipt{}, &providers.SendError{Reason: providers.ReasonInvalidMessage, Detail: "The provider was asked once too often."}
	}
}

func (b *busy) State() providers.State      { return providers.State{Status: providers.StatusOpen} }
func (b *busy) Close(context.Context) error { return nil }

var throttled = &providers.SendError{Reason: providers.ReasonRateLimited, Retryable: true, RetryAfter: time.Minute, ProviderCode: "131056", Detail: "too many messages to this person"}

// accepted is a world with one message that was answered 202.
func accepted(t *testing.T) (*world, *busy, time.Time) {
	t.Helper()
	w := apart(t)
	b := &busy{answers: make(chan error, 10)}
	b.held.Store(true)
	w.conn = b
	w.accept(w.text("5521988881001", "wamid.IN", "oi"))
	answer, err := w.service.Send(t.Context(), w.sessions()[0], messages.Draft{Text: "olá"})
	if err != nil || answer.Status != providers.MessageQueued {
		t.Fatalf("answered %+v, %v, want queued", answer, err)
	}
	b.held.Store(false)
	return w, b, time.Now()
}

// at lets a server whose clock shows at look for queued messages, and gives the
// message once that has done what there was to do.
func (w *world) at(at time.Time) messages.Message {
	w.t.Helper()
	server := w.serverAt(func() time.Time { return at })
	for _, loop := range server.Loops() {
		if loop.Name != "queued" {
			continue
		}
		if err := loop.Run(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := server.Close(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return w.answered()
}

// answered is the world's only outbound message.
func (w *world) answered() messages.Message {
	w.t.Helper()
	all := rows[messages.Message](w, messages.Collection, bson.D{{Key: "direction", Value: messages.Outbound}})
	if len(all) != 1 {
		w.t.Fatalf("%d outbound messages, want 1", len(all))
	}
	return all[0]
}

// What was answered 202 is not failed because the provider wants a pause that no
// request would wait for: it goes when the pause is over.
func TestAQueuedMessageOutlastsAThrottle(t *testing.T) {
	t.Parallel()
	w, b, start := accepted(t)
	b.answers <- throttled
	if m := w.at(start.Add(time.Second)); m.Status != providers.MessageQueued || m.Claim != nil || b.asked.Load() != 1 {
		t.Fatalf("after the throttle the message is %s, claimed by %+v, tried %d times: %+v", m.Status, m.Claim, b.asked.Load(), m.Error)
	}
	if w.at(start.Add(30 * time.Second)); b.asked.Load() != 1 {
		t.Error("the message was tried during the pause")
	}
	b.answers <- nil
	if m := w.at(start.Add(62 * time.Second)); m.Status != providers.MessageSent || b.asked.Load() != 2 {
		t.Errorf("after the pause the message is %s, tried %d times", m.Status, b.asked.Load())
	}
	w.invariants()
}

// A provider that nobody reaches is asked with a growing pause, and a message
// whose ten minutes end within the next one fails as the provider said.
func TestAQueuedMessageIsTriedForItsTenMinutes(t *testing.T) {
	t.Parallel()
	w, b, start := accepted(t)
	away := &providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true, ProviderCode: "away", Detail: "The provider was not reached."}
	for i, after := range []time.Duration{time.Second, 10 * time.Second, 5 * time.Minute, 9 * time.Minute} {
		b.answers <- away
		m := w.at(start.Add(after))
		if m.Status != providers.MessageQueued || int(b.asked.Load()) != i+1 {
			t.Fatalf("after %s the message is %s, tried %d times", after, m.Status, b.asked.Load())
		}
		if pause, most := m.NotBefore.Sub(start.Add(after)), min(after/2+time.Second, 30*time.Second); pause <= 0 || pause > most {
			t.Errorf("after %s the next pause is %s, want at most %s", after, pause, most)
		}
	}
	b.answers <- away
	if m := w.at(start.Add(10*time.Minute - 10*time.Second)); m.Status != providers.MessageFailed || m.Error == nil || m.Error.ProviderCode != "away" {
		t.Errorf("at the end the message is %s: %+v", m.Status, m.Error)
	}
}

// A request that waits is told, and then the message is not tried again, whichever
// server sends it.
func TestAThrottledRequestIsRefusedForGood(t *testing.T) {
	t.Parallel()
	for label, elsewhere := range map[string]bool{"here": false, "elsewhere": true} {
		w := apart(t)
		b := &busy{answers: make(chan error, 1)}
		b.answers <- throttled
		w.conn = b
		w.accept(w.text("5521988881002", "wamid.IN", "oi"))
		if elsewhere {
			holder := w.server()
			w.away.Store(true)
			w.ask = func() error {
				w.away.Store(false)
				_, err := holder.SendFor(context.Background(), b, messages.SendCommand{Message: w.answered().ID})
				return err
			}
		}
		_, err := w.service.Send(t.Context(), w.sessions()[0], messages.Draft{Text: "olá"})
		if m := w.answered(); !fault.Is(err, fault.D360RateLimited) || m.Status != providers.MessageFailed {
			t.Errorf("%s: answered %v, the message is %s", label, err, m.Status)
		}
	}
}

// That the store could not tell of the channel says nothing of the message.
func TestAReadThatFailsFailsNoMessage(t *testing.T) {
	t.Parallel()
	w, b, start := accepted(t)
	w.connErr = errors.New("the store does not answer")
	if m := w.at(start.Add(time.Second)); m.Status != providers.MessageQueued || m.Error != nil {
		t.Fatalf("the message is %s: %+v", m.Status, m.Error)
	}
	w.connErr = nil
	b.answers <- nil
	if m := w.at(start.Add(time.Minute)); m.Status != providers.MessageSent {
		t.Errorf("once the store answers the message is %s", m.Status)
	}
}

// What says that the channel cannot send fails the message.
func TestAClosedChannelFailsItsMessages(t *testing.T) {
	t.Parallel()
	for _, refusal := range []error{fault.New(fault.WhatsAppConnectionClosed, "closed"), fault.Missing("channel", ids.New[ids.Channel]())} {
		w, _, start := accepted(t)
		w.connErr = refusal
		if m := w.at(start.Add(time.Second)); m.Status != providers.MessageFailed {
			t.Errorf("with %v the message is %s", refusal, m.Status)
		}
	}
}
