package messages_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// A message that must wait until two contacts are one is not overtaken by what
// its sender wrote after it.
func TestNobodyOvertakesAMerge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone, lid := providers.Address{Kind: providers.KindPhone, Value: "5521988880301"}, providers.Address{Kind: providers.KindLID, Value: "301301301"}
	said := func(id string, addresses ...providers.Address) providers.Inbound {
		in := w.text("", id, id)
		payload := in.Payload.(providers.MessageReceived)
		payload.From.Addresses = addresses
		return providers.Inbound{Channel: w.channel.ID, ReceivedAt: time.Now(), Payload: payload}
	}
	w.accept(said("by phone", phone))
	w.accept(said("by lid", lid))
	if err := w.service.Accept(context.Background(), said("both", phone, lid), said("next", phone), said("last", phone)); err != nil {
		t.Fatal(err)
	}
	numbers := map[string]int64{}
	for _, m := range w.messages() {
		numbers[m.Content.Text] = m.Sequence
	}
	if len(numbers) != 5 || numbers["both"] >= numbers["next"] || numbers["next"] >= numbers["last"] {
		t.Errorf("the messages are numbered %v", numbers)
	}
	w.invariants()
}

// A notice of a new number merges nobody who has an id of their own: the number
// moves to the person who told of it, and what its former owner writes stays
// theirs.
func TestANewNumberMergesNoTwoPeople(t *testing.T) {
	t.Parallel()
	number := func(value string) providers.Address {
		return providers.Address{Kind: providers.KindPhone, Value: value}
	}
	user := func(value string) providers.Address {
		return providers.Address{Kind: providers.KindBSUID, Value: value}
	}
	first, second := number("5521988880311"), number("5521988880312")
	for label, from := range map[string][]providers.Address{
		"who is named by number": {first}, "who is named by both": {first, user("BR.ANA")}, "whom nobody knows": {number("5521988880313")},
	} {
		w := newWorld(t)
		w.accept(w.said("wamid.1", time.Now(), hello, first, user("BR.ANA")))
		w.accept(w.said("wamid.2", time.Now(), hello, second, user("BR.BRUNO")))
		w.accept(w.inbound(providers.ContactMoved{From: from, To: []providers.Address{second}}))
		w.accept(w.said("wamid.3", time.Now(), hello, user("BR.BRUNO")))
		has := map[string][]string{}
		for _, c := range w.contacts() {
			has[c.Identifier] = c.Identities
		}
		anas := []string{first.Key(), "bsuid:BR.ANA", second.Key()}
		if label == "whom nobody knows" {
			anas = anas[:2]
		}
		if len(has) != 2 || !slices.Equal(has[first.Value], anas) || !slices.Equal(has[second.Value], []string{"bsuid:BR.BRUNO"}) {
			t.Errorf("%s: the contacts are %v", label, has)
		}
		of := map[ids.ProviderMessage]ids.Session{}
		for _, m := range w.messages() {
			of[m.ProviderID] = m.Session
		}
		if of["wamid.3"] != of["wamid.2"] || of["wamid.3"] == of["wamid.1"] {
			t.Errorf("%s: what the former owner writes is in session %s, theirs is %s", label, of["wamid.3"], of["wamid.2"])
		}
		w.invariants()
	}
}
