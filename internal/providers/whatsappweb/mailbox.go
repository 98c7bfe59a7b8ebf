package whatsappweb

import "sync"

// mailbox hands values from goroutines that must not wait to the one that takes
// them.
type mailbox[T any] struct {
	mu    sync.Mutex
	most  int // the oldest make room for more; 0: no bound, for what is rare or soon taken
	items []T
	bell  chan struct{}
}

func newMailbox[T any]() *mailbox[T] { return &mailbox[T]{bell: make(chan struct{}, 1)} }

// newBoundedMailbox keeps the newest of what nobody takes.
func newBoundedMailbox[T any](most int) *mailbox[T] {
	m := newMailbox[T]()
	m.most = most
	return m
}

func (m *mailbox[T]) put(v T) {
	m.mu.Lock()
	if m.most > 0 && len(m.items) == m.most {
		m.items = m.items[1:] // append leaves them behind in time
	}
	m.items = append(m.items, v)
	m.mu.Unlock()
	m.ring()
}

// rung is ready when something may be there.
func (m *mailbox[T]) rung() <-chan struct{} { return m.bell }

func (m *mailbox[T]) takeAll() []T {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.items
	m.items = nil
	return all
}

// ring says again that something may be there.
func (m *mailbox[T]) ring() {
	select {
	case m.bell <- struct{}{}:
	default:
	}
}
