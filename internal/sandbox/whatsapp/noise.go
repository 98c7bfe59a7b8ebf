package whatsapp

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// noise is the responder of a Noise_XX_25519_AESGCM_SHA256 handshake.
type noise struct {
	hash, salt []byte
	key        cipher.AEAD
	count      uint32
}

func newNoise(prologue []byte) (*noise, error) {
	n := &noise{hash: []byte(socket.NoiseStartPattern)} // 32 bytes, so it is its own hash
	n.salt = n.hash
	var err error
	if n.key, err = aead(n.hash); err != nil {
		return nil, err
	}
	n.mix(prologue)
	return n, nil
}

func (n *noise) mix(b []byte) {
	sum := sha256.Sum256(append(append([]byte{}, n.hash...), b...))
	n.hash = sum[:]
}

// expand gives the two keys that follow from secret.
func (n *noise) expand(secret []byte) (first, second []byte, err error) {
	out, err := hkdf.Key(sha256.New, secret, n.salt, "", 64)
	if err != nil {
		return nil, nil, err
	}
	return out[:32], out[32:], nil
}

// agree mixes a Diffie-Hellman result into the key.
func (n *noise) agree(priv *[32]byte, pub []byte) error {
	secret, err := sharedSecret(priv, pub)
	if err != nil {
		return err
	}
	salt, key, err := n.expand(secret)
	if err != nil {
		return err
	}
	n.salt, n.count = salt, 0
	n.key, err = aead(key)
	return err
}

func (n *noise) seal(plain []byte) []byte {
	sealed := n.key.Seal(nil, counterNonce(n.count), plain, n.hash)
	n.count++
	n.mix(sealed)
	return sealed
}

func (n *noise) open(sealed []byte) ([]byte, error) {
	plain, err := n.key.Open(nil, counterNonce(n.count), sealed, n.hash)
	n.count++
	if err != nil {
		return nil, fmt.Errorf("open a handshake part: %w", err)
	}
	n.mix(sealed)
	return plain, nil
}

// split gives the keys of the connection: what the client writes with, what the
// server writes with.
func (n *noise) split() (fromClient, toClient cipher.AEAD, err error) {
	read, write, err := n.expand(nil)
	if err != nil {
		return nil, nil, err
	}
	if fromClient, err = aead(read); err != nil {
		return nil, nil, err
	}
	toClient, err = aead(write)
	return fromClient, toClient, err
}

// handshake speaks the server's part on c and leaves in it the connection's
// keys, the client's Noise key (its credential) and what it said of itself.
func (c *conn) handshake() error {
	prologue, err := c.readExactly(len(socket.WAConnHeader))
	if err != nil {
		return err
	}
	if string(prologue) != string(socket.WAConnHeader) {
		return errors.New("the connection does not begin with WhatsApp's header")
	}
	n, err := newNoise(prologue)
	if err != nil {
		return err
	}
	var hello waWa6.HandshakeMessage
	if err = c.readHandshake(&hello); err != nil {
		return err
	}
	ephemeral := keys.NewKeyPair()
	if err = c.answerHello(n, ephemeral, hello.GetClientHello().GetEphemeral()); err != nil {
		return err
	}
	if err = c.readHandshake(&hello); err != nil {
		return err
	}
	return c.finishHandshake(n, ephemeral, hello.GetClientFinish())
}

func (c *conn) answerHello(n *noise, ephemeral *keys.KeyPair, client []byte) error {
	n.mix(client)
	n.mix(ephemeral.Pub[:])
	if err := n.agree(ephemeral.Priv, client); err != nil {
		return err
	}
	static := n.seal(c.srv.keys.static.Pub[:])
	if err := n.agree(c.srv.keys.static.Priv, client); err != nil {
		return err
	}
	certificate, err := c.srv.keys.certificate(uint64(c.srv.now().Unix()))
	if err != nil {
		return err
	}
	out, err := proto.Marshal(&waWa6.HandshakeMessage{ServerHello: &waWa6.HandshakeMessage_ServerHello{
		Ephemeral: ephemeral.Pub[:], Static: static, Payload: n.seal(certificate),
	}})
	if err != nil {
		return err
	}
	return c.writeFrame(out)
}

func (c *conn) finishHandshake(n *noise, ephemeral *keys.KeyPair, finish *waWa6.HandshakeMessage_ClientFinish) error {
	static, err := n.open(finish.GetStatic())
	if err != nil {
		return err
	}
	if len(static) != 32 {
		return fmt.Errorf("the client's static key has %d bytes, not 32", len(static))
	}
	c.noisePub = [32]byte(static)
	if err = n.agree(ephemeral.Priv, static); err != nil {
		return err
	}
	payload, err := n.open(finish.GetPayload())
	if err != nil {
		return err
	}
	c.hello = &waWa6.ClientPayload{}
	if err = proto.Unmarshal(payload, c.hello); err != nil {
		return fmt.Errorf("read the client's payload: %w", err)
	}
	c.readKey, c.writeKey, err = n.split()
	return err
}

func (c *conn) readHandshake(into *waWa6.HandshakeMessage) error {
	frame, err := c.readFrame()
	if err != nil {
		return err
	}
	return proto.Unmarshal(frame, into)
}

func aead(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// counterNonce is the nonce of the n-th message: a big-endian counter in its last
// four bytes.
func counterNonce(n uint32) []byte {
	b := make([]byte, 12)
	binary.BigEndian.PutUint32(b[8:], n)
	return b
}

// sharedSecret is X25519.
func sharedSecret(priv *[32]byte, pub []byte) ([]byte, error) {
	own, err := ecdh.X25519().NewPrivateKey(priv[:])
	if err != nil {
		return nil, err
	}
	other, err := ecdh.X25519().NewPublicKey(pub)
	if err != nil {
		return nil, err
	}
	return own.ECDH(other)
}
