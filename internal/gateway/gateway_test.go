package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
)

// room is the channels' side of one number.
type room struct {
	Channels // what a test does not use

	status  providers.Status
	linked  string
	pairing *channels.Pairing
	answers func(ctx context.Context, kind string) error
	asked   []string
	wants   []bool

	at   time.Time // when its status becomes another; zero: never
	then providers.Status
}

func (r *room) Now(_ context.Context, id ids.Channel) (channels.Channel, string, error) {
	if !r.at.IsZero() && !time.Now().Before(r.at) {
		r.status = r.then
	}
	return channels.Channel{ID: id, Identifier: "5521977776666", State: channels.State{Status: r.status, Detail: "Look here."}}, r.linked, nil
}

func (r *room) Pairing(context.Context, ids.Channel) (channels.Pairing, bool, error) {
	if r.pairing == nil {
		return channels.Pairing{}, false, nil
	}
	return *r.pairing, true, nil
}

func (r *room) GiveUp(context.Context, ids.Channel, channels.Gone) (bool, error) { return false, nil }

func (r *room) Want(_ context.Context, _ ids.Channel, wanted bool) error {
	r.wants = append(r.wants, wanted)
	return nil
}

func (r *room) Ask(ctx context.Context, _ ids.Channel, kind string, _, _ any) error {
	r.asked = append(r.asked, kind)
	if r.answers == nil {
		return nil
	}
	return r.answers(ctx, kind)
}

// admitted is the context of a request that was let in.
func admitted(t *testing.T) context.Context {
	return context.WithValue(t.Context(), contextKey{}, ids.New[ids.Channel]())
}

// steps are those that ask the holder of the connection.
func steps(s *Service) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		commandPairCode:       func(ctx context.Context) error { _, err := s.pair(ctx, &pairRequest{}); return err },
		commandAnswerPasskey:  func(ctx context.Context) error { _, err := s.answerPasskey(ctx, &passkeyRequest{}); return err },
		commandConfirmPasskey: func(ctx context.Context) error { _, err := s.confirmPasskey(ctx, &numberRequest{}); return err },
		commandLogout:         func(ctx context.Context) error { _, err := s.logout(ctx, &numberRequest{}); return err },
	}
}

// ready is a room in which a step is in its turn.
func ready(kind string) *room {
	r := &room{status: providers.StatusPairing, pairing: &channels.Pairing{QR: "2@x", Passkey: providers.RawJSON(`{}`), Code: "KJ7T-4WQ2"}}
	if kind == commandLogout {
		r.linked = "5521977776666"
	}
	return r
}

// codeComes is a room whose code is stored a moment after the state that tells of
// it.
type codeComes struct {
	*room
	looks int
}

func (r *codeComes) Pairing(ctx context.Context, id ids.Channel) (channels.Pairing, bool, error) {
	if r.looks++; r.looks < 3 {
		return channels.Pairing{}, false, nil
	}
	return r.room.Pairing(ctx, id)
}

func TestConnectAnswersWithTheCode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &codeComes{room: &room{status: providers.StatusQR, pairing: &channels.Pairing{QR: "2@x"}}}
		view, err := New(Options{Channels: r, Now: time.Now}).connect(admitted(t), &numberRequest{})
		if err != nil || view.QR == nil || *view.QR != "2@x" {
			t.Errorf("%+v, %v", view, err)
		}
	})
}

// codesOver is a room whose connection shows no QR code any more until it is begun
// anew.
type codesOver struct{ *room }

func (r *codesOver) Restart(context.Context, ids.Channel) error {
	r.pairing = &channels.Pairing{QR: "2@y"}
	return nil
}

func TestQRCodesThatAreOverBeginAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &codesOver{&room{status: providers.StatusQR}}
		p, err := New(Options{Channels: r, Now: time.Now}).pairing(admitted(t), ids.New[ids.Channel]())
		if err != nil || p.QR != "2@y" {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

// A connection that was slow to come is not begun anew in the moment before its
// first code is stored.
func TestASlowConnectionIsWaitedFor(t *testing.T) {
	t.Parallel()
	for after := range 2 * codelessMost { // looks
		synctest.Test(t, func(t *testing.T) {
			then := time.Now().Add(time.Duration(after) * settleLook)
			r := &slowCode{room: &room{status: providers.StatusConnecting, at: then, then: providers.StatusQR}}
			p, err := New(Options{Channels: r, Now: time.Now}).pairing(admitted(t), ids.New[ids.Channel]())
			if err != nil || p.QR != "2@x" || r.restarted {
				t.Errorf("after %d looks: %+v, %v, begun anew: %v", after, p, err, r.restarted)
			}
		})
	}
}

// slowCode is a room whose code is stored a few looks after its state.
type slowCode struct {
	*room
	looks     int
	restarted bool
}

func (r *slowCode) Pairing(context.Context, ids.Channel) (channels.Pairing, bool, error) {
	r.looks++
	return channels.Pairing{QR: "2@x"}, r.looks > 3, nil
}

func (r *slowCode) Restart(context.Context, ids.Channel) error {
	r.restarted = true
	return nil
}

func TestAHolderThatDoesNotAnswerIsATimeout(t *testing.T) {
	t.Parallel()
	for kind := range steps(nil) {
		synctest.Test(t, func(t *testing.T) {
			r := ready(kind)
			r.answers = func(ctx context.Context, _ string) error {
				<-ctx.Done()
				return fmt.Errorf("wait for WhatsApp: %w", ctx.Err())
			}
			begun := time.Now()
			err := steps(New(Options{Channels: r, Now: time.Now}))[kind](admitted(t))
			if !fault.Is(err, fault.ProviderTimeout) || time.Since(begun) != askMost {
				t.Errorf("%s: after %s %v", kind, time.Since(begun), err)
			}
		})
	}
}

// What the holder meets keeps its meaning on the way to the caller.
func TestWhatTheHolderMeetsIsAFault(t *testing.T) {
	t.Parallel()
	open, ended := providers.State{Status: providers.StatusOpen}, providers.State{Status: providers.StatusBanned, Detail: "Open WhatsApp on the phone."}
	for name, c := range map[string]struct {
		err   error
		state providers.State
		want  fault.Code
	}{
		"a refusal of WhatsApp's":      {errors.New("status 400"), open, fault.ProviderUnavailable},
		"a connection that has ended":  {errors.New("ended"), ended, fault.WhatsAppConnectionClosed},
		"a fault":                      {fault.New(fault.Conflict, "no"), ended, fault.Conflict},
		"what the adapter knows":       {&providers.SendError{Reason: providers.ReasonRateLimited}, open, providers.ReasonRateLimited.Code()},
		"that no server holds it":      {fault.New(fault.ProviderUnavailable, "nobody"), open, fault.ProviderUnavailable},
		"that it cannot do such steps": {&providers.SendError{Reason: providers.ReasonCapabilityUnsupported}, open, fault.CapabilityUnsupported},
	} {
		for kind := range steps(nil) {
			r := ready(kind)
			r.answers = func(context.Context, string) error { return refused(c.err, c.state) }
			if err := steps(New(Options{Channels: r, Now: time.Now}))[kind](admitted(t)); !fault.Is(err, c.want) {
				t.Errorf("%s, %s: %v, want %s", kind, name, err, c.want)
			}
		}
	}
}

func TestAConfirmedPairingIsAwaited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := ready(commandConfirmPasskey)
		r.at, r.then = time.Now().Add(3*time.Second), providers.StatusOpen
		view, err := New(Options{Channels: r, Now: time.Now}).confirmPasskey(admitted(t), &numberRequest{})
		if err != nil || view.Status != providers.StatusOpen || view.QR != nil || len(r.asked) != 1 {
			t.Errorf("%+v, %v, asked %v", view, err, r.asked)
		}
	})
}

func TestAStepOutOfTurnIsNotAsked(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{commandAnswerPasskey, commandConfirmPasskey} {
		for _, p := range []*channels.Pairing{nil, {QR: "2@x"}} {
			r := ready(kind)
			r.pairing = p
			if err := steps(New(Options{Channels: r, Now: time.Now}))[kind](admitted(t)); !fault.Is(err, fault.Conflict) || len(r.asked) > 0 {
				t.Errorf("%s with %+v: %v, asked %v", kind, p, err, r.asked)
			}
		}
	}
}

// What was stored of a connection before this one is no code of it.
func TestACodeIsAwaited(t *testing.T) {
	t.Parallel()
	for status, want := range map[providers.Status]fault.Code{
		providers.StatusConnecting: fault.ProviderTimeout, providers.StatusClosed: fault.ProviderTimeout, providers.StatusOpen: fault.Conflict,
		providers.StatusFailed: fault.WhatsAppConnectionClosed, providers.StatusOutdated: fault.WhatsAppConnectionClosed, providers.StatusBanned: fault.WhatsAppConnectionClosed,
	} {
		synctest.Test(t, func(t *testing.T) {
			r := ready("")
			r.status = status
			if p, err := New(Options{Channels: r, Now: time.Now}).pairing(admitted(t), ids.New[ids.Channel]()); !fault.Is(err, want) {
				t.Errorf("%s: %+v, %v, want %s", status, p, err, want)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		r := ready("")
		r.status = providers.StatusConnecting
		r.at, r.then = time.Now().Add(5*time.Second), providers.StatusQR
		if p, err := New(Options{Channels: r, Now: time.Now}).pairing(admitted(t), ids.New[ids.Channel]()); err != nil || p.QR != "2@x" || len(r.wants) != 1 || !r.wants[0] {
			t.Errorf("%+v, %v, wanted %v", p, err, r.wants)
		}
	})
}

// typist is a connection whose WhatsApp has some numbers.
type typist struct {
	pairer
	has   string
	tried []string
	state providers.State
}

func (p *typist) State() providers.State { return p.state }

func (p *typist) PairByCode(_ context.Context, number string) (string, error) {
	p.tried = append(p.tried, number)
	if p.state.Status == providers.StatusFailed {
		return "", errors.New("not connected")
	}
	if number != p.has {
		return "", whatsappweb.ErrUnknownNumber
	}
	return "KJ7T-4WQ2", nil
}

func (p *typist) AnswerPasskey(context.Context, json.RawMessage) error { return nil }

func TestACodeIsAskedForUnderEveryWayToWriteANumber(t *testing.T) {
	t.Parallel()
	const long, short = "5521977776666", "552177776666"
	open := providers.State{Status: providers.StatusQR}
	for name, c := range map[string]struct {
		number string
		typist typist
		tries  int
		ok     bool
	}{
		"as it is":                  {long, typist{has: long, state: open}, 1, true},
		"without the ninth digit":   {long, typist{has: short, state: open}, 2, true},
		"with it":                   {short, typist{has: long, state: open}, 2, true},
		"a number of nobody":        {long, typist{state: open}, 2, false},
		"a connection that is over": {long, typist{has: short, state: providers.State{Status: providers.StatusFailed}}, 1, false},
	} {
		got, err := pairByCode(t.Context(), &c.typist, c.number)
		if (err == nil) != c.ok || len(c.typist.tried) != c.tries || c.ok && got != (pairCode{Code: "KJ7T-4WQ2", Number: c.typist.has}) {
			t.Errorf("%s: %+v, %v, tried %v", name, got, err, c.typist.tried)
		}
		if fault.Is(err, fault.NumberNotOnWhatsApp) != (name == "a number of nobody") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The access code of a number opens no other file of its account.
func TestACodeNamesNoFileOfTheAccount(t *testing.T) {
	t.Parallel()
	byCode := context.WithValue(t.Context(), codeKey{}, true)
	for _, uri := range []string{ids.New[ids.Media]().String(), "s3://files/a.png", "::"} {
		if err := mayName(byCode, uri); !fault.Is(err, fault.ValidationFailed) {
			t.Errorf("%s by the code: %v", uri, err)
		}
		if err := mayName(t.Context(), uri); err != nil {
			t.Errorf("%s by a key: %v", uri, err)
		}
	}
	for _, uri := range []string{"", "https://example.com/a.png", "http://example.com/a.png"} {
		if err := mayName(byCode, uri); err != nil {
			t.Errorf("%q by the code: %v", uri, err)
		}
	}
}

func TestGuessesLockOutForLonger(t *testing.T) {
	t.Parallel()
	const number, address = "5521977776666", "192.0.2.1"
	g, now := newGuesses(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	want := []time.Duration{0, 0, 0, 0, 0, 30 * time.Second, time.Minute, 2 * time.Minute}
	for i, wait := range want {
		g.wrong(address, number, now)
		if got := g.locked(address, "552177776666", now); got != wait {
			t.Errorf("after %d wrong codes it waits %s, want %s", i+1, got, wait)
		}
	}
	for range 40 {
		g.wrong(address, number, now)
	}
	if got := g.locked(address, number, now.Add(time.Minute)); got != lockedMost-time.Minute {
		t.Errorf("the most is %s", got)
	}
	if g.locked("192.0.2.2", number, now) != 0 || g.locked(address, "5521900000000", now) != 0 {
		t.Error("it locks out others, or of other numbers")
	}
	g.right(address, number)
	g.wrong(address, number, now)
	if got := g.locked(address, number, now); got != 0 {
		t.Errorf("after a right code it waits %s", got)
	}
}
