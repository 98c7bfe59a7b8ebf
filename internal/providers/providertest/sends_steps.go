package providertest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// outbound is a message of its own ids.
func (r sending) outbound(to providers.Address, c providers.Content) providers.Outbound {
	out := providers.Outbound{ID: ids.New[ids.Message](), To: to, Content: c}
	if maker, ok := r.Adapter.(providers.IDMaker); ok {
		out.ProviderID = maker.NewMessageID()
	}
	return out
}

// place waits until a send may go, as whoever sends does.
func (r sending) place(t *testing.T, to providers.Address) {
	t.Helper()
	if pacer, ok := r.Conn.(providers.Pacer); ok {
		r.until(t, "a send has its place", func() bool { return pacer.Reserve(to) == 0 })
	}
}

// send sends what every check lets through, and holds the receipt to what it must
// say.
func (r sending) send(t *testing.T, out providers.Outbound) providers.Receipt {
	t.Helper()
	if checker, ok := r.Adapter.(providers.Checker); ok {
		if err := checker.CheckOutbound(limited(t), out); err != nil {
			t.Errorf("CheckOutbound refuses %+v: %v", out.Content, err)
		}
	}
	if err := r.Conn.Check(limited(t), out); err != nil {
		t.Errorf("Check refuses %+v: %v", out.Content, err)
	}
	r.place(t, out.To)
	receipt, err := r.Conn.Send(limited(t), out)
	if err != nil {
		t.Fatalf("Send %+v: %v", out.Content, err)
	}
	stamped := receipt.Timestamp.IsZero() || isNow(receipt.Timestamp)
	if receipt.ID == "" || receipt.Address.Key() != out.To.Key() || !stamped || receipt.Held != "" {
		t.Errorf("receipt %+v of a message to %+v", receipt, out.To)
	}
	return receipt
}

// isNow tells whether a provider's time, in whole seconds perhaps, is that of this
// run.
func isNow(at time.Time) bool {
	since := time.Since(at)
	return !at.IsZero() && since > -patience && since < 10*patience
}

// shown waits until the phone shows a message.
func (r sending) shown(t *testing.T, who providers.Address, id ids.ProviderMessage) Shown {
	t.Helper()
	var found Shown
	r.until(t, "the phone shows message "+string(id), func() bool {
		list := r.Phones.Shown(t, who)
		i := slices.IndexFunc(list, func(m Shown) bool { return m.ID == id })
		if i >= 0 {
			found = list[i]
		}
		return i >= 0
	})
	return found
}

// fenced is what the phone shows of the channel's once it shows a last message,
// that one left out: what was sent before and is not in it is not shown any more.
func (r sending) fenced(t *testing.T, who providers.Address) []Shown {
	t.Helper()
	last := r.send(t, r.outbound(who, providers.Content{Type: providers.TypeText, Text: fence}))
	r.shown(t, who, last.ID)
	return slices.DeleteFunc(mine(r.Phones.Shown(t, who)), func(m Shown) bool { return m.Text == fence })
}

// fence is the text of messages that fenced sends.
const fence = "isto é tudo"

func mine(list []Shown) []Shown {
	return slices.DeleteFunc(slices.Clone(list), func(m Shown) bool { return !m.Mine })
}

// showsOnly: the phone shows just these messages of the channel's, each once.
func (r sending) showsOnly(t *testing.T, who providers.Address, want ...ids.ProviderMessage) {
	t.Helper()
	list := r.fenced(t, who)
	var got []ids.ProviderMessage
	for _, m := range list {
		got = append(got, m.ID)
	}
	want = slices.Clone(want)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("the phone shows messages %v, want %v: %+v", got, want, list)
	}
}

// refusesAll: whoever may be asked refuses it, with the same reason.
func (r sending) refusesAll(t *testing.T, out providers.Outbound, reason providers.Reason) {
	t.Helper()
	if checker, ok := r.Adapter.(providers.Checker); ok {
		isRefusal(t, "CheckOutbound", checker.CheckOutbound(limited(t), out), reason)
	}
	isRefusal(t, "Check", r.Conn.Check(limited(t), out), reason)
	_, err := r.Conn.Send(limited(t), out)
	isRefusal(t, "Send", err, reason)
}

// isRefusal: it was certainly not sent, and never will be.
func isRefusal(t *testing.T, by string, err error, reason providers.Reason) {
	t.Helper()
	var e *providers.SendError
	if !errors.As(err, &e) {
		t.Errorf("%s does not refuse: %v", by, err)
		return
	}
	if e.Sent != providers.No || e.Retryable || e.Reason != reason || e.Detail == "" {
		t.Errorf("%s refuses with %+v, want the reason %s", by, e, reason.Code())
	}
}

// isField: the error names what of the request is at fault.
func isField(t *testing.T, err error, field string) {
	t.Helper()
	if e := providers.AsSendError(err); e.Field != field {
		t.Errorf("the field at fault is %q, want %q: %v", e.Field, field, err)
	}
}

func isSendError(err error, sent providers.Sent) bool {
	var e *providers.SendError
	return errors.As(err, &e) && e.Sent == sent
}
