package messages_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// marking is a connection that remembers what it was to mark as taken in.
type marking struct {
	providers.Conn
	mu     sync.Mutex
	marked []ids.ProviderMessage
}

func (m *marking) MarkProcessed(in providers.MessageReceived) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.marked = append(m.marked, in.ID)
}

func (*marking) Close(context.Context) error { return nil }

// A server that dies between taking a message in and marking it leaves that to
// the next one, to which it comes as a duplicate.
func TestWhatComesAgainIsMarkedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channel.Provider = providers.WhatsAppWeb
	in := w.text("5521988885501", "3EB0MARK", "oi")
	w.accept(in) // and dies: nothing was connected that could be told
	conn := &marking{}
	w.conn = conn
	w.fence.Store(1)
	if err := w.server().Accept(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(conn.marked, []ids.ProviderMessage{"3EB0MARK"}) {
		t.Errorf("marked are %v", conn.marked)
	}
	if list := w.messages(); len(list) != 1 {
		t.Errorf("%d messages", len(list))
	}
}
