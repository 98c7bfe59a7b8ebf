package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

func TestMessageIDs(t *testing.T) {
	t.Parallel()
	a := New(Options{})
	seen := map[ids.ProviderMessage]bool{}
	for range 100 {
		id := a.NewMessageID()
		if len(id) != 22 || !strings.HasPrefix(string(id), "3EB0") || strings.ToUpper(string(id)) != string(id) || seen[id] {
			t.Errorf("id %q", id)
		}
		seen[id] = true
	}
}

// The number is registered without the ninth digit; it is written to with it, and
// by the hidden address. The receipt has the number that is registered.
func TestSendToTheNinthDigit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.person()
	friend := w.person(func(c *whatsapp.PhoneConfig) { c.Phone = "552187654321" })
	l := w.pair(owner)
	to := providers.Address{Kind: providers.KindPhone, Value: "5521987654321"}
	if receipt := l.send(l.text(to, "oi")); receipt.Address != phoneOf(friend) {
		t.Errorf("receipt %+v", receipt)
	}
	w.showsText(friend, "oi")
	asked := l.asked()
	l.send(l.text(to, "de novo"))
	l.send(l.text(phoneOf(friend), "pelo outro"))
	if l.asked() != asked {
		t.Error("WhatsApp was asked for a number that is known")
	}
	receipt := l.send(l.text(lidOf(friend), "pelo LID"))
	if receipt.Address != phoneOf(friend) { // by which what becomes of it is told
		t.Errorf("receipt %+v", receipt)
	}
	w.showsText(friend, "pelo LID")
}

// asked counts the questions for numbers.
func (l *link) asked() (n int) {
	for _, s := range l.w.s.Stanzas() {
		if s.FromClient && s.Tag == "iq" && strings.Contains(s.XML, `<contact addressing_mode`) || strings.Contains(s.XML, "@c.us</contact>") {
			n++
		}
	}
	return n
}

// Somebody who was not there is asked for again in a while, who was for a day.
func TestHowLongNumbersAreBelieved(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	d := newDirectory(func() time.Time { return now })
	there := person{phone: whatsmeowJID("5521980000001"), lid: whatsmeowLID("1")}
	d.put("5521980000001", there)
	d.put("5521980000002", person{})
	for _, at := range []struct {
		later       time.Duration
		found, miss bool
	}{{9 * time.Minute, true, true}, {11 * time.Minute, true, false}, {23 * time.Hour, true, false}, {25 * time.Hour, false, false}} {
		now = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC).Add(at.later)
		if p, known := d.get("5521980000001"); known != at.found || (known && p != there) {
			t.Errorf("after %v somebody is known: %t, %+v", at.later, known, p)
		}
		if p, known := d.get("5521980000002"); known != at.miss || !p.isNobody() {
			t.Errorf("after %v nobody is known: %t, %+v", at.later, known, p)
		}
	}
}

// What WhatsApp answers to a message decides what happens to it.
func TestRefusedByWhatsApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	for code, want := range map[int]providers.SendError{
		400: {Reason: providers.ReasonInvalidMessage},
		403: {Reason: providers.ReasonRecipientUnavailable},
		404: {Reason: providers.ReasonRecipientUnavailable},
		429: {Reason: providers.ReasonRateLimited, Retryable: true, RetryAfter: 30 * time.Second, TellOperator: true},
		479: {Reason: providers.ReasonInvalidMessage},
		499: {Reason: providers.ReasonUnknown},
		503: {Reason: providers.ReasonProviderInternal, Retryable: true, RetryAfter: 5 * time.Second},
	} {
		w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Times: 1, Fault: whatsapp.Fault{Kind: "ack_error", Code: code}})
		got := l.refusedAs(l.text(phoneOf(friend), "oi"))
		want.ProviderCode = fmt.Sprint(code)
		if got.Detail == "" || got.Err == nil {
			t.Errorf("%d: no detail or cause: %+v", code, got)
		}
		// What the operator is told to do must be something that there is: a
		// linked device has no pace to set.
		if strings.Contains(got.Detail, "pace") {
			t.Errorf("%d: the operator is told %q", code, got.Detail)
		}
		want.Detail, want.Err = got.Detail, got.Err
		if *got != want {
			t.Errorf("%d: %+v", code, got)
		}
		if state := l.State(); want.TellOperator && state.Detail != got.Detail {
			t.Errorf("%d: the operator reads %q", code, state.Detail)
		}
	}
	l.send(l.text(phoneOf(friend), "tudo certo"))
	if state := l.State(); state != (providers.State{Status: open}) {
		t.Errorf("after a message that was taken: %+v", state)
	}
}

// Strangers cannot be written to for a while: the operator reads until when, here
// and in the channel's state, and those who wrote first are answered.
func TestHeldBackFromStrangers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend, stranger := w.person(), w.person(), w.person()
	l := w.pair(owner)
	l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"}))
	w.must(w.s.HoldBack(owner.Phone, 3600))
	year := fmt.Sprint(time.Now().UTC().Add(time.Hour).Year())
	advised := told(l, "advice", func(c providers.ConnectionChanged) bool {
		return c.State.Status == providers.StatusOpen && strings.Contains(c.State.Detail, year)
	})
	e := l.refusedAs(l.text(phoneOf(stranger), "oi"))
	if e.Reason != providers.ReasonAccountBlocked || e.Sent != providers.No || e.Retryable || !e.TellOperator || e.ProviderCode != "463" || e.Detail != advised.State.Detail {
		t.Errorf("refused: %+v", e)
	}
	if got := l.State(); got.Status != providers.StatusOpen || got.Detail != e.Detail {
		t.Errorf("state %+v", got)
	}
	l.send(l.text(phoneOf(friend), "respondo"))
	w.must(w.s.HoldBack(owner.Phone, 0))
	w.until("it may write again", func() bool { return l.State().Detail == "" })
	l.send(l.text(phoneOf(stranger), "agora sim"))
	w.showsText(stranger, "agora sim")
}

// Whether a message went out is known by whether it was handed over.
func TestWithoutAnAcknowledgement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.AckLimit = 300 * time.Millisecond })
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	l.send(l.text(phoneOf(friend), "antes"))
	w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Times: 1, Fault: whatsapp.Fault{Kind: "no_ack"}})
	out := l.text(phoneOf(friend), "sem resposta")
	// A connection that acknowledges nothing is made anew.
	l.backAfter(func() {
		if e := l.refusedAs(out); e.Sent != providers.Maybe || e.Reason != providers.ReasonTimeout || !e.Retryable {
			t.Errorf("no answer: %+v", e)
		}
	})
	w.showsText(friend, "sem resposta")
	// The same message again is the same message.
	l.send(out)
	l.settled()
	list := one(w.s.Messages(friend.Phone, owner.Phone))(w)
	n := 0
	for _, m := range list {
		if m.Text == "sem resposta" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the phone shows it %d times", n)
	}

	// Nothing was handed over: the questions before it were not answered.
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone, Type: "usync"}, Fault: whatsapp.Fault{Kind: "iq_silent"}})
	_, err := l.Send(ctx, l.text(phoneOf(w.person()), "nunca"))
	if e := providers.AsSendError(err); e.Sent != providers.No || e.Reason != providers.ReasonUnavailable || !e.Retryable {
		t.Errorf("before anything went out: %+v", e)
	}
}

// reconnected waits until the device has caught up on a new connection.
func (l *link) reconnected() {
	l.w.Helper()
	l.waitOpen()
	l.settled()
}

// A connection that is cut in the middle of a send is made anew, and the message
// goes out or is known to be doubtful.
func TestCutInASend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	l.send(l.text(phoneOf(friend), "antes"))
	for _, kind := range []string{"cut_before", "cut_after"} {
		w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone}, Times: 1, Fault: whatsapp.Fault{Kind: kind}})
		l.send(l.text(phoneOf(friend), kind))
		w.showsText(friend, kind)
		l.reconnected()
	}
}

// The client asks the phone for what it could not decrypt before it reads on. That
// waits for no more than the sends under way, not for all that are queued.
func TestIntakeDoesNotQueueBehindSends(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, slow, broken, sound := w.person(), w.person(), w.person(), w.person()
	l := w.pair(owner)
	const sends = 8
	var done atomic.Int64
	in := make(chan int64, 1)
	l.sink.refusing(func(p providers.InboundPayload) error {
		if m, is := p.(providers.MessageReceived); is && m.Content.Text == "inteira" {
			select {
			case in <- done.Load():
			default:
			}
		}
		return nil
	})
	late := w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone, Peer: slow.Phone}, Fault: whatsapp.Fault{Kind: "slow_ack", DelayMS: 1000}})
	var sending sync.WaitGroup
	for range sends {
		sending.Go(func() {
			if _, err := l.Send(t.Context(), l.text(phoneOf(slow), "devagar")); err != nil {
				t.Error(err)
			}
			done.Add(1)
		})
	}
	w.hits(late, 1)
	w.fault(whatsapp.Rule{Match: whatsapp.Match{Phone: owner.Phone, Peer: broken.Phone}, Times: 1, Fault: whatsapp.Fault{Kind: "bad_mac"}})
	w.write(broken, whatsapp.Draft{To: owner.Phone, Text: "quebrada"})
	l.message(w.write(sound, whatsapp.Draft{To: owner.Phone, Text: "inteira"}))
	if n := <-in; n > sends/2 {
		t.Errorf("%d of %d sends were done before", n, sends)
	}
	sending.Wait()
}

// A send that waits for its turn is given up when its caller is, certainly unsent.
func TestASendWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	l.send(l.text(phoneOf(friend), "antes")) // what is asked once of a recipient is known
	l.turn <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := l.Send(ctx, l.text(phoneOf(friend), "na fila"))
	if e := providers.AsSendError(err); e.Sent != providers.No || !e.Retryable {
		t.Errorf("got %+v", e)
	}
	<-l.turn
	l.send(l.text(phoneOf(friend), "depois"))
	w.showsText(friend, "depois")
}

// Errors that no server gives on demand have their meaning too.
func TestWhatErrorsMean(t *testing.T) {
	t.Parallel()
	c := newConn(Options{}.withDefaults(), providers.Channel{}, newSink())
	defer c.reportingCancel()
	c.setState(providers.State{Status: open})
	fenced := fmt.Errorf("write: %w", devicestore.ErrFenced)
	for name, x := range map[string]struct {
		err    error
		handed bool
		want   providers.SendError
	}{
		"not connected":     {whatsmeow.ErrNotConnected, false, providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true}},
		"not logged in":     {whatsmeow.ErrNotLoggedIn, false, providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true}},
		"device deleted":    {store.ErrDeviceDeleted, false, providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true}},
		"question cut":      {whatsmeow.ErrIQDisconnected, false, providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true}},
		"question late":     {whatsmeow.ErrIQTimedOut, false, providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true}},
		"ended before":      {context.Canceled, false, providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true}},
		"the store is away": {fenced, false, providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true}},
		"unknown server":    {whatsmeow.ErrUnknownServer, false, providers.SendError{Reason: providers.ReasonInvalidNumber}},
		"ended after":       {context.Canceled, true, providers.SendError{Reason: providers.ReasonTimeout, Sent: providers.Maybe, Retryable: true}},
		"cut after":         {&whatsmeow.DisconnectedError{Action: "message send"}, true, providers.SendError{Reason: providers.ReasonTimeout, Sent: providers.Maybe, Retryable: true}},
		"anything after":    {errors.New("?"), true, providers.SendError{Reason: providers.ReasonTimeout, Sent: providers.Maybe, Retryable: true}},
		"not in the group":  {whatsmeow.ErrNotInGroup, false, providers.SendError{Reason: providers.ReasonRecipientUnavailable, ProviderCode: "403"}},
		"no such group":     {whatsmeow.ErrGroupNotFound, false, providers.SendError{Reason: providers.ReasonRecipientUnavailable, ProviderCode: "404"}},
		"too many asked":    {whatsmeow.ErrIQRateOverLimit, false, providers.SendError{Reason: providers.ReasonRateLimited, Retryable: true, RetryAfter: 30 * time.Second, TellOperator: true, ProviderCode: "429"}},
	} {
		got := providers.AsSendError(c.sendError(x.err, x.handed))
		if got.Detail == "" {
			t.Errorf("%s: no detail", name)
		}
		x.want.Detail, x.want.Err = got.Detail, got.Err
		if *got != x.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// What a state means for a message that waits for it.
func TestNotConnected(t *testing.T) {
	t.Parallel()
	for status, want := range map[providers.Status]struct {
		reason    providers.Reason
		retryable bool
	}{
		connecting:                 {providers.ReasonUnavailable, true},
		showingQR:                  {providers.ReasonConnectionClosed, false},
		pairing:                    {providers.ReasonConnectionClosed, false},
		providers.StatusClosed:     {providers.ReasonConnectionClosed, false},
		providers.StatusLoggedOut:  {providers.ReasonConnectionClosed, false},
		providers.StatusBanned:     {providers.ReasonConnectionClosed, false},
		providers.StatusOutdated:   {providers.ReasonConnectionClosed, false},
		providers.StatusFailed:     {providers.ReasonConnectionClosed, false},
		providers.Status("surely"): {providers.ReasonConnectionClosed, false},
	} {
		c := newConn(Options{}.withDefaults(), providers.Channel{}, newSink())
		c.setState(providers.State{Status: status, Detail: "Do this."})
		got := providers.AsSendError(c.notConnected(errEnded))
		if got.Reason != want.reason || got.Retryable != want.retryable || got.Sent != providers.No || !strings.Contains(got.Detail, "Do this.") && status != connecting {
			t.Errorf("%s: %+v", status, got)
		}
		c.reportingCancel()
	}
}

// Without an open connection, a message waits for one as long as it may.
func TestSendWaitsForTheConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.open(owner)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := l.Send(ctx, l.text(phoneOf(friend), "cedo"))
	if e := providers.AsSendError(err); e.Sent != providers.No {
		t.Errorf("too early: %+v", e)
	}
	sent := make(chan error, 1)
	go func() {
		_, err := l.Send(t.Context(), l.text(phoneOf(friend), "na hora"))
		sent <- err
	}()
	w.must(w.s.Scan(owner.Phone, l.code()))
	w.must(<-sent)
	w.showsText(friend, "na hora")
	w.must(l.Close(t.Context()))
	if e := l.refusedAs(l.text(phoneOf(friend), "tarde")); e.Sent != providers.No || e.Reason != providers.ReasonUnavailable || !e.Retryable {
		t.Errorf("closed: %+v", e)
	}
}
