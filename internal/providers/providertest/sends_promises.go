package providertest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// shows: the kind passes every check, is shown as it was sent, and climbs the
// ladder.
func (r sending) shows(t *testing.T, k kind) {
	who := r.Phones.Somebody(t)
	out := r.outbound(who, k.content)
	out.Media = k.media
	receipt := r.send(t, out)
	k.shown.ID, k.shown.Mine = receipt.ID, true
	if diff := Diff(k.shown, r.shown(t, who, receipt.ID)); diff != "" {
		t.Errorf("the phone shows it otherwise:\n%s", diff)
	}
	r.climbs(t, out, receipt)
	r.showsOnly(t, who, receipt.ID)
}

// climbs waits until the sink was told of each step, and holds every status to
// what it must say.
func (r sending) climbs(t *testing.T, out providers.Outbound, receipt providers.Receipt) {
	t.Helper()
	for _, step := range r.Ladder {
		if step == providers.MessageRead {
			r.Phones.Read(t, out.To, receipt.ID)
		}
		r.until(t, "the sink is told: "+string(step), func() bool { return r.told(receipt.ID, step) })
	}
	rank := 0
	for _, s := range r.Phones.Told(receipt.ID) {
		// A repeat is none of a status's faults; a step down is.
		if s.Status.Rank() < rank || !slices.Contains(r.Ladder, s.Status) || s.Error != nil {
			t.Errorf("the sink was told %+v of the ladder %v", r.Phones.Told(receipt.ID), r.Ladder)
		}
		rank = s.Status.Rank()
		ours := s.OurID.IsZero() || s.OurID == out.ID
		recipient := s.Address.IsZero() || s.Address.Key() == receipt.Address.Key()
		if !ours || !recipient || !isNow(s.Timestamp) {
			t.Errorf("status %+v of message %s, receipt %+v", s, out.ID, receipt)
		}
	}
}

func (r sending) told(id ids.ProviderMessage, status providers.MessageStatus) bool {
	return slices.ContainsFunc(r.Phones.Told(id), func(s providers.StatusChanged) bool { return s.Status == status })
}

// answers: to whichever of a person's addresses, the one person gets it.
func (r sending) answers(t *testing.T) {
	who := r.Phones.Somebody(t)
	names := r.Phones.Write(t, who, "oi").From.Addresses
	named := func(a providers.Address) bool {
		return slices.ContainsFunc(names, func(name providers.Address) bool { return name.Key() == a.Key() })
	}
	var list []ids.ProviderMessage
	for _, name := range names {
		receipt, err := r.Conn.Send(limited(t), r.outbound(name, providers.Content{Type: providers.TypeText, Text: name.Print()}))
		if err != nil || !named(receipt.Address) {
			t.Fatalf("a message to %+v: %+v, %v", name, receipt, err)
		}
		if m := r.shown(t, who, receipt.ID); m.Text != name.Print() {
			t.Errorf("a message to %+v is shown as %+v", name, m)
		}
		for _, s := range r.Phones.Told(receipt.ID) {
			if !named(s.Address) {
				t.Errorf("the sink was told %+v of a message to one of %+v", s, names)
			}
		}
		list = append(list, receipt.ID)
	}
	r.showsOnly(t, who, list...)
}

// showsQuotes: of what the person wrote, and of what the channel did.
func (r sending) showsQuotes(t *testing.T) {
	who := r.Phones.Somebody(t)
	asked := r.Phones.Write(t, who, "Qual o horário?")
	answer := r.outbound(who, providers.Content{Type: providers.TypeText, Text: "Às 8h"})
	answer.Quote = &providers.Quote{ID: asked.ID, Text: "Qual o horário?", Author: authorOf(asked)}
	first := r.send(t, answer)
	again := r.outbound(who, providers.Content{Type: providers.TypeImage, Text: "da manhã"})
	again.Media = stored("image/png", "a.png", picture(10))
	again.Quote = &providers.Quote{ID: first.ID, Text: "Às 8h", Mine: true}
	second := r.send(t, again)
	for id, quoted := range map[ids.ProviderMessage]ids.ProviderMessage{first.ID: asked.ID, second.ID: first.ID} {
		if m := r.shown(t, who, id); m.Quote != quoted {
			t.Errorf("a message that quotes %s is shown as %+v", quoted, m)
		}
	}
	r.showsOnly(t, who, first.ID, second.ID)
}

// showsReactions: to what the person wrote, and to what the channel did; one
// replaces the other, an empty one takes it away.
func (r sending) showsReactions(t *testing.T) {
	who := r.Phones.Somebody(t)
	theirs := r.Phones.Write(t, who, "Obrigado")
	ours := r.send(t, r.outbound(who, providers.Content{Type: providers.TypeText, Text: "De nada"}))
	for _, target := range []providers.Content{
		{Type: providers.TypeReaction, Target: theirs.ID, TargetAuthor: authorOf(theirs)},
		{Type: providers.TypeReaction, Target: ours.ID, TargetMine: true},
	} {
		for _, emoji := range []string{"👍", "❤️", ""} {
			target.Emoji = emoji
			r.send(t, r.outbound(who, target))
			r.until(t, fmt.Sprintf("the phone shows the reaction %q", emoji), func() bool {
				return r.shown(t, who, target.Target).Reaction == emoji
			})
		}
	}
	r.showsOnly(t, who, ours.ID)
}

// sendsUnderOurIDs: the id that was chosen is the message's, and a repeat under it
// is the same message.
func (r sending) sendsUnderOurIDs(t *testing.T, maker providers.IDMaker) {
	who := r.Phones.Somebody(t)
	out := r.outbound(who, providers.Content{Type: providers.TypeText, Text: "uma vez"})
	fixed := r.outbound(who, providers.Content{Type: providers.TypeText, Text: "e outra"})
	fixed.ProviderID = maker.MessageIDOf(fixed.ID)
	unnamed := r.outbound(who, providers.Content{Type: providers.TypeText, Text: "sem nome"})
	unnamed.ProviderID = ""
	if maker.MessageIDOf(fixed.ID) != fixed.ProviderID || maker.MessageIDOf(out.ID) == fixed.ProviderID || maker.NewMessageID() == out.ProviderID {
		t.Error("ids are not a message's own")
	}
	first := r.send(t, unnamed)
	for range 3 {
		for _, o := range []providers.Outbound{out, fixed} {
			if receipt := r.send(t, o); receipt.ID != o.ProviderID {
				t.Errorf("sent under %s, the receipt has %s", o.ProviderID, receipt.ID)
			}
		}
	}
	r.showsOnly(t, who, first.ID, out.ProviderID, fixed.ProviderID)
}

func (r sending) revokes(t *testing.T, revoker providers.Revoker) {
	who := r.Phones.Somebody(t)
	gone := r.send(t, r.outbound(who, providers.Content{Type: providers.TypeText, Text: "engano"}))
	stays := r.send(t, r.outbound(who, providers.Content{Type: providers.TypeText, Text: "certo"}))
	if err := revoker.Revoke(limited(t), who, gone.ID); err != nil {
		t.Fatal(err)
	}
	r.until(t, "the phone shows that it was deleted", func() bool { return r.shown(t, who, gone.ID).Deleted })
	if m := r.shown(t, who, gone.ID); m.Text != "" || m.Type != "" {
		t.Errorf("of the deleted message there is %+v", m)
	}
	if m := r.shown(t, who, stays.ID); m.Deleted || m.Text != "certo" {
		t.Errorf("the message beside it is %+v", m)
	}
}

// showsTyping: the text that comes ends it.
func (r sending) showsTyping(t *testing.T, typer providers.Typer) {
	who := r.Phones.Somebody(t)
	last := r.Phones.Write(t, who, "alguém aí?").ID
	if err := typer.SendTyping(limited(t), who, last, providers.Typing); err != nil {
		t.Fatal(err)
	}
	r.until(t, "the phone shows that somebody types", func() bool { return r.Phones.Typing(t, who) })
	r.send(t, r.outbound(who, providers.Content{Type: providers.TypeText, Text: "sim"}))
	r.until(t, "the phone shows it no more", func() bool { return !r.Phones.Typing(t, who) })
	for _, state := range []providers.TypingState{providers.Recording, providers.Paused} {
		if err := typer.SendTyping(limited(t), who, last, state); err != nil {
			t.Errorf("%s: %v", state, err)
		}
	}
}

func (r sending) marksRead(t *testing.T, marker providers.ReadMarker) {
	who := r.Phones.Somebody(t)
	var marks []providers.ReadMark // the newest first
	for _, text := range []string{"um", "dois", "três"} {
		m := r.Phones.Write(t, who, text)
		marks = append([]providers.ReadMark{{ID: m.ID, Author: authorOf(m)}}, marks...)
	}
	if err := marker.MarkRead(limited(t), who); err != nil {
		t.Errorf("none: %v", err)
	}
	if err := marker.MarkRead(limited(t), who, marks...); err != nil {
		t.Fatal(err)
	}
	for _, mark := range marks {
		r.until(t, "the phone shows that it was read", func() bool { return r.shown(t, who, mark.ID).Read })
	}
}

// keepsConcurrentSendsApart: each is shown once, with its own text, under its own
// id.
func (r sending) keepsConcurrentSendsApart(t *testing.T) {
	const senders = 20
	who := r.Phones.Somebody(t)
	type sent struct {
		text    string
		receipt providers.Receipt
		err     error
	}
	results := make(chan sent, senders)
	for i := range senders {
		text := fmt.Sprint("ao mesmo tempo ", i)
		out := r.outbound(who, providers.Content{Type: providers.TypeText, Text: text})
		r.place(t, who)
		go func() {
			receipt, err := r.Conn.Send(limited(t), out)
			results <- sent{text, receipt, err}
		}()
	}
	var list []ids.ProviderMessage
	for range senders {
		s := <-results
		if s.err != nil {
			t.Errorf("%s: %v", s.text, s.err)
			continue
		}
		if m := r.shown(t, who, s.receipt.ID); m.Text != s.text {
			t.Errorf("%q is shown as %+v", s.text, m)
		}
		list = append(list, s.receipt.ID)
	}
	r.showsOnly(t, who, list...)
}

// authorOf is what the author of a message must be called where it is named.
func authorOf(m providers.MessageReceived) providers.Address {
	return cmp.Or(m.From.As, m.From.Addresses[0])
}
