package devicestore_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb/mongotest"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore/storetest"
)

// aheadInMongo lets the suite run on devices whose clients go ahead.
type aheadInMongo struct{ inMongo }

// NewDevice implements storetest.Container.
func (m *aheadInMongo) NewDevice(t *testing.T) *store.Device {
	d := m.inMongo.NewDevice(t)
	devicestore.Ahead(d)
	return d
}

// Reload implements storetest.Container.
func (m *aheadInMongo) Reload(t *testing.T, jid types.JID) *store.Device {
	d := m.inMongo.Reload(t, jid)
	if d != nil {
		devicestore.Ahead(d)
	}
	return d
}

func TestConformanceAhead(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	storetest.Run(t, &aheadInMongo{inMongo{db: db, first: process(db), terms: map[ids.Channel]term{}}})
}

// decrypt decrypts a message from somebody known, and puts its secret, as the
// client does.
func decrypt(ctx context.Context, d *store.Device, n byte, plain string) error {
	return errors.Join(d.EventBuffer.DoDecryptionTxn(ctx, func(ctx context.Context) error {
		return errors.Join(d.Sessions.PutSession(ctx, addressOf(1), []byte(plain)), d.EventBuffer.PutBufferedEvent(ctx, [32]byte{n}, []byte(plain), time.Now()))
	}), d.MsgSecrets.PutMessageSecret(ctx, lid, lid, "ID-"+plain, []byte(plain)))
}

// heldUp is a device whose client goes ahead, with a message decrypted while the
// store is held up until release.
func heldUp(t *testing.T) (channel ids.Channel, h *devicestore.Holding, d *store.Device, release func()) {
	t.Helper()
	channel, h, d = paired(t, process(mongotest.Database(t)))
	devicestore.Ahead(d)
	release = block(t, channel)
	check(t, decrypt(t.Context(), d, 1, "one"))
	return channel, h, d, release
}

// eventually gives what a call answers that must wait for something: it has not
// answered before.
func eventually(t *testing.T, release func(), call func() error) error {
	t.Helper()
	answer := make(chan error, 1)
	go func() { answer <- call() }()
	select {
	case err := <-answer:
		t.Errorf("it did not wait: %v", err)
		release()
		return err
	case <-time.After(50 * time.Millisecond):
	}
	release()
	return <-answer
}

// TestAClientGoesAhead handles a message while its decryption is held up; it may
// acknowledge it only once all of it is durable.
func TestAClientGoesAhead(t *testing.T) {
	t.Parallel()
	channel, _, d, release := heldUp(t)
	if session, err := d.Sessions.GetSession(t.Context(), addressOf(1)); err != nil || string(session) != "one" {
		t.Errorf("the session is %q, %v", session, err)
	}
	check(t, eventually(t, release, func() error { return d.EventBuffer.ClearBufferedEventPlaintext(t.Context(), [32]byte{1}) }))
	if n := rowOf(t, channel).Writes; n != 2 { // the pairing was the first
		t.Errorf("%d writes, want 2", n)
	}
	next := open(t, process(mongotest.Database(t)), channel, held(2)).Device()
	session, err := next.Sessions.GetSession(t.Context(), addressOf(1))
	event, eventErr := next.EventBuffer.GetBufferedEvent(t.Context(), [32]byte{1})
	secret, _, secretErr := next.MsgSecrets.GetMessageSecret(t.Context(), lid, lid, "ID-one")
	check(t, errors.Join(err, eventErr, secretErr))
	if string(session) != "one" || event == nil || string(secret) != "one" {
		t.Errorf("the next owner finds session %q, message %v, secret %q", session, event, secret)
	}
}

// TestWhatIsAskedBehindADecryptionWaitsForIt asks for what only the store knows,
// and writes, while a decryption is held up.
func TestWhatIsAskedBehindADecryptionWaitsForIt(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(ctx context.Context, d *store.Device) error{
		"the buffer": func(ctx context.Context, d *store.Device) error {
			event, err := d.EventBuffer.GetBufferedEvent(ctx, [32]byte{1})
			if err == nil && (event == nil || string(event.Plaintext) != "one") {
				return errors.New("it is not there")
			}
			return err
		},
		"the secret": func(ctx context.Context, d *store.Device) error {
			secret, _, err := d.MsgSecrets.GetMessageSecret(ctx, lid, lid, "ID-one")
			if err == nil && string(secret) != "one" {
				return errors.New("it is not there")
			}
			return err
		},
		"a count": func(ctx context.Context, d *store.Device) error {
			_, err := d.PreKeys.UploadedPreKeyCount(ctx)
			return err
		},
		"a write": func(ctx context.Context, d *store.Device) error {
			return d.Sessions.PutSession(ctx, addressOf(1), []byte("two"))
		},
		"a decryption": func(ctx context.Context, d *store.Device) error { return decrypt(ctx, d, 2, "two") },
		"another secret": func(ctx context.Context, d *store.Device) error {
			return d.MsgSecrets.PutMessageSecret(ctx, lid, lid, "ID-2", []byte("2"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, h, d, release := heldUp(t)
			check(t, eventually(t, release, func() error { return call(t.Context(), d) }))
			check(t, h.Close(t.Context()))
		})
	}
}

// TestADecryptionWithoutASecretIsDurableToo decrypts what brings no secret: nothing
// tells the store to go on, but for the end.
func TestADecryptionWithoutASecretIsDurableToo(t *testing.T) {
	t.Parallel()
	channel, h, d := paired(t, process(mongotest.Database(t)))
	devicestore.Ahead(d)
	check(t, d.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error {
		return d.Sessions.PutSession(ctx, addressOf(1), []byte("one"))
	}))
	check(t, h.Close(t.Context()))
	session, err := open(t, process(mongotest.Database(t)), channel, held(2)).Device().Sessions.GetSession(t.Context(), addressOf(1))
	if err != nil || string(session) != "one" {
		t.Errorf("the next owner finds %q, %v", session, err)
	}
}

// TestAheadOfAnotherOwner decrypts on a device that is another's by now: the
// message is not acknowledged, its client is told, and nothing is written.
func TestAheadOfAnotherOwner(t *testing.T) {
	t.Parallel()
	db := mongotest.Database(t)
	channel := ids.New[ids.Channel]()
	var told atomic.Int32
	fence := held(1)
	fence.OnStop = func(error) { told.Add(1) }
	h := open(t, process(db), channel, fence)
	d := pair(t, h, "999"+channel.String()[12:])
	settle(t, d, "former")
	devicestore.Ahead(d)
	settle(t, open(t, process(db), channel, held(2)).Device(), "successor")
	before := contents(t, channel)
	check(t, d.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error {
		return d.Sessions.PutSession(ctx, addressOf(1), []byte("stale"))
	}))
	fenced(t, "ClearBufferedEventPlaintext", d.EventBuffer.ClearBufferedEventPlaintext(t.Context(), [32]byte{1}))
	if told.Load() != 1 || !errors.Is(h.Err(), devicestore.ErrFenced) {
		t.Errorf("told %d times; the holding: %v", told.Load(), h.Err())
	}
	if session, err := d.Sessions.GetSession(t.Context(), addressOf(1)); err == nil {
		t.Errorf("it still reads session %q", session)
	}
	if after := contents(t, channel); !reflect.DeepEqual(after, before) {
		t.Errorf("the rows changed:\n%v\n%v", before, after)
	}
}

// TestAFailedDecryptionGoesNoStepAhead fails and panics while decrypting: nothing
// of it is kept, and the device goes on.
func TestAFailedDecryptionGoesNoStepAhead(t *testing.T) {
	t.Parallel()
	_, h, d := paired(t, process(mongotest.Database(t)))
	devicestore.Ahead(d)
	check(t, decrypt(t.Context(), d, 1, "one"))
	failed := errors.New("no session")
	stale := func(ctx context.Context) { check(t, d.Sessions.PutSession(ctx, addressOf(1), []byte("stale"))) }
	if err := d.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error { stale(ctx); return failed }); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = d.EventBuffer.DoDecryptionTxn(t.Context(), func(ctx context.Context) error { stale(ctx); panic("damaged") })
	}()
	if session, err := d.Sessions.GetSession(t.Context(), addressOf(1)); err != nil || string(session) != "one" {
		t.Errorf("the session is %q, %v", session, err)
	}
	check(t, decrypt(t.Context(), d, 2, "two"))
	check(t, h.Close(t.Context()))
}

// TestAMessageAheadCostsOneTransaction counts what one message with a secret from
// somebody known costs: the secret is no transaction of its own.
func TestAMessageAheadCostsOneTransaction(t *testing.T) {
	t.Parallel()
	r := &record{}
	channel, _, d := paired(t, process(watched(t, r.monitor())))
	devicestore.Ahead(d)
	message := func(n byte, plain string) {
		_, err := d.EventBuffer.GetBufferedEvent(t.Context(), [32]byte{n})
		check(t, errors.Join(err, decrypt(t.Context(), d, n, plain), d.EventBuffer.ClearBufferedEventPlaintext(t.Context(), [32]byte{n})))
	}
	message(1, "one")
	r.take()
	before := rowOf(t, channel).Writes
	message(2, "two")
	names, _ := r.take()
	if got, want := strings.Join(names, " "), "find update update commitTransaction"; got != want {
		t.Errorf("it costs %s, want %s", got, want)
	}
	if n := rowOf(t, channel).Writes - before; n != 1 {
		t.Errorf("%d writes, want 1", n)
	}
}
