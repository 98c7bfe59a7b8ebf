package providertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/providers"
)

// refuses: what is not listed is refused whoever is asked, and nothing is shown.
func (r sending) refuses(t *testing.T, k kind) {
	who := r.Phones.Somebody(t)
	out := r.outbound(who, k.content)
	out.Media = k.media
	r.refusesAll(t, out, providers.ReasonCapabilityUnsupported)
	r.showsOnly(t, who)
}

// refusesAddresses: what is no address of a person at this provider.
func (r sending) refusesAddresses(t *testing.T) {
	content := providers.Content{Type: providers.TypeText, Text: "oi"}
	r.refusesAll(t, r.outbound(providers.Address{}, content), providers.ReasonInvalidNumber)
	r.refusesAll(t, r.outbound(providers.Address{Kind: "pager", Value: "1"}, content), providers.ReasonInvalidNumber)
	if !r.Adapter.Capabilities().Groups {
		group := providers.Address{Kind: providers.KindGroup, Value: "120363000000000001"}
		r.refusesAll(t, r.outbound(group, content), providers.ReasonCapabilityUnsupported)
	}
}

// refusesTheMalformed: what no phone could show.
func (r sending) refusesTheMalformed(t *testing.T) {
	who := r.Phones.Somebody(t)
	limits := r.Adapter.Capabilities().Limits
	for _, content := range []providers.Content{
		{Type: providers.TypeText},
		{Type: providers.TypeReaction, Emoji: "👍"},
		{Type: providers.TypeLocation, Latitude: providers.Float(91), Longitude: providers.Float(0)},
		{Type: providers.TypeContacts, Contacts: providers.RawJSON(`[{"phones":[{"phone":"+5521980009999"}]}]`)},
	} {
		if _, carried := limits[content.Type]; carried {
			r.refusesAll(t, r.outbound(who, content), providers.ReasonInvalidMessage)
		}
	}
	r.showsOnly(t, who)
}

// saysWhoIsNotThere: Check says it, or Send, or a status, as the provider learns
// it; nobody keeps silent.
func (r sending) saysWhoIsNotThere(t *testing.T) {
	who := r.Phones.Nobody(t)
	out := r.outbound(who, providers.Content{Type: providers.TypeText, Text: "alô?"})
	const reason = providers.ReasonNotOnWhatsApp
	foreseen := r.Conn.Check(limited(t), out)
	if r.Adapter.Capabilities().ValidateNumber || foreseen != nil {
		isRefusal(t, "Check", foreseen, reason)
		isField(t, foreseen, "recipientNumber")
	}
	receipt, err := r.Conn.Send(limited(t), out)
	switch {
	case err != nil:
		isRefusal(t, "Send", err, reason)
		isField(t, err, "recipientNumber")
	case foreseen != nil:
		t.Errorf("Check refuses with %v, and Send gives %+v", foreseen, receipt)
	default:
		r.until(t, "the sink is told that it failed", func() bool { return r.told(receipt.ID, providers.MessageFailed) })
		for _, s := range r.Phones.Told(receipt.ID) {
			if s.Status != providers.MessageFailed || s.Error == nil || s.Error.Code != string(reason.Code()) || s.Error.Detail == "" {
				t.Errorf("the sink was told %+v, with %+v", s, s.Error)
			}
		}
	}
	if list := r.Phones.Shown(t, who); len(list) > 0 {
		t.Errorf("nobody's phone shows %+v", list)
	}
}

// saysWhatAnEndedContextDid: the context ended before, or ends somewhere in the
// middle. Whether the message went out is as the error says: whoever acts on it
// sends it once.
func (r sending) saysWhatAnEndedContextDid(t *testing.T) {
	const rounds, tries = 4, 6
	for round := range rounds {
		who := r.Phones.Somebody(t)
		text := func(text string) providers.Outbound {
			return r.outbound(who, providers.Content{Type: providers.TypeText, Text: text})
		}
		least := map[string]int{}
		var took time.Duration // in the first round all ended before, and nobody is known yet
		if round > 0 {
			r.send(t, text("antes"))
			began := time.Now()
			r.send(t, text("agora"))
			took = time.Since(began)
			least["antes"], least["agora"] = 1, 1
		}
		for i := range tries {
			out := text(fmt.Sprint("tarde ", i))
			if i%3 == 2 {
				out.Content.Type, out.Media = providers.TypeImage, stored("image/png", "a.png", picture(20+tries*round+i))
			}
			after := took * time.Duration(tries*(round-1)+i) / (tries * (rounds - 2))
			least[out.Content.Text] = r.sendsOnce(t, ending(t, i, after), out)
		}
		r.showsTexts(t, who, least)
	}
}

// saysThatALateAnswerIsDoubt: whoever stops waiting for the provider's word does
// not know, and is told so.
func (r sending) saysThatALateAnswerIsDoubt(t *testing.T) {
	who := r.Phones.Somebody(t)
	r.send(t, r.outbound(who, providers.Content{Type: providers.TypeText, Text: "antes"}))
	r.Phones.Slow(t, who)
	out := r.outbound(who, providers.Content{Type: providers.TypeText, Text: "e então?"})
	r.place(t, who)
	ctx, cancel := context.WithCancel(limited(t))
	defer cancel()
	result := make(chan error, 1)
	go func() {
		_, err := r.Conn.Send(ctx, out)
		result <- err
	}()
	r.until(t, "the phone shows it", func() bool {
		return slices.ContainsFunc(r.Phones.Shown(t, who), func(m Shown) bool { return m.Text == out.Content.Text })
	})
	cancel()
	if err := <-result; err == nil || providers.AsSendError(err).Sent != providers.Maybe {
		t.Errorf("it is shown, and Send says %v", err)
	}
	if _, ours := r.Adapter.(providers.IDMaker); ours {
		r.send(t, out)
	}
	r.showsTexts(t, who, map[string]int{"antes": 1, out.Content.Text: 1})
}

// ending is a context that has ended, where after is none, or does by then: each
// other one by its deadline.
func ending(t *testing.T, n int, after time.Duration) context.Context {
	t.Helper()
	if n%2 == 0 {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		t.Cleanup(cancel)
		return ctx
	}
	ctx, cancel := context.WithCancel(t.Context())
	if after <= 0 {
		cancel()
	}
	timer := time.AfterFunc(after, cancel)
	t.Cleanup(func() { timer.Stop(); cancel() })
	return ctx
}

// sendsOnce sends under a context that ends, then as the error allows, and gives
// how often phones show the message, at least: once, but where it is doubtful and
// a repeat would be another message.
func (r sending) sendsOnce(t *testing.T, ctx context.Context, out providers.Outbound) int {
	t.Helper()
	ended := ctx.Err() != nil
	if err := r.Conn.Check(ctx, out); err != nil && !isSendError(err, providers.No) {
		t.Errorf("Check: %T %v", err, err)
	}
	_, err := r.Conn.Send(ctx, out)
	if err == nil {
		return 1
	}
	var send *providers.SendError
	if !errors.As(err, &send) && !errors.Is(err, ctx.Err()) {
		t.Errorf("a context that ends gives %T %v", err, err)
	}
	e := providers.AsSendError(err)
	if e.Sent == providers.No {
		r.wasNotSent(t, out, e)
	} else if _, ours := r.Adapter.(providers.IDMaker); !ours {
		if ended {
			t.Errorf("what was not begun is perhaps sent, for ever: %v", err)
		}
		return 0
	}
	r.send(t, out)
	return 1
}

func (r sending) wasNotSent(t *testing.T, out providers.Outbound, e *providers.SendError) {
	t.Helper()
	if !e.Retryable {
		t.Errorf("nothing is wrong with the message, and it may not be sent again: %+v", e)
	}
	if slices.ContainsFunc(r.fenced(t, out.To), func(m Shown) bool { return m.Text == out.Content.Text }) {
		t.Errorf("%q is shown, and Send says that it was not sent: %v", out.Content.Text, e)
	}
}

// showsTexts: the phone shows these texts of the channel's, none twice.
func (r sending) showsTexts(t *testing.T, who providers.Address, least map[string]int) {
	t.Helper()
	times := map[string]int{}
	for _, m := range r.fenced(t, who) {
		times[m.Text]++
		if _, sent := least[m.Text]; !sent || times[m.Text] > 1 {
			t.Errorf("the phone shows %+v, time %d", m, times[m.Text])
		}
	}
	for text, n := range least {
		if times[text] < n {
			t.Errorf("the phone does not show %q", text)
		}
	}
}

// refusesOnceClosed: at once, and as often as it is closed.
func (r sending) refusesOnceClosed(t *testing.T) {
	who := r.Phones.Somebody(t)
	before := r.send(t, r.outbound(who, providers.Content{Type: providers.TypeText, Text: "antes"}))
	r.shown(t, who, before.ID)
	for range 2 {
		if err := r.Conn.Close(limited(t)); err != nil {
			t.Errorf("Close: %v", err)
		}
		for _, k := range r.kinds() {
			out := r.outbound(who, k.content)
			out.Media = k.media
			if _, err := r.Conn.Send(limited(t), out); !isSendError(err, providers.No) {
				t.Errorf("%s, closed: %T %v", k.name, err, err)
			}
		}
	}
	if state := r.Conn.State(); state.Status == providers.StatusOpen {
		t.Errorf("closed, its state is %+v", state)
	}
	if lived, ok := r.Conn.(providers.Lived); ok {
		select {
		case <-lived.Done():
		default:
			t.Error("closed, it is not done")
		}
	}
	if list := mine(r.Phones.Shown(t, who)); len(list) != 1 {
		t.Errorf("the phone shows %+v", list)
	}
}
