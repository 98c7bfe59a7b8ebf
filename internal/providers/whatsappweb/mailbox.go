package whatsappweb

import "sync"

// mailbox hands values from goroutines that must not wait to the one that takes
// them. It is not bounded: what goes in is rare, or kept short by its taker.
type mailbox[T any] struct {
	mu    sync.Mutex
	items []T
	bell  chan struct{}
}

func newMailbox[T any]() *mailbox[T] { return &mailbox[T]{bell: make(chan struct{}, 1)} }

func (m *mailbox[T]) put(v T) {
	m.mu.Lock()
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
