package messages_test

import (
	"context"
	"io"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
)

// attempts is a device whose sends the test answers, one after the other.
type attempts struct{ asked chan attempt }

// attempt is one of them: its id, and what the device is to say.
type attempt struct {
	id     ids.ProviderMessage
	answer chan error
}

func (a *attempts) Check(context.Context, providers.Outbound) error { return nil }

func (a *attempts) Send(_ context.Context, out providers.Outbound) (providers.Receipt, error) {
	one := attempt{id: out.ProviderID, answer: make(chan error, 1)}
	a.asked <- one
	return providers.Receipt{ID: out.ProviderID, Timestamp: time.Now()}, <-one.answer
}

func (a *attempts) State() providers.State      { return providers.State{Status: providers.StatusOpen} }
func (a *attempts) Close(context.Context) error { return nil }

func linked(t *testing.T) (*world, *attempts) {
	t.Helper()
	w := apart(t)
	a := &attempts{asked: make(chan attempt, 10)}
	w.conn = a
	w.fence.Store(1)
	w.accept(w.text("5521988887777", "in-1", "oi"))
	return w, a
}

type sent struct {
	answer messages.SendAnswer
	err    error
}

func (w *world) sending(s *messages.Service) <-chan sent {
	out := make(chan sent, 1)
	session := w.sessions()[0]
	go func() {
		answer, err := s.Send(context.Background(), session, messages.Draft{Text: "olá"})
		out <- sent{answer, err}
	}()
	return out
}

// A send that perhaps arrived is repeated under its id; when the repeats come to
// nothing, nobody may say that it was not sent.
func TestWhatPerhapsArrivedIsNeverFailed(t *testing.T) {
	t.Parallel()
	w, a := linked(t)
	done := w.sending(w.service)
	first := <-a.asked
	first.answer <- &providers.SendError{Reason: providers.ReasonTimeout, Sent: providers.Maybe, Retryable: true, Detail: "no acknowledgement"}
	again := <-a.asked
	if again.id != first.id {
		t.Errorf("repeated under %s, first sent under %s", again.id, first.id)
	}
	again.answer <- &providers.SendError{Reason: providers.ReasonUnavailable, Detail: "not connected"}
	got := <-done
	if !fault.Is(got.err, fault.ProviderTimeout) {
		t.Errorf("answered %v", got.err)
	}
	for _, m := range w.messages() {
		if m.Direction == messages.Outbound && m.Status != providers.MessageUnknown {
			t.Errorf("the message is %s", m.Status)
		}
	}
}

// Who lost the device in the middle of a send cannot speak for the message any
// more: the next holder's word counts.
func TestAFormerSendersWordDoesNotCount(t *testing.T) {
	t.Parallel()
	w, a := linked(t)
	done := w.sending(w.service)
	first := <-a.asked
	next := w.server()
	w.fence.Store(2)
	next.TakeOver(t.Context(), w.channel.ID)
	again := <-a.asked
	if again.id != first.id {
		t.Errorf("repeated under %s, first sent under %s", again.id, first.id)
	}
	first.answer <- &providers.SendError{Reason: providers.ReasonUnavailable, Detail: "not connected"}
	again.answer <- nil
	got := <-done
	if got.err != nil {
		t.Errorf("answered %v", got.err)
	}
	var m messages.Message
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		for _, row := range w.messages() {
			if row.Direction == messages.Outbound {
				m = row
			}
		}
		if m.Status == providers.MessageSent {
			break
		}
	}
	if m.Status != providers.MessageSent || len(m.History) != 2 {
		t.Errorf("the message is %s: %+v", m.Status, m.History)
	}
}

// broken is a device whose adapter panics.
type broken struct{ attempts }

func (*broken) Send(context.Context, providers.Outbound) (providers.Receipt, error) { panic("boom") }

func (*broken) FetchMedia(context.Context, providers.MediaRef) (io.ReadCloser, error) { panic("bang") }

// What an adapter panics at was perhaps sent, and a file that it cannot fetch is
// tried again; the server goes on.
func TestAPanicOfAnAdapterIsAFailure(t *testing.T) {
	t.Parallel()
	w, _ := linked(t)
	w.conn = &broken{}
	got := <-w.sending(w.service)
	if !fault.Is(got.err, fault.D360InternalError) || w.answered().Status != providers.MessageUnknown {
		t.Errorf("answered %v, the message is %s", got.err, w.answered().Status)
	}
	picture := w.text("5521988887777", "in-2", "").Payload.(providers.MessageReceived)
	picture.Content, picture.Media = providers.Content{Type: providers.TypeImage}, &providers.MediaRef{Mimetype: "image/png"}
	w.accept(w.inbound(picture))
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		files := rows[messages.Message](w, messages.Collection, bson.D{{Key: "media.tries", Value: 1}, {Key: "media.nextAt", Value: bson.D{{Key: "$lt", Value: time.Now().Add(time.Minute)}}}})
		if len(files) == 1 && files[0].Media.Status == messages.MediaPending {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the file is not tried again soon")
		}
	}
}
