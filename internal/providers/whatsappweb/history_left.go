package whatsappweb

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/proto"
)

// historyNotice says that the phone has put history up for the device.
type historyNotice = *waE2E.HistorySyncNotification

// historyPiece is one that is to be read, and how often that failed.
type historyPiece struct {
	notice historyNotice
	tries  int
}

// historyTries is how often a piece of history is read that cannot be downloaded:
// for some minutes.
const historyTries = 10

// historyLeft are the notices of history that the sink was not told of yet, oldest
// first. WhatsApp brings a notice once, and only after a pairing; so they stand in
// the device's store, for whoever holds the device next.
type historyLeft struct {
	mu      sync.Mutex
	loaded  bool
	notices []historyNotice
}

// historyRow is where they stand, among the messages that were decrypted and not
// handled yet: by the hash of no message.
var historyRow = sha256.Sum256([]byte("history that was not told yet"))

// load reads what the last owner left, once. The caller holds h.mu.
func (h *historyLeft) load(ctx context.Context, in store.EventBuffer) (found []historyNotice, err error) {
	if h.loaded {
		return nil, nil
	}
	row, err := in.GetBufferedEvent(ctx, historyRow)
	if err != nil {
		return nil, fmt.Errorf("read which history is left: %w", err)
	}
	if row != nil {
		if found, err = noticesIn(row.Plaintext); err != nil {
			return nil, err
		}
	}
	h.loaded, h.notices = true, found
	return slices.Clone(found), nil
}

// save writes them down. The caller holds h.mu.
func (h *historyLeft) save(ctx context.Context, in store.EventBuffer, now time.Time) error {
	if len(h.notices) == 0 {
		return in.ClearBufferedEventPlaintext(ctx, historyRow)
	}
	var list bytes.Buffer
	for _, n := range h.notices {
		if _, err := protodelim.MarshalTo(&list, n); err != nil {
			return fmt.Errorf("write which history is left: %w", err)
		}
	}
	if err := in.PutBufferedEvent(ctx, historyRow, list.Bytes(), now); err != nil {
		return fmt.Errorf("write which history is left: %w", err)
	}
	return nil
}

func noticesIn(list []byte) (notices []historyNotice, err error) {
	for r := bytes.NewReader(list); ; {
		n := new(waE2E.HistorySyncNotification)
		switch err := protodelim.UnmarshalFrom(r, n); {
		case errors.Is(err, io.EOF):
			return notices, nil
		case err != nil:
			return nil, fmt.Errorf("read which history is left: %w", err)
		}
		notices = append(notices, n)
	}
}

// noteHistory queues the history that an event tells of. What was not asked for
// is written down before: the event is not taken in otherwise.
func (c *Conn) noteHistory(e any) error {
	m, is := e.(*events.Message)
	if !is || !m.Info.IsFromMe {
		return nil
	}
	n := m.Message.GetProtocolMessage().GetHistorySyncNotification()
	if n == nil {
		return nil
	}
	if n.GetPeerDataRequestSessionID() != "" {
		c.history.put(historyPiece{notice: n})
		return nil
	}
	h := &c.historyLeft
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := c.queueHistoryLeft(); err != nil {
		return err
	}
	if slices.ContainsFunc(h.notices, func(left historyNotice) bool { return proto.Equal(left, n) }) {
		return nil // it came again
	}
	h.notices = append(h.notices, n)
	if err := h.save(c.ctx, c.noted, c.options.Now()); err != nil {
		h.notices = h.notices[:len(h.notices)-1]
		return err
	}
	c.history.put(historyPiece{notice: n})
	return nil
}

// queueHistoryLeft queues what the last owner left, once. The caller holds the
// lock of historyLeft.
func (c *Conn) queueHistoryLeft() error {
	found, err := c.historyLeft.load(c.ctx, c.noted)
	for _, n := range found {
		c.history.put(historyPiece{notice: n})
	}
	return err
}

// resumeHistory begins with what the last owner left.
func (c *Conn) resumeHistory() {
	if c.link().IsEmpty() {
		return
	}
	c.historyLeft.mu.Lock()
	defer c.historyLeft.mu.Unlock()
	if err := c.queueHistoryLeft(); err != nil && c.ctx.Err() == nil {
		c.logger.Warn("the WhatsApp history that was left to read is not known; whoever opens the device next reads it", "error", err)
	}
}

// historyDone lets go of a notice: the sink was told, or never can be.
func (c *Conn) historyDone(n historyNotice) {
	if n.GetPeerDataRequestSessionID() != "" {
		return
	}
	h := &c.historyLeft
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notices = slices.DeleteFunc(h.notices, func(one historyNotice) bool { return one == n })
	if err := h.save(c.ctx, c.noted, c.options.Now()); err != nil && c.ctx.Err() == nil {
		c.logger.Info("WhatsApp history that was told stays noted; it may be told again", "error", err)
	}
}
