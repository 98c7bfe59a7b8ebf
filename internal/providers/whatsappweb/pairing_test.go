package whatsappweb

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sandbox/whatsapp"
)

func TestPairByQRAndTalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, friend := w.person(), w.person()
	l := w.pair(owner)
	if got := l.reported(providers.StatusOpen); got.Paired != phoneOf(owner) || got.State.Detail != "" {
		t.Errorf("reported %+v", got)
	}
	in := l.message(w.write(friend, whatsapp.Draft{To: owner.Phone, Text: "oi"}))
	if in.Content.Text != "oi" || in.From.Addresses[0] != phoneOf(friend) || in.From.Name != friend.Name {
		t.Errorf("got %+v", in)
	}
	out := l.text(phoneOf(friend), "tudo bem?")
	receipt := l.send(out)
	if receipt.ID != out.ProviderID || receipt.Address != phoneOf(friend) || receipt.Timestamp.IsZero() {
		t.Errorf("receipt %+v", receipt)
	}
	if m := w.showsText(friend, "tudo bem?"); m.ID != string(out.ProviderID) {
		t.Errorf("the phone shows %+v", m)
	}
	l.status(out.ProviderID, providers.MessageDelivered)
	one(w.s.Read(friend.Phone, owner.Phone, ""))(w)
	l.status(out.ProviderID, providers.MessageRead)
}

// States come in the order of a pairing, each code with when it stops counting.
func TestWhatAPairingReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.pair(w.person())
	l.reported(providers.StatusOpen)
	var states []providers.Status
	l.sink.mu.Lock()
	for _, p := range l.sink.all {
		switch p := p.(type) {
		case providers.ConnectionChanged:
			states = append(states, p.State.Status)
		case providers.PairingOffered:
			if until := time.Until(p.Until); until <= 0 || until > time.Minute {
				t.Errorf("the code counts for %v", until)
			}
		}
	}
	l.sink.mu.Unlock()
	if got := strings.Trim(strings.Join(strs(states), " "), " "); !strings.HasPrefix(got, "qr") || !strings.HasSuffix(got, "open") {
		t.Errorf("states %s", got)
	}
}

func strs(states []providers.Status) (out []string) {
	for _, s := range states {
		out = append(out, string(s))
	}
	return out
}

func TestPairByCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.person()
	l := w.open(owner)
	if _, err := l.PairByCode(t.Context(), "5521999990000"); !errors.Is(err, ErrOtherNumber) {
		t.Errorf("another number: %v", err)
	}
	if _, err := l.PairByCode(t.Context(), "nobody"); !errors.Is(err, phone.ErrInvalid) {
		t.Errorf("no number: %v", err)
	}
	code := one(l.PairByCode(t.Context(), "+55 21 98000-0001"))(w)
	if len(code) != 9 || code[4] != '-' {
		t.Errorf("code %q", code)
	}
	if _, err := l.PairByCode(t.Context(), "552180000001"); !errors.Is(err, ErrUnknownNumber) { // without its ninth digit
		t.Errorf("a number that WhatsApp does not have: %v", err)
	}
	w.must(w.s.EnterCode(t.Context(), owner.Phone, code))
	l.waitOpen()
	if _, err := l.PairByCode(t.Context(), owner.Phone); !errors.Is(err, ErrNotPairing) {
		t.Errorf("paired already: %v", err)
	}
}

// The QR codes run out before the code that was given does: the connection that it
// needs stays.
func TestACodeOutlivesTheQRCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Codes = 1 })
	owner := w.person()
	l := w.open(owner)
	code := one(l.PairByCode(t.Context(), owner.Phone))(w)
	over := make(chan struct{})
	l.tell(signal{run: func() { // as if their time had passed
		l.nextCode()
		close(over)
	}})
	<-over
	w.must(w.s.EnterCode(t.Context(), owner.Phone, code))
	l.waitOpen()
}

func TestPairByPasskey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.person(func(c *whatsapp.PhoneConfig) { c.Passkey = true })
	l := w.open(owner)
	if err := l.AnswerPasskey(t.Context(), []byte("{}")); !errors.Is(err, ErrNotPairing) {
		t.Errorf("too early: %v", err)
	}
	if err := l.ConfirmPasskey(t.Context()); !errors.Is(err, ErrNotPairing) {
		t.Errorf("too early: %v", err)
	}
	w.must(w.s.Scan(owner.Phone, l.code()))
	asked := told(l, "a passkey", func(p providers.PasskeyAsked) bool { return len(p.Request) > 0 })
	if l.reported(providers.StatusPairing); time.Until(asked.Until) <= 0 {
		t.Errorf("asked until %v", asked.Until)
	}
	var request types.WebAuthnPublicKey
	w.must(json.Unmarshal(asked.Request, &request))
	if err := l.AnswerPasskey(t.Context(), []byte("[]")); err == nil {
		t.Error("no response was taken for one")
	}
	response, err := json.Marshal(one(w.s.AnswerPasskey(owner.Phone, request))(w))
	w.must(err)
	w.must(l.AnswerPasskey(t.Context(), response))
	l.waitOpen()
}

// Another phone's scan comes to nothing, there and here.
func TestAnotherPhoneScans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, other := w.person(), w.person()
	l := w.open(owner)
	w.must(w.s.Scan(other.Phone, l.code()))
	end := l.ended()
	if end.State.Status != providers.StatusFailed || end.Again != 0 || !strings.Contains(end.State.Detail, other.Phone) || !strings.Contains(end.State.Detail, owner.Phone) {
		t.Errorf("ended %+v", end)
	}
	if info := one(w.s.Phone(other.Phone))(w); len(info.Devices) != 0 {
		t.Errorf("the other phone is linked to %+v", info.Devices)
	}
	if got := l.reported(providers.StatusFailed); !got.Paired.IsZero() {
		t.Errorf("reported %+v", got)
	}
	again := w.reopen(w.adapter, l.channel.ID, owner, 2, newSink())
	w.must(w.s.Scan(owner.Phone, again.code()))
	again.waitOpen()
}

// The number is registered without the ninth digit that the operator wrote.
func TestPairWithTheNinthDigit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.person(func(c *whatsapp.PhoneConfig) { c.Phone = "552187654321" })
	l := w.open(owner, func(ch *providers.Channel) { ch.Identifier = "5521987654321" })
	w.must(w.s.Scan(owner.Phone, l.code()))
	l.waitOpen()
	if got := l.reported(providers.StatusOpen); got.Paired != phoneOf(owner) {
		t.Errorf("reported %+v", got)
	}
}

func TestNobodyScans(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.FirstCode, o.NextCode, o.Codes = 20*time.Millisecond, 10*time.Millisecond, 3 })
	l := w.open(w.person())
	end := l.ended()
	if end.State.Status != providers.StatusClosed || end.Again != 0 || !strings.Contains(end.State.Detail, "/connect") {
		t.Errorf("ended %+v", end)
	}
	if n := count(l.sink, func(providers.PairingOffered) bool { return true }); n != 3 {
		t.Errorf("%d codes were shown", n)
	}
	l.reported(providers.StatusClosed)
	if _, err := l.PairByCode(t.Context(), l.owner.Phone); !errors.Is(err, ErrNotPairing) {
		t.Errorf("paired by code after the end: %v", err)
	}
}

// A connection that is lost while a code is shown is made anew, with new codes,
// but not for ever.
func TestCutWhileACodeIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Codes = 2 })
	owner := w.person()
	l := w.open(owner)
	first := l.code()
	w.s.CutAll()
	second := told(l, "another code", func(p providers.PairingOffered) bool { return p.Code != first }).Code
	w.must(w.s.Scan(owner.Phone, second))
	l.waitOpen()
}

func TestAWrongPairing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.person(func(c *whatsapp.PhoneConfig) { c.Passkey = true })
	l := w.open(owner)
	w.must(w.s.Scan(owner.Phone, l.code()))
	asked := told(l, "a passkey", func(p providers.PasskeyAsked) bool { return true })
	other := w.person(func(c *whatsapp.PhoneConfig) { c.Passkey = true })
	var request types.WebAuthnPublicKey
	w.must(json.Unmarshal(asked.Request, &request))
	response, err := json.Marshal(one(w.s.AnswerPasskey(other.Phone, request))(w))
	w.must(err)
	if err := l.AnswerPasskey(t.Context(), response); err == nil {
		t.Error("somebody else's passkey was taken")
	}
	if got := l.State().Status; got != providers.StatusPairing {
		t.Errorf("state %s", got)
	}
}

func TestOpenNeedsALease(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.adapter.Open(t.Context(), providers.Channel{ID: ids.New[ids.Channel](), Identifier: "5521980000001"}, newSink()); !errors.Is(err, ErrNoLease) {
		t.Errorf("opened: %v", err)
	}
}
