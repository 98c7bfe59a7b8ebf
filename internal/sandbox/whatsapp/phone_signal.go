package whatsapp

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/libsignal/groups"
	"go.mau.fi/libsignal/keys/identity"
	"go.mau.fi/libsignal/keys/prekey"
	"go.mau.fi/libsignal/protocol"
	"go.mau.fi/libsignal/session"
	"go.mau.fi/libsignal/signalerror"
	"go.mau.fi/libsignal/util/optional"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

var signalFormat = store.SignalProtobufSerializer

// signalAddress names a device in sessions: always by its hidden address.
func signalAddress(d *device) *protocol.SignalAddress {
	return d.in(types.HiddenUserServer).SignalAddress()
}

// encrypt makes the <enc> for one device, beginning a session when there is none.
// The caller holds p.crypto.
func (p *phone) encrypt(to *device, plain []byte) (node, error) {
	ctx := context.Background()
	address := signalAddress(to)
	known, err := p.store.ContainsSession(ctx, address)
	if err != nil {
		return node{}, err
	}
	if !known {
		p.srv.mu.Lock()
		b := p.srv.takeBundle(to)
		p.srv.mu.Unlock()
		if err := p.begin(to, b); err != nil {
			return node{}, fmt.Errorf("begin a session with device %d of %s: %w", to.id, to.account.number, err)
		}
	}
	builder := session.NewBuilderFromSignal(p.store, address, signalFormat)
	sealed, err := session.NewCipher(builder, address).Encrypt(ctx, padded(plain))
	if err != nil {
		return node{}, fmt.Errorf("encrypt for device %d of %s: %w", to.id, to.account.number, err)
	}
	kind := "msg"
	if sealed.Type() == protocol.PREKEY_TYPE {
		kind = "pkmsg"
	}
	return node{Tag: "enc", Attrs: attrs{"v": "2", "type": kind}, Content: sealed.Serialize()}, nil
}

// begin starts a new session from a device's keys. The caller holds p.crypto.
func (p *phone) begin(to *device, b bundle) error {
	if len(b.registration) != 4 || len(b.identity) != 32 || len(b.signed.public) != 32 || len(b.signed.signature) != 64 {
		return errors.New("the device has not uploaded its keys")
	}
	ctx := context.Background()
	id, public := optional.NewEmptyUint32(), ecc.ECPublicKeyable(nil)
	if b.oneTime != nil && len(b.oneTime.public) == 32 {
		id, public = optional.NewOptionalUint32(keyID(b.oneTime.id)), ecc.NewDjbECPublicKey([32]byte(b.oneTime.public))
	}
	keys := prekey.NewBundle(
		binary.BigEndian.Uint32(b.registration), uint32(to.id), id, keyID(b.signed.id), public,
		ecc.NewDjbECPublicKey([32]byte(b.signed.public)), [64]byte(b.signed.signature), identity.NewKey(ecc.NewDjbECPublicKey([32]byte(b.identity))),
	)
	address := signalAddress(to)
	// A phone trusts a new identity, as phones do unless told otherwise.
	if err := p.store.Identities.DeleteIdentity(ctx, address.String()); err != nil {
		return err
	}
	return session.NewBuilderFromSignal(p.store, address, signalFormat).ProcessBundle(ctx, keys)
}

func keyID(b []byte) uint32 {
	if len(b) != 3 {
		return 0
	}
	return binary.BigEndian.Uint32([]byte{0, b[0], b[1], b[2]})
}

// decrypt opens one <enc>. The caller holds p.crypto.
func (p *phone) decrypt(from *device, chat types.JID, enc node) ([]byte, error) {
	ctx := context.Background()
	address := signalAddress(from)
	raw := content(enc)
	var plain []byte
	var err error
	switch kind := strAttr(&enc, "type"); kind {
	case "pkmsg":
		plain, err = p.decryptFirst(ctx, address, raw)
	case "msg":
		var m *protocol.SignalMessage
		if m, err = protocol.NewSignalMessageFromBytes(raw, signalFormat.SignalMessage); err == nil {
			plain, err = session.NewCipher(session.NewBuilderFromSignal(p.store, address, signalFormat), address).Decrypt(ctx, m)
		}
	case "skmsg":
		var m *protocol.SenderKeyMessage
		name := protocol.NewSenderKeyName(chat.String(), address)
		if m, err = protocol.NewSenderKeyMessageFromBytes(raw, signalFormat.SenderKeyMessage); err == nil {
			plain, err = groups.NewGroupCipher(groups.NewGroupSessionBuilder(p.store, signalFormat), name, p.store).Decrypt(ctx, m)
		}
	default:
		return nil, fmt.Errorf("a ciphertext of type %q", kind)
	}
	if err != nil {
		return nil, err
	}
	return unpadded(plain)
}

func (p *phone) decryptFirst(ctx context.Context, address *protocol.SignalAddress, raw []byte) ([]byte, error) {
	m, err := protocol.NewPreKeySignalMessageFromBytes(raw, signalFormat.PreKeySignalMessage, signalFormat.SignalMessage)
	if err != nil {
		return nil, err
	}
	cipher := session.NewCipher(session.NewBuilderFromSignal(p.store, address, signalFormat), address)
	plain, err := cipher.DecryptMessage(ctx, m)
	if errors.Is(err, signalerror.ErrUntrustedIdentity) {
		if err = p.store.Identities.DeleteIdentity(ctx, address.String()); err != nil {
			return nil, err
		}
		plain, err = cipher.DecryptMessage(ctx, m)
	}
	return plain, err
}

// groupSeal encrypts by the phone's sender key for a group and gives the message
// that tells others this key. The caller holds p.crypto.
func (p *phone) groupSeal(chat types.JID, plain []byte) (enc node, distribution *waE2E.SenderKeyDistributionMessage, err error) {
	ctx := context.Background()
	builder := groups.NewGroupSessionBuilder(p.store, signalFormat)
	name := protocol.NewSenderKeyName(chat.String(), signalAddress(p.self))
	key, err := builder.Create(ctx, name)
	if err != nil {
		return node{}, nil, fmt.Errorf("make a sender key for %s: %w", chat, err)
	}
	distribution = &waE2E.SenderKeyDistributionMessage{GroupID: proto.String(chat.String()), AxolotlSenderKeyDistributionMessage: key.Serialize()}
	if plain == nil {
		return node{}, distribution, nil
	}
	sealed, err := groups.NewGroupCipher(builder, name, p.store).Encrypt(ctx, padded(plain))
	if err != nil {
		return node{}, nil, fmt.Errorf("encrypt for %s: %w", chat, err)
	}
	return node{Tag: "enc", Attrs: attrs{"v": "2", "type": "skmsg"}, Content: sealed.SignedSerialize()}, distribution, nil
}

// learnSenderKey keeps what a member told about theirs. The caller holds p.crypto.
func (p *phone) learnSenderKey(from *device, chat types.JID, told *waE2E.SenderKeyDistributionMessage) error {
	key, err := protocol.NewSenderKeyDistributionMessageFromBytes(told.GetAxolotlSenderKeyDistributionMessage(), signalFormat.SenderKeyDistributionMessage)
	if err != nil {
		return err
	}
	name := protocol.NewSenderKeyName(chat.String(), signalAddress(from))
	return groups.NewGroupSessionBuilder(p.store, signalFormat).Process(context.Background(), name, key)
}

// padded appends 1 to 15 bytes that all say how many they are.
func padded(plain []byte) []byte {
	n := randomBytes(1)[0]&0xf | 1
	return append(slices.Clone(plain), bytes.Repeat([]byte{n}, int(n))...)
}

func unpadded(b []byte) ([]byte, error) {
	if len(b) == 0 || int(b[len(b)-1]) > len(b) {
		return nil, errors.New("the padding of a message is wrong")
	}
	return b[:len(b)-int(b[len(b)-1])], nil
}
