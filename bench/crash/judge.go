package main

import (
	"cmp"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// judge holds what was told against what there is.
func (p *picture) judge() verdict {
	var v verdict
	events := p.place(&v)
	p.judgeDeliveries(events, &v)
	p.judgeArrivals(events, &v)
	p.judgeOrder(&v)
	p.judgeStream(events, &v)
	return v
}

// place gives all events by their ids, and sees to it that their positions
// count from 1 without gap or repeat.
func (p *picture) place(v *verdict) map[string]*event {
	sorted := slices.Clone(p.batches)
	slices.SortFunc(sorted, func(a, b batch) int { return cmp.Compare(a.Last, b.Last) })
	events, upTo := map[string]*event{}, int64(0)
	for _, b := range sorted {
		first := b.Last - int64(len(b.Events)) + 1
		for i := range b.Events {
			e := &b.Events[i]
			events[e.ID.Hex()] = e
			if !b.Unplaced && b.Last > 0 {
				e.Position = first + int64(i)
			}
		}
		switch {
		case b.Unplaced || b.Last == 0:
			v.miss("event %s and %d that followed it have no position", b.Events[0].ID.Hex(), len(b.Events)-1)
			continue
		case first > upTo+1:
			v.miss("no event has a position from %d to %d", upTo+1, first-1)
		case first <= upTo:
			v.double("positions from %d to %d are there twice", first, upTo)
		}
		upTo = b.Last
	}
	if upTo != p.last {
		v.miss("the last event has position %d, the account counts %d", upTo, p.last)
	}
	return events
}

// judgeDeliveries sees to it that each event has one delivery, which was made.
func (p *picture) judgeDeliveries(events map[string]*event, v *verdict) {
	rows := map[bson.ObjectID]int{}
	for _, d := range p.deliveries {
		rows[d.Event]++
		if d.Status != "delivered" {
			v.miss("the delivery of event %s is %s %s", d.Event.Hex(), d.Status, d.Error)
		}
	}
	for id, e := range events {
		switch n := rows[e.ID]; {
		case n == 0 && e.mustArrive():
			v.miss("event %s (%s) has no delivery", id, e.Type)
		case n > 1:
			v.double("event %s (%s) has %d deliveries", id, e.Type, n)
		}
	}
}

// judgeArrivals sees to it that every event came, in time and as it is, and
// that nothing came that is not there.
func (p *picture) judgeArrivals(events map[string]*event, v *verdict) {
	came := map[string]arrival{}
	for i, a := range p.arrivals {
		e, there := events[a.ID]
		switch {
		case !there && i < p.arrived:
			v.miss("event %s arrived and is not in the database", a.ID)
		case there && (e.Sequence != a.Sequence || a.Session != hex(e.Session)):
			v.miss("event %s is number %d of session %q and arrived as %d of %q", a.ID, e.Sequence, hex(e.Session), a.Sequence, a.Session)
		}
		if _, before := came[a.ID]; a.Taken && !before {
			came[a.ID] = a
		}
	}
	for id, e := range events {
		if !e.mustArrive() {
			continue
		}
		due := later(p.rose, e.CreatedAt).Add(toldWithin)
		switch a, arrived := came[id]; {
		case !arrived:
			v.miss("event %s (%s), number %d of session %q, never arrived", id, e.Type, e.Sequence, hex(e.Session))
		case a.At.After(due):
			v.miss("event %s (%s) arrived %s late", id, e.Type, a.At.Sub(due).Round(time.Second))
		}
	}
}

// judgeOrder sees to it that no event of a session came, not even to be
// refused, before the one before it was taken.
func (p *picture) judgeOrder(v *verdict) {
	type number struct {
		session  string
		sequence int64
	}
	taken := map[number]bool{}
	for _, a := range p.arrivals {
		if a.Session == "" {
			continue
		}
		if a.Sequence > 1 && !taken[number{a.Session, a.Sequence - 1}] {
			v.disorder("number %d of session %s (event %s) arrived before number %d", a.Sequence, a.Session, a.ID, a.Sequence-1)
		}
		if a.Taken {
			taken[number{a.Session, a.Sequence}] = true
		}
	}
}

// judgeStream sees to it that the stream told every position once, in order,
// and with the event that has it.
func (p *picture) judgeStream(events map[string]*event, v *verdict) {
	told, upTo := map[int64]bool{}, int64(0)
	for i, f := range p.heard {
		switch {
		case told[f.Position]:
			v.double("the stream told position %d again (event %s)", f.Position, f.ID)
		case f.Position < upTo:
			v.disorder("the stream told position %d (event %s) after %d", f.Position, f.ID, upTo)
		}
		told[f.Position], upTo = true, max(upTo, f.Position)
		if e, there := events[f.ID]; there && e.Position != f.Position {
			v.miss("the stream told event %s at position %d, which has %d", f.ID, f.Position, e.Position)
		} else if !there && i < p.listened {
			v.miss("the stream told event %s at position %d, which is not in the database", f.ID, f.Position)
		}
	}
	for position := int64(1); position <= p.last; position++ {
		if !told[position] {
			v.miss("the stream never told position %d", position)
		}
	}
}

// hex prints an id; none is empty.
func hex(id bson.ObjectID) string {
	if id.IsZero() {
		return ""
	}
	return id.Hex()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
