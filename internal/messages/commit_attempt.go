package messages

import (
	"context"
	"errors"

	"github.com/cirrus/omnichannel/internal/jobs"
)

// errLater: a change must see rows that it did not want yet. It wants them when it
// comes again.
var errLater = errors.New("a change has more to ask")

// attempt plans and commits items once. It gives back those that are not
// answered yet: all of them with an error, and without one those that had to
// leave the batch for a moment (their contacts were merged, or they have more to
// ask) and must come again.
func (g *group) attempt(ctx context.Context, items []*item, try int) ([]*item, error) {
	w := newWants(try > 0)
	for _, it := range items {
		it.change.wants(w)
	}
	b := newBatch(g.store.now(), try > 0)
	b.recent, b.platform = g.memory.recent, g.store.platform
	if try == 0 && g.memory.numbers.next() {
		b.numbers = g.memory.numbers
	}
	if g.memory.checking() || try > 0 {
		wantDuplicates(w, items)
	}
	planned, err := g.plan(ctx, w, b, items)
	if err == nil && b.writes() {
		err = g.store.write(ctx, b)
	}
	if err != nil {
		g.memory.forget(w.identities)
		g.memory.numbers.forget(b.sessions)
		if errors.Is(err, errNumbers) {
			g.memory.numbers.missed()
		}
		return items, err
	}
	for _, note := range b.done {
		note()
	}
	g.learn(b)
	g.memory.numbers.learn(b.sessions)
	g.memory.keepFresh(b)
	for i, it := range planned.items {
		it.finish(planned.answers[i])
	}
	if list := b.opened(); len(list) > 0 {
		g.opened(list)
	}
	for _, merge := range planned.merges {
		if err := g.store.merge(ctx, merge); err != nil {
			return planned.later, err
		}
		g.memory.forgetContacts(merge.plans)
	}
	return planned.later, nil
}

// plan is what becomes of a batch's items once it is committed.
type plan struct {
	items   []*item
	answers []error // of the items
	// later are those that wait until contacts are merged, or more is read.
	later  []*item
	merges []mergeOrder
}

// plan reads what the changes want and applies them in order.
func (g *group) plan(ctx context.Context, w *wants, b *batch, items []*item) (plan, error) {
	var p plan
	if err := g.store.read(ctx, g.memory, w, b); err != nil {
		return p, err
	}
	waits := map[string]bool{}
	for _, it := range items {
		if waits[it.route] { // none overtakes an earlier one of its route
			p.later = append(p.later, it)
			continue
		}
		_, err := jobs.Guarded(func() (struct{}, error) { return struct{}{}, it.change.apply(ctx, b) })
		var merge *mergeOrder
		switch {
		case errors.As(err, &merge):
			p.merges, p.later, waits[it.route] = append(p.merges, *merge), append(p.later, it), true
		case errors.Is(err, errLater):
			p.later, waits[it.route] = append(p.later, it), true
		case errors.Is(err, errStale), errors.Is(err, jobs.ErrPanicked): // half a plan is of no use; alone, it fails alone
			return p, err
		default:
			p.items, p.answers = append(p.items, it), append(p.answers, err)
		}
	}
	return p, nil
}

// learn keeps what the committed batch has proven about its contacts.
func (g *group) learn(b *batch) {
	for id, plan := range b.byIdentity {
		session := b.active[plan.contact]
		if plan.ignored || session == nil {
			g.memory.known.Remove(id)
			continue
		}
		if known, ok := g.memory.known.Peek(id); ok && known.session == session.id && known.rev == session.rev && !plan.changed() {
			continue
		}
		fact := plan.fact
		fact.session, fact.rev = session.id, session.rev
		g.memory.known.Add(id, &fact)
	}
}

// changed tells whether the batch wrote to the contact.
func (p *contactPlan) changed() bool {
	return p.isNew || p.opens || len(p.set) > 0 || len(p.learned) > 0
}

// deduped is a change whose id may be in the store already.
type deduped interface{ dedupe() (dedupeID, bool) }

// wantDuplicates looks the ids of all items up beforehand.
func wantDuplicates(w *wants, items []*item) {
	for _, it := range items {
		if d, ok := it.change.(deduped); ok {
			if key, has := d.dedupe(); has {
				w.keys[key] = struct{}{}
			}
		}
	}
}
