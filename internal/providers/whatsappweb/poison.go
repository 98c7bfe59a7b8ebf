package whatsappweb

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

const (
	// mostTroubles bounds the events whose refusals are remembered.
	mostTroubles = 1000
	// mostPanics is how often an event may panic here until it is given up: it
	// would come, and have the connection reset, for ever.
	mostPanics = 3
	// So many refusals over so long are told as an error.
	manyRefusals = 5
	refusedLong  = time.Minute
)

var errPanicked = errors.New("reading a WhatsApp event panicked")

// trouble is what is known of an event that was not taken in.
type trouble struct {
	panics, refusals int
	since            time.Time // the first of the refusals
	told             bool
}

// troubles remembers the events that were not taken in, for as long as they are
// not. The longest unseen are forgotten first.
type troubles struct {
	mu     sync.Mutex
	kept   *simplelru.LRU[string, trouble]
	resets int // of the connection for them, since one of them was taken in
}

func newTroubles() *troubles {
	kept, err := simplelru.NewLRU[string, trouble](mostTroubles, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &troubles{kept: kept}
}

// panicked counts a panic; true: there were enough.
func (t *troubles) panicked(key string) (enough bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one, _ := t.kept.Get(key)
	one.panics++
	t.kept.Add(key, one)
	return one.panics >= mostPanics
}

// refused counts a refusal of the sink's; true, once: it goes on for long.
func (t *troubles) refused(key string, now time.Time) (long bool, times int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one, _ := t.kept.Get(key)
	if one.refusals == 0 {
		one.since = now
	}
	one.refusals++
	long = !one.told && one.refusals >= manyRefusals && now.Sub(one.since) >= refusedLong
	one.told = one.told || long
	t.kept.Add(key, one)
	return long, one.refusals
}

// over forgets an event that was taken in.
func (t *troubles) over(e any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept.Len() > 0 { // hardly ever
		key, _ := keyOf(e)
		if t.kept.Remove(key) {
			t.resets = 0
		}
	}
}

// again counts a reset of the connection for what was not taken in, and gives how
// many there were before it in vain.
func (t *troubles) again() (before int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.resets++
	return t.resets - 1
}

// begin counts the resets anew.
func (t *troubles) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.resets = 0
}

// keyOf is by what an event that comes again is known, and the messages that it
// is about. Events without an id are known by their kind.
func keyOf(e any) (key string, messages []types.MessageID) {
	key = fmt.Sprintf("%T", e)
	switch e := e.(type) {
	case *events.Message:
		messages = []types.MessageID{e.Info.ID}
		key += " " + e.Info.Chat.String() + " " + e.Info.Sender.String()
	case *events.UndecryptableMessage:
		messages = []types.MessageID{e.Info.ID}
		key += " " + e.Info.Chat.String() + " " + e.Info.Sender.String()
	case *events.Receipt:
		messages = e.MessageIDs
		key += " " + e.Chat.String() + " " + e.Sender.String() + " " + string(e.Type)
	}
	return key + " " + strings.Join(messages, " "), messages
}

// read gives what an event brings for the sink. One that panics is an error, so
// that it comes again; one that does so every time, or does not come again, is
// given up: of a message remains that it came.
func (c *Conn) read(e any) ([]providers.InboundPayload, error) {
	payloads, err := c.attempt(func() []providers.InboundPayload { return c.dispatch(e) })
	if err == nil {
		return payloads, nil
	}
	key, messages := keyOf(e)
	if !comesOnce(e) && !c.troubles.panicked(key) {
		return nil, err
	}
	payloads, err = c.attempt(func() []providers.InboundPayload {
		if m, ok := e.(*events.Message); ok {
			return wire.ReadUnreadable(m.Info)
		}
		return nil
	})
	c.logger.Error("a WhatsApp event cannot be handled and is given up; report the panics before it",
		"event", fmt.Sprintf("%T", e), "message_ids", messages, "in_its_place", len(payloads), "error", err)
	return payloads, nil
}

// attempt turns a panic into an error.
func (c *Conn) attempt(f func() []providers.InboundPayload) (payloads []providers.InboundPayload, err error) {
	defer func() {
		if r := recover(); r != nil {
			c.logger.Error("handling a WhatsApp event panicked", "panic", r, "stack", string(debug.Stack()))
			payloads, err = nil, errPanicked
		}
	}()
	return f(), nil
}

// turnDown has an event come again that was not taken in. A sink is asked for as
// long as it takes: it is away, and the message is fine.
func (c *Conn) turnDown(e any, err error) {
	kind := fmt.Sprintf("%T", e)
	if !errors.Is(err, errPanicked) {
		key, messages := keyOf(e)
		c.logger.Warn("the sink refused what WhatsApp delivered; it is asked for again", "event", kind, "message_ids", messages, "error", err)
		if long, times := c.troubles.refused(key, c.options.Now()); long {
			c.logger.Error("the sink goes on refusing what WhatsApp delivered; check the database", "event", kind, "message_ids", messages, "times", times, "error", err)
		}
	}
	c.tell(signal{run: c.refused})
}
