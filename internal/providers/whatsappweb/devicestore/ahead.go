package devicestore

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// Ahead lets the client of a device handle a message while its decryption becomes
// durable, together with the secret that the message brings: both are when
// ClearBufferedEventPlaintext returns, which the client calls once the message is
// handled, and before it acknowledges it.
//
// Until then, what is read through the device is as it is going to be, and what is
// written becomes durable behind it. A decryption that cannot be stored stops the
// holding, so that nothing is acknowledged: the message comes again, is decrypted
// again, and whoever takes messages in knows it already. (Only what the client can
// open and not read, it may refuse a moment before.)
//
// The write begins when the secret was put, by GoAhead, and by whatever has to wait
// for it.
func Ahead(sd *store.Device) {
	if d, ok := sd.EventBuffer.(*device); ok {
		sd.EventBuffer, sd.MsgSecrets = ahead{d}, ahead{d}
	}
}

// ahead are the stores of a device for such a client.
type ahead struct{ *device }

// DoDecryptionTxn returns once what fn writes is gathered; where it writes
// addresses, which all devices share, once it is durable. It fails as the device's
// own does, but for what the store fails at later.
func (a ahead) DoDecryptionTxn(ctx context.Context, fn func(context.Context) error) error {
	if a.inside(ctx) != nil {
		return a.device.DoDecryptionTxn(ctx, fn)
	}
	t, err := a.gather(ctx, a.ready, a.decrypting(fn))
	if err != nil {
		return err
	}
	if t.change.empty() || t.change.alone() {
		defer t.over()
		return a.commit(ctx, t.change)
	}
	one := &decryption{device: a.device, turn: t, begin: make(chan struct{}), done: make(chan struct{})}
	a.device.ahead.Store(one)
	a.remember(t.change)
	t.change.tell()
	go one.commit()
	return nil
}

// PutMessageSecret keeps the first that comes for a message, with the decryption
// that it came by.
func (a ahead) PutMessageSecret(ctx context.Context, chat, sender types.JID, id types.MessageID, secret []byte) error {
	one := a.device.ahead.Load()
	if one != nil && one.join(a.secretRows([]store.MessageSecretInsert{{Chat: chat, Sender: sender, ID: id, Secret: secret}})) {
		return nil
	}
	return a.device.PutMessageSecret(ctx, chat, sender, id, secret)
}

// ClearBufferedEventPlaintext waits until the decryption is durable, too.
func (a ahead) ClearBufferedEventPlaintext(ctx context.Context, hash [32]byte) error {
	if err := a.settle(ctx); err != nil {
		return err
	}
	return a.device.ClearBufferedEventPlaintext(ctx, hash)
}

// GoAhead says that nothing more comes with what was decrypted last: its message
// is being handled.
func (h *Holding) GoAhead() {
	h.mu.Lock()
	d := h.paired
	h.mu.Unlock()
	if d != nil {
		d.hurry()
	}
}

// hurry lets what was decrypted become durable.
func (d *device) hurry() {
	if one := d.ahead.Load(); one != nil {
		one.hurry()
	}
}

// aheadMost is how long a decryption waits for the secret of its message if the
// client comes to no end with it, as with one that it cannot read.
const aheadMost = 50 * time.Millisecond

// decryption is one that is not durable yet. It has the device's turn to write.
type decryption struct {
	device *device
	turn   *turn

	mu    sync.Mutex
	begun bool          // nothing joins it any more
	begin chan struct{} // closed then

	done chan struct{} // closed once it is durable, or never will be
	err  error         // then
}

// join adds rows to be kept where there are none yet, and lets it begin; false:
// it has begun.
func (one *decryption) join(rows []*row) bool {
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.begun {
		return false
	}
	for _, r := range rows {
		one.turn.change.putOnce(r)
	}
	one.begins()
	return true
}

// hurry lets it begin.
func (one *decryption) hurry() {
	one.mu.Lock()
	defer one.mu.Unlock()
	one.begins()
}

// begins is for who holds one.mu.
func (one *decryption) begins() {
	if !one.begun {
		one.begun = true
		close(one.begin)
	}
}

// commit makes it durable, as long as the lease lasts.
func (one *decryption) commit() {
	timer := time.NewTimer(aheadMost)
	defer timer.Stop()
	select {
	case <-one.begin:
	case <-timer.C:
		one.hurry()
	}
	one.err = one.device.store(context.WithoutCancel(one.turn.ctx), one.turn.change)
	one.device.ahead.Store(nil)
	one.turn.over()
	close(one.done)
}

// settle waits until what was decrypted is durable.
func (d *device) settle(ctx context.Context) error {
	one := d.ahead.Load()
	if one == nil {
		return nil
	}
	one.hurry()
	select {
	case <-one.done:
		return one.err
	case <-ctx.Done():
		return fmt.Errorf("ask the store of device %s: %w", d.holding.channel, context.Cause(ctx))
	}
}
