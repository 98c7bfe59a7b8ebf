package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/libsignal/keys/identity"
	"go.mau.fi/libsignal/keys/prekey"
	"go.mau.fi/libsignal/protocol"
	"go.mau.fi/libsignal/session"
	"go.mau.fi/libsignal/util/optional"

	"go.mau.fi/whatsmeow/store"
)

// bundle is what WhatsApp tells of a device to somebody who has no session with
// it.
func (b *bench) bundle(of *store.Device) *prekey.Bundle {
	b.Helper()
	one, err := of.PreKeys.GenOnePreKey(b.Context())
	b.ok(err)
	return prekey.NewBundle(of.RegistrationID, uint32(of.ID.Device), optional.NewOptionalUint32(one.KeyID), of.SignedPreKey.KeyID,
		ecc.NewDjbECPublicKey(*one.Pub), ecc.NewDjbECPublicKey(*of.SignedPreKey.Pub), *of.SignedPreKey.Signature,
		identity.NewKey(ecc.NewDjbECPublicKey(*of.IdentityKey.Pub)))
}

// send encrypts as a client does: with sessions read together, and kept together
// before anything leaves.
func (b *bench) send(from, to *store.Device, text string) protocol.CiphertextMessage {
	b.Helper()
	at := to.LID.SignalAddress()
	has, ctx, err := from.WithCachedSessions(b.Context(), []string{at.String()})
	b.ok(err)
	builder := session.NewBuilderFromSignal(from, at, store.SignalProtobufSerializer)
	if !has[at.String()] {
		b.ok(builder.ProcessBundle(ctx, b.bundle(to)))
	}
	out, err := session.NewCipher(builder, at).Encrypt(ctx, []byte(text))
	b.ok(err)
	b.ok(from.PutCachedSessions(ctx))
	return out
}

// receive decrypts and keeps the plaintext in one transaction, which fails with
// err at its end.
func (b *bench) receive(at, from *store.Device, message protocol.CiphertextMessage, hash [32]byte, err error) (string, error) {
	address := from.LID.SignalAddress()
	var plain []byte
	failed := at.EventBuffer.DoDecryptionTxn(b.Context(), func(ctx context.Context) (failed error) {
		cipher := session.NewCipher(session.NewBuilderFromSignal(at, address, store.SignalProtobufSerializer), address)
		serializer := store.SignalProtobufSerializer
		if message.Type() == protocol.PREKEY_TYPE {
			parsed, parseErr := protocol.NewPreKeySignalMessageFromBytes(message.Serialize(), serializer.PreKeySignalMessage, serializer.SignalMessage)
			b.ok(parseErr)
			plain, failed = cipher.DecryptMessage(ctx, parsed)
		} else {
			parsed, parseErr := protocol.NewSignalMessageFromBytes(message.Serialize(), serializer.SignalMessage)
			b.ok(parseErr)
			plain, failed = cipher.Decrypt(ctx, parsed)
		}
		if failed != nil {
			return failed
		}
		return errors.Join(at.EventBuffer.PutBufferedEvent(ctx, hash, plain, time.Now()), err)
	})
	return string(plain), failed
}

func (b *bench) says(from, to *store.Device, text string) {
	b.Helper()
	got, err := b.receive(to, from, b.send(from, to, text), [32]byte([]byte(fmt.Sprintf("%-32.32s", text))), nil)
	same(b, "message", got, err, text)
}

func conversation(b *bench) {
	ana, bia := b.device, b.pair(somebody())
	for round := range 3 {
		b.says(ana, bia, fmt.Sprint("ana ", round, " a"))
		b.says(ana, bia, fmt.Sprint("ana ", round, " b"))
		b.says(bia, ana, fmt.Sprint("bia ", round))
	}
}

func conversationElsewhere(b *bench) {
	ana, bia := b.device, b.pair(somebody())
	b.says(ana, bia, "first")
	for round := range 3 {
		ana, bia = b.container.Reload(b.T, *ana.ID), b.container.Reload(b.T, *bia.ID)
		b.says(bia, ana, fmt.Sprint("bia ", round))
		b.says(ana, bia, fmt.Sprint("ana ", round))
	}
}

func conversationFails(b *bench) {
	ana, bia := b.device, b.pair(somebody())
	for round, text := range []string{"the first, by a one-time key", "the second"} {
		message := b.send(ana, bia, text)
		if _, err := b.receive(bia, ana, message, key(byte(round)), errNot); !errors.Is(err, errNot) {
			b.Fatalf("got %v", err)
		}
		got, err := b.receive(bia, ana, message, key(byte(round)), nil)
		same(b, "message that came again", got, err, text)
		b.says(bia, ana, fmt.Sprint("answer ", round))
	}
}
