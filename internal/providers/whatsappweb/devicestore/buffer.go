package devicestore

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

const (
	// keepBuffered is how long WhatsApp keeps what a device did not acknowledge.
	keepBuffered = 14 * 24 * time.Hour
	// keepOutgoing is how long a sent message can be asked for again.
	keepOutgoing = 7 * 24 * time.Hour
)

// DoDecryptionTxn makes all that fn writes through its context durable together,
// and nothing of it when fn fails. fn runs once. A failure of the store, also
// one that fn hides, stops the holding.
func (d *device) DoDecryptionTxn(ctx context.Context, fn func(context.Context) error) error {
	return d.write(ctx, d.decrypting(fn))
}

// decrypting gathers what fn writes.
func (d *device) decrypting(fn func(context.Context) error) func(context.Context, *change) error {
	return func(ctx context.Context, _ *change) error {
		err := fn(ctx)
		if err == nil {
			return nil
		}
		// Of a device that is somebody else's by now, keys may be missing.
		if lost := d.held(ctx); lost != nil {
			return lost
		}
		return err
	}
}

func (d *device) bufferedID(hash [32]byte) string {
	return d.id(kindBuffered, hex.EncodeToString(hash[:]))
}

// GetBufferedEvent gives what was decrypted; without plaintext once it was
// handled, nil when it never came.
func (d *device) GetBufferedEvent(ctx context.Context, hash [32]byte) (*store.BufferedEvent, error) {
	r, err := d.get(ctx, d.bufferedID(hash))
	if err != nil || r == nil {
		return nil, err
	}
	plain := r.plain
	if d.handled.has(r.ID) {
		plain = nil
	}
	return &store.BufferedEvent{Plaintext: plain, InsertTime: time.UnixMilli(r.InsertedAt), ServerTime: time.Unix(r.At, 0)}, nil
}

// PutBufferedEvent keeps what was decrypted.
func (d *device) PutBufferedEvent(ctx context.Context, hash [32]byte, plaintext []byte, serverTime time.Time) error {
	return d.write(ctx, func(_ context.Context, c *change) error {
		if plaintext == nil {
			plaintext = []byte{} // nil would say that it was handled
		}
		now := d.holding.store.now()
		c.put(&row{
			ID: d.bufferedID(hash), plain: plaintext, At: serverTime.Unix(), InsertedAt: now.UnixMilli(), ExpiresAt: until(now, keepBuffered),
		})
		return nil
	})
}

// ClearBufferedEventPlaintext is called once it was handled: only that it came
// is kept. The plaintext goes with the next write of the device, with Close, when
// too many wait, and after clearWithin at the latest: of a busy device, each
// received message so has one transaction less. A crash before that costs
// nothing, since whoever is then told of the message again knows it already.
// Where a message just came that nobody may keep, the plaintext goes at once.
func (d *device) ClearBufferedEventPlaintext(ctx context.Context, hash [32]byte) error {
	if err := d.ready(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("clear a plaintext of device %s: %w", d.holding.channel, err)
	}
	waiting := d.handled.add(d.bufferedID(hash))
	switch {
	case waiting == mostHandled, d.unwanted.some(d.holding.store.now()):
		return d.flush(ctx)
	case waiting == 1:
		time.AfterFunc(clearWithin, d.flushLate)
	}
	return nil
}

// clearWithin is how long the plaintext of a handled message waits for a write,
// which drops it, before it gets one of its own.
const clearWithin = time.Second

// flushLate flushes for nobody: what fails, the next write does.
func (d *device) flushLate() {
	if d.handled.empty() || d.ready() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = d.flush(ctx) // a holding that stops says so by itself
}

// flush writes what waits for a write.
func (d *device) flush(ctx context.Context) error {
	return d.write(ctx, func(_ context.Context, c *change) error {
		c.flush = !d.handled.empty()
		return nil
	})
}

// mostHandled bounds how many handled messages wait for a write.
const mostHandled = 64

// handled are the ids of handled messages whose plaintext still lies in the
// store.
type handled struct {
	mu  sync.Mutex
	ids map[string]bool
}

// add gives how many there are with this one.
func (h *handled) add(id string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ids == nil {
		h.ids = map[string]bool{}
	}
	h.ids[id] = true
	return len(h.ids)
}

func (h *handled) has(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ids[id]
}

func (h *handled) empty() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.ids) == 0
}

func (h *handled) list() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Keys(h.ids))
}

func (h *handled) remove(ids []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		delete(h.ids, id)
	}
}

// cleared drops the plaintexts of messages that the change does not touch.
func (c *change) cleared(ids []string) []mongo.WriteModel {
	var models []mongo.WriteModel
	for _, id := range ids {
		if _, touched := c.rows[id]; !touched {
			models = append(models, mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: id}}).
				SetUpdate(bson.D{{Key: "$unset", Value: bson.D{{Key: "box", Value: ""}}}}))
		}
	}
	return models
}

// DeleteOldBufferedHashes has nothing to do: the store lets each row go when it
// is keepBuffered old.
func (d *device) DeleteOldBufferedHashes(context.Context) error { return d.readable() }

func (d *device) outgoingID(chat types.JID, id types.MessageID) string {
	return d.id(kindOutgoing, chat.String(), id)
}

// GetOutgoingEvent finds a sent message by either address of its chat; an empty
// format when it is not there.
func (d *device) GetOutgoingEvent(ctx context.Context, chat, alias types.JID, id types.MessageID) (string, []byte, error) {
	ids := []string{d.outgoingID(chat, id), d.outgoingID(alias, id)}
	rows, err := d.getMany(ctx, ids...)
	if err != nil {
		return "", nil, err
	}
	for _, id := range ids {
		if r := rows[id]; r != nil {
			return r.Format, r.plain, nil
		}
	}
	return "", nil, nil
}

// AddOutgoingEvent keeps a sent message for whoever asks for it again.
func (d *device) AddOutgoingEvent(ctx context.Context, chat types.JID, id types.MessageID, format string, plaintext []byte) error {
	return d.write(ctx, func(_ context.Context, c *change) error {
		c.put(&row{ID: d.outgoingID(chat, id), Format: format, plain: plaintext, ExpiresAt: until(d.holding.store.now(), keepOutgoing)})
		return nil
	})
}

// DeleteOldOutgoingEvents has nothing to do: the store lets each row go when it
// is keepOutgoing old.
func (d *device) DeleteOldOutgoingEvents(context.Context) error { return d.readable() }
