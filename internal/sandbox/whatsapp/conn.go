package whatsapp

import (
	"context"
	"crypto/cipher"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waWa6"
)

const (
	// maxFrame is the longest frame that three bytes of length can say.
	maxFrame = 1 << 24
	// partingGrace is how long a client may go on reading after a node that ends
	// the stream: whatsmeow drops what it has not handled yet when the socket
	// closes, and would reconnect instead of telling why it was closed.
	partingGrace = 700 * time.Millisecond
	writeTimeout = 20 * time.Second
)

// conn is one client's websocket: frames with three bytes of length, encrypted
// once the handshake is over. One goroutine reads it, one writes.
type conn struct {
	srv      *Server
	ws       *websocket.Conn
	ctx      context.Context
	cancel   context.CancelFunc
	buf      []byte
	readKey  cipher.AEAD
	writeKey cipher.AEAD
	reads    uint32
	noisePub [32]byte
	hello    *waWa6.ClientPayload
	out      outbox

	// device is set at the login by the goroutine that reads, before anybody else
	// knows the connection.
	device *device
	// pairing is what a connection without a device is about; Server.mu guards it.
	pairing pairing
}

// outbox holds what is to be written, so that nobody waits for a slow client.
type outbox struct {
	mu     sync.Mutex
	queue  []outgoing
	wake   chan struct{}
	closed bool
}

type outgoing struct {
	node  node
	delay time.Duration
	last  bool // the stream ends behind it
}

func newConn(ctx context.Context, s *Server, ws *websocket.Conn) *conn {
	ctx, cancel := context.WithCancel(ctx)
	return &conn{srv: s, ws: ws, ctx: ctx, cancel: cancel, out: outbox{wake: make(chan struct{}, 1)}}
}

// send queues a node. It never blocks; a client that reads too slowly is cut off
// and finds its stanzas at the next login.
func (c *conn) send(n node) { c.enqueue(outgoing{node: n}) }

// sendLast queues the node that ends the stream.
func (c *conn) sendLast(n node) { c.enqueue(outgoing{node: n, last: true}) }

func (c *conn) enqueue(o outgoing) {
	c.out.mu.Lock()
	full := len(c.out.queue) >= c.srv.limits.Outbox
	if !c.out.closed && !full {
		c.out.queue = append(c.out.queue, o)
	}
	if o.last {
		c.out.closed = true
	}
	c.out.mu.Unlock()
	if full {
		c.cut()
		return
	}
	select {
	case c.out.wake <- struct{}{}:
	default:
	}
}

func (c *conn) take() []outgoing {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	batch := c.out.queue
	c.out.queue = nil
	return batch
}

// cut ends the connection without a word.
func (c *conn) cut() { c.cancel() }

// writeLoop writes until the connection ends.
func (c *conn) writeLoop() {
	var count uint32
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-c.out.wake:
		}
		for _, o := range c.take() {
			if !pause(c.ctx, o.delay) {
				return
			}
			if err := c.writeNode(&o.node, count); err != nil {
				c.cut()
				return
			}
			count++
			if o.last {
				pause(c.ctx, partingGrace)
				c.cut()
				return
			}
		}
	}
}

func (c *conn) writeNode(n *node, count uint32) error {
	plain, err := waBinary.Marshal(*n) // begins with the byte that says "not compressed"
	if err != nil {
		return fmt.Errorf("encode a <%s>: %w", n.Tag, err)
	}
	c.srv.record(c, false, n)
	return c.writeFrame(c.writeKey.Seal(nil, counterNonce(count), plain, nil))
}

func (c *conn) writeFrame(b []byte) error {
	ctx, cancel := context.WithTimeout(c.ctx, writeTimeout)
	defer cancel()
	frame := append([]byte{byte(len(b) >> 16), byte(len(b) >> 8), byte(len(b))}, b...)
	return c.ws.Write(ctx, websocket.MessageBinary, frame)
}

func (c *conn) readNode() (*node, error) {
	frame, err := c.readFrame()
	if err != nil {
		return nil, err
	}
	plain, err := c.readKey.Open(nil, counterNonce(c.reads), frame, nil)
	c.reads++
	if err != nil {
		return nil, fmt.Errorf("decrypt frame %d: %w", c.reads, err)
	}
	if plain, err = waBinary.Unpack(plain); err != nil {
		return nil, err
	}
	return waBinary.Unmarshal(plain)
}

func (c *conn) readFrame() ([]byte, error) {
	head, err := c.readExactly(3)
	if err != nil {
		return nil, err
	}
	return c.readExactly(int(head[0])<<16 | int(head[1])<<8 | int(head[2]))
}

func (c *conn) readExactly(n int) ([]byte, error) {
	for len(c.buf) < n {
		_, chunk, err := c.ws.Read(c.ctx)
		if err != nil {
			return nil, err
		}
		c.buf = append(c.buf, chunk...)
	}
	out := c.buf[:n:n]
	c.buf = c.buf[n:]
	return out, nil
}

// pause waits for d and reports whether ctx lasted as long.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
