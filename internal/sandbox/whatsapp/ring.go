package whatsapp

// ring keeps the last limit entries.
type ring[T any] struct {
	items []T
	start int
	limit int
}

func newRing[T any](limit int) *ring[T] { return &ring[T]{limit: limit} }

// add appends v and returns what it pushed out.
func (r *ring[T]) add(v T) (old T, pushed bool) {
	if len(r.items) < r.limit {
		r.items = append(r.items, v)
		return old, false
	}
	old = r.items[r.start]
	r.items[r.start] = v
	r.start = (r.start + 1) % r.limit
	return old, true
}

// all returns the entries, oldest first.
func (r *ring[T]) all() []T {
	out := make([]T, 0, len(r.items))
	out = append(out, r.items[r.start:]...)
	return append(out, r.items[:r.start]...)
}

func (r *ring[T]) clear() { r.items, r.start = nil, 0 }
