package whatsapp

import "sync"

// maxMailbox bounds what waits for a phone that is switched off or busy; what
// comes on top of it is lost.
const maxMailbox = 100_000

// mailbox hands stanzas to a phone one by one, in a goroutine that lives only
// while there are any.
type mailbox struct {
	start  func(func()) bool
	handle func(node)

	mu      sync.Mutex
	queue   []node
	busy    bool
	off     bool // the phone is switched off: stanzas wait
	stopped bool
}

// put queues a stanza; it never blocks.
func (m *mailbox) put(n node) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopped || len(m.queue) >= maxMailbox {
		return
	}
	m.queue = append(m.queue, n)
	m.wake()
}

// wake starts the goroutine, if there is something to do for it. The caller holds
// m.mu.
func (m *mailbox) wake() {
	if m.busy || m.off || m.stopped || len(m.queue) == 0 {
		return
	}
	m.busy = m.start(m.run)
}

func (m *mailbox) run() {
	for {
		m.mu.Lock()
		if m.off || m.stopped || len(m.queue) == 0 {
			m.busy = false
			m.mu.Unlock()
			return
		}
		n := m.queue[0]
		m.queue[0] = node{}
		m.queue = m.queue[1:]
		m.mu.Unlock()
		m.handle(n)
	}
}

func (m *mailbox) switchOff(off bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.off = off
	m.wake()
}

// stop throws away what waits.
func (m *mailbox) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopped, m.queue = true, nil
}
