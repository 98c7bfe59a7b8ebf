package messages

import (
	"context"
	"errors"
)

// attempt plans and commits items once. It gives back those that are not
// answered yet: all of them with an error, and without one those that had to
// leave the batch for a moment (their contacts were merged) and must come again.
func (g *group) attempt(ctx context.Context, sh *shard, items []*item, try int) ([]*item, error) {
	sh.used = sh.used[:0]
	w := newWants(try > 0)
	for _, it := range items {
		it.change.wants(w)
	}
	b := newBatch(g.store.now(), try > 0)
	b.recent, b.platform = sh.recent, g.store.platform
	if sh.checks > 0 || try > 0 {
		sh.checks = max(sh.checks-1, 0)
		wantDuplicates(w, items)
	}
	if err := g.store.read(ctx, sh, w, b); err != nil {
		return items, err
	}

	planned := make([]*item, 0, len(items))
	answers := make([]error, 0, len(items))
	var later []*item
	var merges []mergeOrder
	for _, it := range items {
		err := it.change.apply(ctx, b)
		var merge *mergeOrder
		switch {
		case errors.As(err, &merge):
			merges, later = append(merges, *merge), append(later, it)
		case errors.Is(err, errStale):
			return items, err
		default:
			planned, answers = append(planned, it), append(answers, err)
		}
	}
	if b.writes() {
		if err := g.store.write(ctx, b); err != nil {
			return items, err
		}
	}
	for _, note := range b.done {
		note()
	}
	g.learn(sh, b)
	for i, it := range planned {
		it.finish(answers[i])
	}
	for _, merge := range merges {
		if err := g.store.merge(ctx, merge); err != nil {
			return later, err
		}
		sh.forgetContacts(merge.plans)
	}
	return later, nil
}

// learn keeps what the committed batch has proven about its contacts.
func (g *group) learn(sh *shard, b *batch) {
	for id, plan := range b.byIdentity {
		session := b.active[plan.contact]
		if plan.ignored || session == nil {
			sh.known.Remove(id)
			continue
		}
		if known, ok := sh.known.Peek(id); ok && known.session == session.id && known.rev == session.rev && !plan.changed() {
			continue
		}
		fact := plan.fact
		fact.session, fact.rev = session.id, session.rev
		sh.known.Add(id, &fact)
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
