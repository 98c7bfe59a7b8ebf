package channels

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// closePatience bounds the end of a connection that nobody waits for.
const closePatience = 30 * time.Second

// notRunning is the detail of a channel whose adapter this program lacks.
const notRunning = "This server runs no adapter for the channel's provider: webhooks are taken in, nothing can be sent. Use a build or a setting that has it."

// connections are the open ones of this server.
type connections struct {
	mu     sync.Mutex
	held   map[ids.Channel]*held
	closed bool
	ending sync.WaitGroup // connections that are being closed
}

// held is one channel's place; its lock is held while it is opened.
type held struct {
	mu   sync.Mutex
	conn providers.Conn
	as   providers.Channel // what its adapter was told last
	gone bool              // dropped: nobody will end what is opened here
}

func newConnections() *connections { return &connections{held: map[ids.Channel]*held{}} }

func (c *connections) place(id ids.Channel) (*held, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, false
	}
	h := c.held[id]
	if h == nil {
		h = &held{}
		c.held[id] = h
	}
	return h, true
}

// end closes a connection in the background.
func (c *connections) end(conn providers.Conn, id ids.Channel) {
	c.ending.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closePatience)
		defer cancel()
		if err := conn.Close(ctx); err != nil {
			slog.WarnContext(ctx, "a connection did not close", "channel_id", id.String(), "error", err)
		}
	})
}

// drop ends a channel's connection, if there is one.
func (c *connections) drop(id ids.Channel) {
	c.mu.Lock()
	h := c.held[id]
	delete(c.held, id)
	c.mu.Unlock()
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gone = true
	if h.conn != nil {
		c.end(h.conn, id)
		h.conn = nil
	}
}

func (c *connections) ids() []ids.Channel {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]ids.Channel, 0, len(c.held))
	for id := range c.held {
		list = append(list, id)
	}
	return list
}

func (c *connections) close(ctx context.Context) error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	for _, id := range c.ids() {
		c.drop(id)
	}
	done := make(chan struct{})
	go func() {
		c.ending.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close the channels' connections: %w", ctx.Err())
	}
}

// stateless tells whether an adapter keeps no connection of its own: its
// provider delivers by webhook, and each send is a request by itself. The
// provider's answer to a send then says more than our memory of its last one,
// so that no state forbids to ask.
func stateless(adapter providers.Adapter) bool {
	_, ok := adapter.(providers.WebhookReceiver)
	return ok
}

// connected: a connection in the making counts, its messages wait for it.
func connected(status providers.Status) bool {
	return status == providers.StatusOpen || status == providers.StatusConnecting
}

// Conn gives a channel's connection, opened when it is not. Fault NotFound for
// an unknown channel, whatsapp_connection_closed when its adapter does not run
// here or its state forbids to send.
func (s *Service) Conn(ctx context.Context, id ids.Channel) (providers.Conn, error) {
	l, err := s.load(ctx, id)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			s.connections.drop(id)
		}
		return nil, err
	}
	adapter, ok := s.adapters[l.Provider]
	if !ok {
		return nil, closed(l.ID, providers.State{Status: providers.StatusFailed, Detail: notRunning})
	}
	if !stateless(adapter) {
		return s.linked(ctx, l, adapter)
	}
	conn, err := s.open(ctx, l, adapter)
	if err != nil {
		return nil, err
	}
	if state := conn.State(); !connected(state.Status) {
		return nil, closed(l.ID, state)
	}
	return conn, nil
}

// linked gives the connection of a device: this server's own, or the way to the
// server that holds it. While it moves from one to another it counts as
// connected. What is remembered refuses nothing: the device may have come up on
// the other server a moment ago.
func (s *Service) linked(ctx context.Context, l loaded, adapter providers.Adapter) (providers.Conn, error) {
	if conn := s.devices.conn(l.ID); conn != nil {
		if state := conn.State(); !connected(state.Status) {
			return nil, closed(l.ID, state)
		}
		return conn, nil
	}
	if !connected(l.Connection.Status) {
		var err error
		if l, err = s.fresh(ctx, l.ID); err != nil {
			return nil, err
		}
	}
	state := providers.State{Status: l.Connection.Status, Detail: l.Connection.Detail}
	if !connected(state.Status) {
		return nil, closed(l.ID, state)
	}
	return &remote{room: s, id: l.ID, adapter: adapter, state: state}, nil
}

func closed(id ids.Channel, state providers.State) error {
	detail := state.Detail
	if detail == "" {
		detail = "Connect it again."
	}
	return fault.New(fault.WhatsAppConnectionClosed, "Channel %s is %s. %s", id, state.Status, detail)
}

// open gives the connection that is held, or opens one where there is none.
// Where what its adapter must know has changed, it is told, or another opened.
func (s *Service) open(ctx context.Context, l loaded, adapter providers.Adapter) (providers.Conn, error) {
	if l.unopened != nil {
		return nil, fmt.Errorf("open channel %s: %w", l.ID, l.unopened)
	}
	as := s.told(l)
	stopped := closed(l.ID, providers.State{Status: providers.StatusClosed, Detail: "It was deleted, or this server is stopping; try again."})
	h, ok := s.connections.place(l.ID)
	if !ok {
		return nil, stopped
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.gone {
		return nil, stopped
	}
	if h.conn != nil && h.as == as {
		return h.conn, nil
	}
	if adjuster, ok := h.conn.(providers.Adjuster); ok {
		adjuster.Adjust(as)
		h.as = as
		return h.conn, nil
	}
	s.mu.Lock()
	sink := s.sink
	s.mu.Unlock()
	// The connection outlives the request that was first to need it.
	conn, err := adapter.Open(context.WithoutCancel(ctx), as, sink)
	if err != nil {
		return nil, fmt.Errorf("open channel %s: %w", l.ID, err)
	}
	if h.conn != nil {
		s.connections.end(h.conn, l.ID)
	}
	h.conn, h.as = conn, as
	return conn, nil
}

// sweep ends connections of channels that another server deleted, and lets
// those go on with their credentials whose it changed.
func (s *Service) sweep(ctx context.Context) error {
	var errs []error
	for _, id := range s.connections.ids() {
		if _, err := s.Conn(ctx, id); err != nil && fault.CodeOf(err) == fault.Internal {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
