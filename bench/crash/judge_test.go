package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// told is a picture of six events of two sessions in three batches, of which
// platform and stream were told as they should.
func told() *picture {
	now := time.Now()
	p := &picture{last: 6, rose: now}
	one, two := bson.NewObjectID(), bson.NewObjectID()
	batches := [][]event{
		{{Session: one, Sequence: 1}, {Session: one, Sequence: 2}},
		{{Session: two, Sequence: 1}, {Session: one, Sequence: 3}},
		{{Contact: two, Platforms: []bson.ObjectID{one}}, {Type: "platform.status"}},
	}
	for _, events := range batches {
		for i := range events {
			e := &events[i]
			e.ID, e.CreatedAt = bson.NewObjectID(), now
			p.heard = append(p.heard, frame{Position: int64(len(p.heard) + 1), ID: e.ID.Hex()})
			if e.mustArrive() {
				p.deliveries = append(p.deliveries, delivery{Event: e.ID, Status: "delivered"})
				p.arrivals = append(p.arrivals, arrival{ID: e.ID.Hex(), Session: hex(e.Session), Sequence: e.Sequence, Taken: true, At: now})
			}
		}
		p.batches = append(p.batches, batch{Events: events, Last: int64(len(p.heard))})
	}
	p.arrived, p.listened = len(p.arrivals), len(p.heard)
	return p
}

func (p *picture) swap(a, b int) { p.arrivals[a], p.arrivals[b] = p.arrivals[b], p.arrivals[a] }

// Whatever goes wrong is found, and by its name.
func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wrong func(*picture)
		want  verdict
		says  string
	}{
		"nothing":                       {func(*picture) {}, verdict{}, ""},
		"a repeat":                      {func(p *picture) { p.arrivals = append(p.arrivals, p.arrivals[1]) }, verdict{}, ""},
		"one refused, then taken":       {func(p *picture) { p.refuse(0) }, verdict{}, ""},
		"sessions among one another":    {func(p *picture) { p.swap(1, 2) }, verdict{}, ""},
		"more after the store was read": {func(p *picture) { p.more() }, verdict{}, ""},

		"an event that never came":          {func(p *picture) { p.arrivals = slices.Delete(p.arrivals, 3, 4) }, verdict{lost: 1}, "never arrived"},
		"one that came only to be refused":  {func(p *picture) { p.arrivals[3].Taken = false }, verdict{lost: 1}, "never arrived"},
		"one in the middle":                 {func(p *picture) { p.arrivals = slices.Delete(p.arrivals, 1, 2) }, verdict{lost: 1, disordered: 1}, "number 3"},
		"a swapped pair":                    {func(p *picture) { p.swap(0, 1) }, verdict{disordered: 1}, "arrived before number 1"},
		"one while the one before is out":   {func(p *picture) { p.refuse(1); p.swap(0, 1) }, verdict{disordered: 1}, "arrived before number 1"},
		"one too late":                      {func(p *picture) { p.arrivals[4].At = p.rose.Add(toldWithin + time.Minute) }, verdict{lost: 1}, "1m0s late"},
		"a false number":                    {func(p *picture) { p.arrivals[3].Sequence = 4 }, verdict{lost: 1, disordered: 1}, "arrived as 4"},
		"one that is not there":             {func(p *picture) { p.more(); p.arrived++ }, verdict{lost: 1}, "arrived and is not in the database"},
		"a delivery still pending":          {func(p *picture) { p.deliveries[0].Status = "pending" }, verdict{lost: 1}, "is pending"},
		"a delivery that failed":            {func(p *picture) { p.deliveries[4].Status = "failed" }, verdict{lost: 1}, "is failed"},
		"no delivery":                       {func(p *picture) { p.deliveries = p.deliveries[1:] }, verdict{lost: 1}, "has no delivery"},
		"two deliveries":                    {func(p *picture) { p.deliveries = append(p.deliveries, p.deliveries[0]) }, verdict{twice: 1}, "has 2 deliveries"},
		"a batch without positions":         {func(p *picture) { p.unplace(2) }, verdict{lost: 4}, "have no position"},
		"a gap in the positions":            {func(p *picture) { p.batches[2].Last, p.last = 7, 7 }, verdict{lost: 4}, "from 5 to 5"},
		"positions twice":                   {func(p *picture) { p.batches[1].Last = 3 }, verdict{lost: 3, twice: 1}, "from 2 to 2 are there twice"},
		"a count that is ahead":             {func(p *picture) { p.last = 7 }, verdict{lost: 2}, "the account counts 7"},
		"a position never told":             {func(p *picture) { p.heard = slices.Delete(p.heard, 2, 3) }, verdict{lost: 1}, "never told position 3"},
		"the last position never told":      {func(p *picture) { p.heard = p.heard[:5] }, verdict{lost: 1}, "never told position 6"},
		"a position told again":             {func(p *picture) { p.heard = append(p.heard, p.heard[5]) }, verdict{twice: 1}, "position 6 again"},
		"positions told in a false order":   {func(p *picture) { p.heard[1], p.heard[2] = p.heard[2], p.heard[1] }, verdict{disordered: 1}, "position 2"},
		"a position told of another event":  {func(p *picture) { p.heard[1].ID, p.heard[2].ID = p.heard[2].ID, p.heard[1].ID }, verdict{lost: 2}, "which has"},
		"a position of what is not there":   {func(p *picture) { p.heard[1].ID = bson.NewObjectID().Hex() }, verdict{lost: 1}, "not in the database"},
		"an event of a session at no place": {func(p *picture) { p.batches[0].Events[1].Session = bson.NewObjectID() }, verdict{lost: 1}, "and arrived as"},
	} {
		p := told()
		c.wrong(p)
		got := p.judge()
		if got.lost != c.want.lost || got.twice != c.want.twice || got.disordered != c.want.disordered || !strings.Contains(strings.Join(got.lines, "\n"), c.says) {
			t.Errorf("%s: %s, want %s and %q:\n%s", name, &got, &c.want, c.says, strings.Join(got.lines, "\n"))
		}
	}
}

// refuse lets an event come once more, to be refused, before it is taken.
func (p *picture) refuse(i int) {
	before := p.arrivals[i]
	before.Taken = false
	p.arrivals = slices.Insert(p.arrivals, i, before)
	p.arrived++
}

// more lets an event be told that was not there when the store was read.
func (p *picture) more() {
	id := bson.NewObjectID().Hex()
	p.arrivals = append(p.arrivals, arrival{ID: id, Taken: true, At: p.rose})
	p.heard = append(p.heard, frame{Position: p.last + 1, ID: id})
}

func (p *picture) unplace(batch int) {
	p.batches[batch].Last, p.batches[batch].Unplaced = 0, true
}
