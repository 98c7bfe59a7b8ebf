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

// Who moved is answered under the new name of the kind that was answered before;
// what only tells of somebody, such as the system's message about a move, changes
// nothing of that.
func TestWhatIsAnsweredAfterAMove(t *testing.T) {
	t.Parallel()
	number := func(value string) providers.Address {
		return providers.Address{Kind: providers.KindPhone, Value: value}
	}
	user := func(value string) providers.Address {
		return providers.Address{Kind: providers.KindBSUID, Value: value}
	}
	type names = []providers.Address
	old, fresh := number("5521988880321"), number("5521988880322")
	first, second := user("BR.ANA1"), user("BR.ANA2")
	for label, c := range map[string]struct {
		said, from, to names
		want           providers.Address
	}{
		"a new number":                          {names{old}, names{old}, names{fresh}, fresh},
		"a new number and user id":              {names{old, first}, names{old, first}, names{second, fresh}, fresh},
		"a new number of who hides it":          {names{first, old}, names{first}, names{fresh, second}, second},
		"a new number, the old one not named":   {names{old, first}, names{first}, names{second, fresh}, fresh},
		"a new user id beside the number":       {names{old, first}, names{first}, names{second, old}, old},
		"a new user id alone":                   {names{old, first}, names{first}, names{second}, old},
		"a new user id of who hides the number": {names{first}, names{first}, names{second}, second},
		"a number that is hidden now":           {names{old}, names{old}, names{second}, second},
	} {
		w := newWorld(t)
		w.accept(w.said("wamid.1", time.Now(), hello, c.said...))
		w.accept(w.inbound(providers.ContactMoved{From: c.from, To: c.to}))
		told := providers.Content{Type: providers.TypeSystem, System: &providers.System{Type: "user_changed_number"}}
		w.accept(w.said("wamid.2", time.Now(), told, c.from...))
		if all := w.contacts(); len(all) != 1 || all[0].ReplyTo != c.want {
			t.Errorf("%s: the contacts are %+v, and %s is to be answered", label, all, c.want.Print())
		}
		w.invariants()
	}
}

// What a batch tells of a person whom the same batch made a contact is kept.
func TestANewContactLearnsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old, fresh := providers.Address{Kind: providers.KindPhone, Value: "5521988880331"}, providers.Address{Kind: providers.KindPhone, Value: "5521988880332"}
	id := providers.Address{Kind: providers.KindBSUID, Value: "BR.ANA331"}
	w.accept(w.said("wamid.1", time.Now(), hello, old), w.said("wamid.2", time.Now(), hello, old, id),
		w.inbound(providers.ContactMoved{From: []providers.Address{old}, To: []providers.Address{fresh}}))
	all := w.contacts()
	if len(all) != 1 || all[0].ReplyTo != fresh || !slices.Equal(all[0].Addresses, []providers.Address{old, id, fresh}) || len(all[0].Identities) != 3 {
		t.Errorf("the contacts are %+v", all)
	}
	w.invariants()
}
