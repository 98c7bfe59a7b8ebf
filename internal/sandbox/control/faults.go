package control

import (
	"slices"
	"sync"
)

// Rule lets what matches meet a fault.
type Rule[M, F any] struct {
	ID    string `json:"id"`
	Match M      `json:"match"`
	// Skip lets that many that match pass first; Times is how many then fail,
	// zero all of them.
	Skip  int `json:"skip,omitempty"`
	Times int `json:"times,omitempty"`
	Fault F   `json:"fault"`
	// Hits counts those that the rule failed.
	Hits int `json:"hits"`
}

// Faults is the book of rules; of those that match, the first that still counts
// is met. It is safe for concurrent use.
type Faults[M, F any] struct {
	check func(Rule[M, F]) error
	newID func() string

	mu    sync.Mutex
	rules []*Rule[M, F]
}

// NewFaults makes a book whose rules must pass check, and get an id where they
// have none.
func NewFaults[M, F any](check func(Rule[M, F]) error, newID func() string) *Faults[M, F] {
	return &Faults[M, F]{check: check, newID: newID}
}

// List gives the rules and how often each was met.
func (b *Faults[M, F]) List() []Rule[M, F] {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Rule[M, F], 0, len(b.rules))
	for _, r := range b.rules {
		out = append(out, *r)
	}
	return out
}

// Add adds a rule behind those there are, and returns it with its id.
func (b *Faults[M, F]) Add(r Rule[M, F]) (Rule[M, F], error) {
	if err := b.check(r); err != nil {
		return Rule[M, F]{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.append(r), nil
}

// Set replaces all rules; none ends every fault.
func (b *Faults[M, F]) Set(rules []Rule[M, F]) error {
	for _, r := range rules {
		if err := b.check(r); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rules = nil
	for _, r := range rules {
		b.append(r)
	}
	return nil
}

// Remove ends one rule and reports whether there was one.
func (b *Faults[M, F]) Remove(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := len(b.rules)
	b.rules = slices.DeleteFunc(b.rules, func(r *Rule[M, F]) bool { return r.ID == id })
	return len(b.rules) < before
}

// Pick counts something that happens and gives the fault it meets, or nil.
func (b *Faults[M, F]) Pick(meets func(M, F) bool) *F {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.rules {
		if !meets(r.Match, r.Fault) || r.Times > 0 && r.Hits >= r.Times {
			continue
		}
		if r.Skip > 0 {
			r.Skip--
			continue
		}
		r.Hits++
		f := r.Fault
		return &f
	}
	return nil
}

// Empty tells whether there is no rule.
func (b *Faults[M, F]) Empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.rules) == 0
}

func (b *Faults[M, F]) append(r Rule[M, F]) Rule[M, F] {
	if r.ID == "" {
		r.ID = b.newID()
	}
	r.Hits = 0
	b.rules = append(b.rules, &r)
	return r
}
