package messages_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
)

// person is somebody whom the provider names in up to two ways.
type person struct{ phone, bsuid string }

// party names the person by phone, by business-scoped id, or by both.
func (p person) party(rng *rand.Rand) providers.Party {
	byPhone := providers.Address{Kind: providers.KindPhone, Value: p.phone}
	byID := providers.Address{Kind: providers.KindBSUID, Value: p.bsuid}
	return []addresses{{byPhone}, {byID}, {byPhone, byID}, {byID, byPhone}}[rng.IntN(4)].party()
}

type addresses []providers.Address

func (a addresses) party() providers.Party { return providers.Party{Addresses: a, Name: "Ana"} }

// Everything that changes a session happens at once, from two servers: new and
// repeated messages under changing names (so that contacts turn out to be
// one), statuses, reactions, reads, transfers and finishes.
func TestEverythingAtOnceKeepsEveryInvariant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	servers := []*messages.Service{w.service, w.server()}
	const people, steps, workers = 5, 40, 8
	var wg sync.WaitGroup
	accepted := sync.Map{}
	for worker := range workers {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(7, uint64(worker)))
			server := servers[worker%len(servers)]
			for step := range steps {
				who := rng.IntN(people)
				p := person{fmt.Sprintf("552198877%04d", who), fmt.Sprintf("BR.ANA%d", who)}
				id := ids.ProviderMessage(fmt.Sprintf("wamid.%d.%d", worker/2, step)) // two workers share ids
				if err := act(w, server, rng, p, id); err != nil {
					t.Errorf("worker %d, step %d: %v", worker, step, err)
				}
				accepted.Store(id, true)
			}
		})
	}
	wg.Wait()
	w.invariants()
	live := 0
	for _, c := range w.contacts() {
		if c.Condition == contacts.Live {
			live++
		} else if len(c.Identities) > 0 {
			t.Errorf("contact %s is %s and still has identities %v", c.ID, c.Condition, c.Identities)
		}
	}
	if live != people {
		t.Errorf("%d live contacts, want %d: those that are one person were not merged", live, people)
	}
	seen := map[ids.ProviderMessage]int{}
	for _, m := range w.messages() {
		seen[m.ProviderID]++
	}
	accepted.Range(func(id, _ any) bool {
		if n := seen[id.(ids.ProviderMessage)]; n > 1 {
			t.Errorf("message %v is there %d times", id, n)
		}
		return true
	})
}

// act does one thing, chosen by chance.
func act(w *world, server *messages.Service, rng *rand.Rand, p person, id ids.ProviderMessage) error {
	ctx := context.Background()
	text := providers.MessageReceived{ID: id, From: p.party(rng), Content: providers.Content{Type: providers.TypeText, Text: "x"}}
	switch rng.IntN(6) {
	case 0:
		text.Content = providers.Content{Type: providers.TypeReaction, Target: ids.ProviderMessage(fmt.Sprintf("wamid.%d.%d", rng.IntN(4), rng.IntN(40))), Emoji: "👍"}
		return server.Accept(ctx, w.inbound(text))
	case 1:
		for _, s := range w.sessions() {
			if s.State == sessions.Active && rng.IntN(3) == 0 {
				_, err := server.Finish(ctx, s)
				return err
			}
		}
		return nil
	case 2:
		for _, s := range w.sessions() {
			if s.State == sessions.Active && rng.IntN(2) == 0 {
				_, err := server.Transfer(ctx, s, sessions.Transfer{
					ID: ids.New[ids.Transfer](), By: "test", To: sessions.Holder{Platform: sessions.PlatformRef{Slug: "console", Config: w.config.ID}},
				})
				if fault.Is(err, fault.SessionFinished) {
					return nil // another worker was faster
				}
				return err
			}
		}
		return nil
	default:
		return server.Accept(ctx, w.inbound(text), w.inbound(text))
	}
}

// A number that comes with another stable id has a new owner: the two are
// never merged, and the number moves to the newcomer.
func TestARecycledNumberMovesToTheNewcomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	by := func(id string, names ...providers.Address) providers.Inbound {
		return w.inbound(providers.MessageReceived{ID: ids.ProviderMessage(id), From: addresses(names).party(), Content: providers.Content{Type: providers.TypeText, Text: "x"}})
	}
	number := providers.Address{Kind: providers.KindPhone, Value: "5521988880001"}
	w.accept(by("wamid.1", number, providers.Address{Kind: providers.KindBSUID, Value: "BR.OLD"}))
	w.accept(by("wamid.2", number, providers.Address{Kind: providers.KindBSUID, Value: "BR.NEW"}))
	w.accept(by("wamid.3", number))
	all := w.contacts()
	if len(all) != 2 {
		t.Fatalf("%d contacts, want the old owner and the new one", len(all))
	}
	for _, m := range w.messages() {
		for _, c := range all {
			if m.Contact == c.ID && m.ProviderID == "wamid.3" && len(c.Identities) != 2 {
				t.Errorf("the number belongs to %v, want the newcomer", c.Identities)
			}
		}
	}
	w.invariants()
}

// A phone-only contact and an id-only contact turn out to be one person.
func TestTwoContactsThatAreOneAreMerged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	number := providers.Address{Kind: providers.KindPhone, Value: "5521988880002"}
	id := providers.Address{Kind: providers.KindBSUID, Value: "BR.ONE"}
	send := func(message string, names ...providers.Address) {
		w.accept(w.inbound(providers.MessageReceived{ID: ids.ProviderMessage(message), From: addresses(names).party(), Content: providers.Content{Type: providers.TypeText, Text: "x"}}))
	}
	send("wamid.1", number)
	send("wamid.2", id)
	send("wamid.3", id, number)
	var live, merged []contacts.Contact
	for _, c := range w.contacts() {
		if c.Condition == contacts.Live {
			live = append(live, c)
		} else {
			merged = append(merged, c)
		}
	}
	if len(live) != 1 || len(merged) != 1 || merged[0].MergedInto != live[0].ID || len(live[0].Identities) != 2 {
		t.Fatalf("live %+v, merged %+v", live, merged)
	}
	active := 0
	for _, s := range w.sessions() {
		if s.State == sessions.Active {
			active++
		}
	}
	if active != 1 {
		t.Errorf("%d active sessions, want 1", active)
	}
	told := 0
	for _, e := range w.events() {
		if e.Type == "contact.merged" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("contact.merged was told %d times", told)
	}
	w.invariants()
}

// What is typed on the phone joins the open session and opens none.
func TestAnEchoOpensNoSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	echo := w.text("5521988880003", "wamid.ECHO", "do celular").Payload.(providers.MessageReceived)
	echo.FromPhone = true
	w.accept(w.inbound(echo))
	if len(w.contacts())+len(w.sessions())+len(w.messages()) > 0 {
		t.Fatal("an echo to nobody we know was kept")
	}
	w.accept(w.text("5521988880003", "wamid.IN", "oi"))
	w.accept(w.inbound(echo))
	for _, m := range w.messages() {
		if m.ProviderID == "wamid.ECHO" && (m.Direction != messages.Outbound || m.Origin != messages.FromPhone || m.Sequence != 2) {
			t.Errorf("the echo is %s from %s with number %d", m.Direction, m.Origin, m.Sequence)
		}
	}
	w.invariants()
}
