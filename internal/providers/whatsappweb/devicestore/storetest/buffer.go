package storetest

import (
	"context"
	"errors"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

func bufferedEvents(b *bench) {
	ctx, at := b.Context(), time.Unix(1_800_000_000, 0)
	check := func(hash [32]byte, want []byte) {
		b.Helper()
		b.twice(func(d *store.Device) {
			got, err := d.EventBuffer.GetBufferedEvent(ctx, hash)
			if err != nil || got == nil {
				b.Fatalf("event: got %v, %v", got, err)
			}
			same(b, "plaintext", got.Plaintext, nil, want)
			if !got.ServerTime.Equal(at) {
				b.Errorf("sent at %v, want %v", got.ServerTime, at)
			}
			if age := time.Since(got.InsertTime); age < -time.Minute || age > time.Hour {
				b.Errorf("kept %v ago", age)
			}
		})
	}
	none, err := b.device.EventBuffer.GetBufferedEvent(ctx, key(1))
	same(b, "no event", none, err, nil)
	b.ok(b.device.EventBuffer.ClearBufferedEventPlaintext(ctx, key(1)))
	b.ok(b.device.EventBuffer.PutBufferedEvent(ctx, key(1), []byte("plain"), at))
	b.ok(b.device.EventBuffer.PutBufferedEvent(ctx, key(2), []byte("other"), at))
	check(key(1), []byte("plain"))
	b.ok(b.device.EventBuffer.ClearBufferedEventPlaintext(ctx, key(1)))
	b.ok(b.device.EventBuffer.ClearBufferedEventPlaintext(ctx, key(1)))
	check(key(1), nil)
	check(key(2), []byte("other"))
	b.ok(b.device.EventBuffer.DeleteOldBufferedHashes(ctx))
	check(key(1), nil) // it is not old
}

func outgoingEvents(b *bench) {
	p, q, ctx := somebody(), somebody(), b.Context()
	check := func(chat, alias types.JID, format string, want string) {
		b.Helper()
		b.twice(func(d *store.Device) {
			got, plain, err := d.EventBuffer.GetOutgoingEvent(ctx, chat, alias, "ID")
			same(b, "format", got, err, format)
			same(b, "plaintext", string(plain), err, want)
		})
	}
	b.ok(b.device.EventBuffer.AddOutgoingEvent(ctx, p.lid, "ID", "wa", []byte("one")))
	b.ok(b.device.EventBuffer.AddOutgoingEvent(ctx, p.lid, "ID", "fb", []byte("two")))
	check(p.lid, p.pn, "fb", "two")
	check(p.pn, p.lid, "fb", "two")
	b.ok(b.device.EventBuffer.DeleteOldOutgoingEvents(ctx))
	check(p.lid, types.EmptyJID, "fb", "two")
	// Not there is an error or no format: the client refuses either.
	if format, _, err := b.device.EventBuffer.GetOutgoingEvent(ctx, q.lid, q.pn, "ID"); err == nil && format != "" {
		b.Errorf("a message to somebody else has format %q", format)
	}
}

var errNot = errors.New("cannot be decrypted")

// decrypt writes as decrypting a first message does, then gives err.
func (b *bench) decrypt(at, in string, used uint32, err error) error {
	d := b.device
	return d.EventBuffer.DoDecryptionTxn(b.Context(), func(ctx context.Context) error {
		return errors.Join(
			d.Sessions.PutSession(ctx, at, []byte("new")),
			d.Identities.PutIdentity(ctx, at, key(2)),
			d.PreKeys.RemovePreKey(ctx, used),
			d.SenderKeys.PutSenderKey(ctx, in, at, []byte("new")),
			d.EventBuffer.PutBufferedEvent(ctx, key(1), []byte("plain"), time.Now()),
			err,
		)
	})
}

// prepared has an old session, identity and sender key, and a one-time key.
func (b *bench) prepared() (at, in string, used uint32) {
	b.Helper()
	at, in = address(somebody().lid, 1), group().String()
	ctx := b.Context()
	b.ok(b.device.Sessions.PutSession(ctx, at, []byte("old")))
	b.ok(b.device.Identities.PutIdentity(ctx, at, key(1)))
	b.ok(b.device.SenderKeys.PutSenderKey(ctx, in, at, []byte("old")))
	return at, in, b.generate(1)[0].KeyID
}

func (b *bench) decrypted(at, in string, used uint32, want bool) {
	b.Helper()
	content, identity := []byte("old"), key(1)
	if want {
		content, identity = []byte("new"), key(2)
	}
	b.twice(func(d *store.Device) {
		b.session(d, at, content)
		b.trusted(d, at, identity, true)
		b.trusted(d, at, key(9), false)
		b.senderKey(d, in, at, content)
		one, err := d.PreKeys.GetPreKey(b.Context(), used)
		same(b, "the one-time key is used", one == nil, err, want)
		event, err := d.EventBuffer.GetBufferedEvent(b.Context(), key(1))
		same(b, "the plaintext is kept", event != nil, err, want)
	})
}

func decryption(b *bench) {
	at, in, used := b.prepared()
	b.ok(b.decrypt(at, in, used, nil))
	b.decrypted(at, in, used, true)
}

func decryptionFails(b *bench) {
	at, in, used := b.prepared()
	if err := b.decrypt(at, in, used, errNot); !errors.Is(err, errNot) {
		b.Fatalf("got %v", err)
	}
	b.decrypted(at, in, used, false)
	// It is no end: the next one works.
	b.ok(b.decrypt(at, in, used, nil))
	b.decrypted(at, in, used, true)
}

func decryptionSeesItself(b *bench) {
	at, in, used := b.prepared()
	d, p := b.device, somebody()
	b.ok(d.EventBuffer.DoDecryptionTxn(b.Context(), func(ctx context.Context) error {
		other := address(p.lid, 2)
		err := errors.Join(
			d.Identities.DeleteIdentity(ctx, at), d.Sessions.DeleteSession(ctx, at),
			d.Sessions.PutSession(ctx, other, []byte("here")), d.Sessions.PutSession(ctx, address(p.lid, 3), []byte("here too")),
			d.Sessions.DeleteAllSessions(ctx, p.pn.SignalAddressUser()), d.PreKeys.RemovePreKey(ctx, used),
			d.SenderKeys.PutSenderKey(ctx, in, at, []byte("here")),
		)
		if err != nil {
			return err
		}
		has, err := d.Sessions.HasSession(ctx, at)
		same(b, "has a deleted session", has, err, false)
		many, err := d.Sessions.GetManySessions(ctx, []string{at, other})
		same(b, "sessions", many, err, map[string][]byte{at: nil, other: []byte("here")})
		trusted, err := d.Identities.IsTrustedIdentity(ctx, at, key(9))
		same(b, "trusts any identity", trusted, err, true)
		one, err := d.PreKeys.GetPreKey(ctx, used)
		same(b, "used key", one, err, nil)
		sender, err := d.SenderKeys.GetSenderKey(ctx, in, at)
		same(b, "sender key", sender, err, []byte("here"))
		if err := d.Sessions.DeleteAllSessions(ctx, p.lid.SignalAddressUser()); err != nil {
			return err
		}
		has, err = d.Sessions.HasSession(ctx, other)
		same(b, "has a session deleted with others", has, err, false)
		return nil
	}))
	b.twice(func(d *store.Device) {
		b.session(d, at, nil)
		b.session(d, address(p.lid, 2), nil)
		b.senderKey(d, in, at, []byte("here"))
	})
}

func decryptionNested(b *bench) {
	at, in, used := b.prepared()
	d := b.device
	err := d.EventBuffer.DoDecryptionTxn(b.Context(), func(ctx context.Context) error {
		err := d.EventBuffer.DoDecryptionTxn(ctx, func(ctx context.Context) error {
			return d.Sessions.PutSession(ctx, at, []byte("new"))
		})
		return errors.Join(err, errNot)
	})
	if !errors.Is(err, errNot) {
		b.Fatalf("got %v", err)
	}
	b.decrypted(at, in, used, false)
}
