package whatsapp

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/util/keys"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

const (
	codeIterations = 2 << 16
	codeBundleInfo = "link_code_pairing_key_bundle_encryption_key"
	// codePatience is how long a phone waits for the client to go on after the
	// code was typed.
	codePatience = 30 * time.Second
)

// codePairing is a client that shows a code of eight characters, to be typed into
// the phone whose number it was given.
type codePairing struct {
	conn    *conn
	ref     []byte
	wrapped []byte    // the client's ephemeral key: salt, nonce, ciphertext
	finish  chan node // its answer to the typed code
}

// pairByCode takes the client's two steps. The caller holds s.mu.
func (s *Server) pairByCode(c *conn, n *node, child node) {
	a := s.account(jidAttr(&child, "jid"))
	if a == nil {
		c.refuse(n, 404, "item-not-found")
		return
	}
	switch strAttr(&child, "stage") {
	case "companion_hello":
		p := &codePairing{conn: c, ref: randomBytes(16), wrapped: content(child.GetChildByTag("link_code_pairing_wrapped_companion_ephemeral_pub")), finish: make(chan node, 1)}
		if len(p.wrapped) != 80 {
			c.refuse(n, 400, "bad-request")
			return
		}
		c.pairing.code, a.phone.codePairing = p, p
		c.result(n, node{
			Tag: "link_code_companion_reg", Attrs: attrs{"stage": "companion_hello"},
			Content: []node{{Tag: "link_code_pairing_ref", Content: p.ref}},
		})
	case "companion_finish":
		c.result(n)
		if p := c.pairing.code; p != nil {
			select {
			case p.finish <- child:
			default:
			}
		}
	default:
		c.refuse(n, 400, "bad-request")
	}
}

// EnterCode is "link with phone number instead": the person types the code that
// the client shows into the phone. It waits for the client to go on. A wrong code
// leaves the client waiting, and may be tried again.
func (s *Server) EnterCode(ctx context.Context, ref, code string) error {
	s.mu.Lock()
	a, err := s.find(ref)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	p := a.phone.codePairing
	s.mu.Unlock()
	if p == nil {
		return fmt.Errorf("%w: no client waits for a code on phone %s", control.ErrNotFound, ref)
	}
	code = strings.ToUpper(strings.ReplaceAll(code, "-", ""))
	companion, err := codeCrypt(code, p.wrapped[:32], p.wrapped[32:48], p.wrapped[48:80])
	if err != nil {
		return err
	}
	ephemeral := keys.NewKeyPair()
	salt, nonce := randomBytes(32), randomBytes(16)
	sealed, err := codeCrypt(code, salt, nonce, ephemeral.Pub[:])
	if err != nil {
		return err
	}
	p.conn.send(s.notification("link_code_companion_reg", nil, node{Tag: "link_code_companion_reg", Attrs: attrs{"stage": "primary_hello"}, Content: []node{
		{Tag: "link_code_pairing_wrapped_primary_ephemeral_pub", Content: slices.Concat(salt, nonce, sealed)},
		{Tag: "primary_identity_pub", Content: a.identity.Pub[:]},
		{Tag: "link_code_pairing_ref", Content: p.ref},
	}}))
	ctx, cancel := context.WithTimeout(ctx, codePatience)
	defer cancel()
	var finish node
	select {
	case finish = <-p.finish:
	case <-p.conn.ctx.Done():
		return fmt.Errorf("%w: the client that waited for a code on phone %s is gone", control.ErrNotFound, ref)
	case <-ctx.Done():
		return fmt.Errorf("the client did not go on after the code was typed into phone %s: %w", ref, ctx.Err())
	}
	k, err := openCodeBundle(a.identity, ephemeral, companion, content(finish.GetChildByTag("link_code_pairing_wrapped_key_bundle")))
	if err != nil {
		return err
	}
	k.noise = p.conn.noisePub[:]
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.phone.codePairing == p {
		a.phone.codePairing = nil
	}
	return s.pair(a, p.conn, k)
}

// openCodeBundle gives the client's keys, if both sides used the same code.
func openCodeBundle(identity, ephemeral *keys.KeyPair, companion, wrapped []byte) (companionKeys, error) {
	if len(wrapped) < 44 {
		return companionKeys{}, errors.New("the client's key bundle is too short")
	}
	shared, err := sharedSecret(ephemeral.Priv, companion)
	if err != nil {
		return companionKeys{}, err
	}
	key, err := hkdf.Key(sha256.New, shared, wrapped[:32], codeBundleInfo, 32)
	if err != nil {
		return companionKeys{}, err
	}
	box, err := aead(key)
	if err != nil {
		return companionKeys{}, err
	}
	bundle, err := box.Open(nil, wrapped[32:44], wrapped[44:], nil)
	if err != nil || len(bundle) < 96 {
		return companionKeys{}, errors.New("the code is wrong")
	}
	ownShared, err := sharedSecret(identity.Priv, bundle[:32])
	if err != nil {
		return companionKeys{}, err
	}
	secret, err := hkdf.Key(sha256.New, slices.Concat(shared, ownShared, bundle[64:96]), nil, "adv_secret", 32)
	return companionKeys{identity: bundle[:32], advSecret: secret}, err
}

// codeCrypt encrypts or decrypts with the key that a code stands for.
func codeCrypt(code string, salt, nonce, in []byte) ([]byte, error) {
	key, err := pbkdf2.Key(sha256.New, code, salt, codeIterations, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(in))
	cipher.NewCTR(block, nonce).XORKeyStream(out, in)
	return out, nil
}
