package whatsapp

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

const (
	relyingParty   = "whatsapp.com"
	passkeyOrigin  = "https://web.whatsapp.com"
	handoffInfo    = "shortcake-passkey-handoff-v1"
	passkeyKeyInfo = "Pairing Information Encryption Key"
	// passkeyHandshake is the type of the notification that goes on with it.
	passkeyHandshake = "crsc_continuation"
)

// passkey is the credential of an account that wants one at each pairing.
type passkey struct {
	id  []byte
	key *ecdsa.PrivateKey
}

func newPasskey() (*passkey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a passkey: %w", err)
	}
	return &passkey{id: randomBytes(16), key: key}, nil
}

// passkeyPairing is how far a pairing with passkey came.
type passkeyPairing struct {
	account    *account
	advSecret  []byte // of the QR code that was scanned
	challenge  []byte
	ref        string
	ephemeral  *keys.KeyPair
	nonce      []byte
	identity   *waCompanionReg.CompanionEphemeralIdentity
	prologue   *waCompanionReg.ProloguePayload
	encryption []byte
	code       string
}

// askPasskey begins: the client has to show that the person at it holds the
// account's passkey. The caller holds s.mu.
func (s *Server) askPasskey(a *account, c *conn, k companionKeys) error {
	p := &passkeyPairing{account: a, advSecret: k.advSecret, challenge: randomBytes(32)}
	options, err := p.options()
	if err != nil {
		return err
	}
	c.pairing.passkey = p
	c.send(s.notification("passkey_prologue_request", nil, options))
	return nil
}

func (p *passkeyPairing) options() (node, error) {
	raw, err := json.Marshal(types.WebAuthnPublicKey{
		Challenge: p.challenge, Timeout: 60_000, RelyingPartID: relyingParty, UserVerification: "required",
		AllowCredentials: []types.AllowedCredential{{ID: p.account.passkey.id, Type: "public-key", Transports: []string{"internal", "hybrid"}}},
	})
	return node{Tag: "passkey_request_options", Content: raw}, err
}

// pairByPasskey takes the client's steps. The caller holds s.mu.
func (s *Server) pairByPasskey(c *conn, n *node, child node) {
	p := c.pairing.passkey
	if p == nil {
		c.refuse(n, 400, "bad-request")
		return
	}
	if child.Tag == "ref" {
		p.ref = s.newRef(c)
		c.result(n, node{Tag: "ref", Content: []byte(p.ref)})
		return
	}
	if child.Tag == "passkey_request_options" {
		if options, err := p.options(); err == nil {
			c.result(n, options)
		}
		return
	}
	step := map[string]func(*passkeyPairing, node) error{
		"passkey_prologue": (*passkeyPairing).begin, "companion_nonce": (*passkeyPairing).compare, "encrypted_pairing_request": (*passkeyPairing).ready,
	}[child.Tag]
	if err := step(p, child); err != nil {
		s.log.Debug("a passkey pairing failed", "step", child.Tag, "error", err)
		c.refuse(n, 400, "bad-request")
		return
	}
	c.result(n)
	switch child.Tag {
	case "passkey_prologue":
		s.continuePasskey(c, p)
	case "encrypted_pairing_request":
		s.finishPasskey(c, p, content(child))
	}
}

// begin checks the passkey and keeps what the client commits to.
func (p *passkeyPairing) begin(child node) error {
	var response types.WebAuthnResponse
	if err := json.Unmarshal(content(child.GetChildByTag("webauthn_assertion")), &response); err != nil {
		return fmt.Errorf("read the assertion: %w", err)
	}
	if err := p.account.passkey.verify(p.challenge, response); err != nil {
		return err
	}
	raw := content(child.GetChildByTag("prologue_payload"))
	if proof, sent := child.GetOptionalChildByTag("pairing_handoff_proof"); sent {
		key, err := hkdf.Key(sha256.New, p.advSecret, nil, handoffInfo, 32)
		if err != nil {
			return err
		}
		h := hmac.New(sha256.New, key)
		h.Write(raw)
		if !hmac.Equal(h.Sum(nil), content(proof)) {
			return errors.New("the proof that this client showed the QR code is wrong")
		}
	}
	p.prologue, p.identity = &waCompanionReg.ProloguePayload{}, &waCompanionReg.CompanionEphemeralIdentity{}
	if err := proto.Unmarshal(raw, p.prologue); err != nil {
		return err
	}
	if err := proto.Unmarshal(p.prologue.GetCompanionEphemeralIdentity(), p.identity); err != nil {
		return err
	}
	if p.identity.GetRef() != p.ref || len(p.identity.GetPublicKey()) != 32 {
		return errors.New("the client's ephemeral identity is not for this pairing")
	}
	return nil
}

func (s *Server) continuePasskey(c *conn, p *passkeyPairing) {
	p.ephemeral, p.nonce = keys.NewKeyPair(), randomBytes(32)
	identity, err := proto.Marshal(&waCompanionReg.PrimaryEphemeralIdentity{PublicKey: p.ephemeral.Pub[:], Nonce: p.nonce})
	if err != nil {
		return
	}
	c.send(s.notification(passkeyHandshake, nil, node{Tag: "primary_ephemeral_identity", Content: identity}))
}

var codeLetters = base32.NewEncoding("123456789ABCDEFGHJKLMNPQRSTVWXYZ")

// compare opens the client's commitment and makes the code that both ends show.
func (p *passkeyPairing) compare(child node) error {
	if p.ephemeral == nil {
		return errors.New("the client's nonce came too early")
	}
	nonce := content(child)
	commitment := sha256.Sum256(append(bytes.Clone(p.prologue.GetCompanionEphemeralIdentity()), nonce...))
	if !hmac.Equal(commitment[:], p.prologue.GetCommitment().GetHash()) {
		return errors.New("the nonce is not the one that the client committed to")
	}
	shared, err := sharedSecret(p.ephemeral.Priv, p.identity.GetPublicKey())
	if err != nil {
		return err
	}
	salt := fmt.Sprintf("Companion Pairing %d with ref %s", p.identity.GetDeviceType(), p.ref)
	if p.encryption, err = hkdf.Key(sha256.New, shared, []byte(salt), passkeyKeyInfo, 32); err != nil {
		return err
	}
	digest := sha256.Sum256(append(bytes.Clone(nonce), p.ephemeral.Pub[:]...))
	letters := make([]byte, 5)
	for i := range letters {
		letters[i] = p.nonce[i] ^ digest[i]
	}
	code := codeLetters.EncodeToString(letters)
	p.code = code[:4] + "-" + code[4:]
	p.account.phone.shownCode = p.code
	return nil
}

func (p *passkeyPairing) ready(node) error {
	if p.encryption == nil {
		return errors.New("the client's keys came before its nonce")
	}
	return nil
}

// finishPasskey links the device by the keys that the client sends sealed.
func (s *Server) finishPasskey(c *conn, p *passkeyPairing, raw []byte) {
	k, err := p.openRequest(raw)
	if err == nil {
		err = s.pair(p.account, c, k)
	}
	if err != nil {
		s.log.Debug("a passkey pairing failed at its end", "error", err)
		c.cut()
	}
}

func (p *passkeyPairing) openRequest(raw []byte) (companionKeys, error) {
	var sealed waCompanionReg.EncryptedPairingRequest
	if err := proto.Unmarshal(raw, &sealed); err != nil {
		return companionKeys{}, err
	}
	box, err := aead(p.encryption)
	if err != nil {
		return companionKeys{}, err
	}
	if len(sealed.GetIV()) != box.NonceSize() {
		return companionKeys{}, errors.New("the nonce of the client's keys has the wrong length")
	}
	plain, err := box.Open(nil, sealed.GetIV(), sealed.GetEncryptedPayload(), nil)
	if err != nil {
		return companionKeys{}, err
	}
	var request waCompanionReg.PairingRequest
	if err = proto.Unmarshal(plain, &request); err != nil {
		return companionKeys{}, err
	}
	return companionKeys{noise: request.GetCompanionPublicKey(), identity: request.GetCompanionIdentityKey(), advSecret: request.GetAdvSecret()}, nil
}

// AnswerPasskey is what the authenticator of an account's owner answers to the
// request that a client got: hand it to SendPasskeyResponse.
func (s *Server) AnswerPasskey(ref string, request types.WebAuthnPublicKey) (*types.WebAuthnResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(ref)
	if err != nil {
		return nil, err
	}
	if a.passkey == nil {
		return nil, fmt.Errorf("%w: phone %s has no passkey: set passkey on it", control.ErrNotFound, ref)
	}
	return a.passkey.sign(request)
}

// assertionClaims is the part of an assertion that names the challenge.
type assertionClaims struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	Origin    string `json:"origin"`
}

func (k *passkey) sign(request types.WebAuthnPublicKey) (*types.WebAuthnResponse, error) {
	claims, err := json.Marshal(assertionClaims{Type: "webauthn.get", Challenge: base64.RawURLEncoding.EncodeToString(request.Challenge), Origin: passkeyOrigin})
	if err != nil {
		return nil, err
	}
	party := sha256.Sum256([]byte(request.RelyingPartID))
	const presentAndVerified = 0b101
	authenticator := binary.BigEndian.AppendUint32(append(party[:], presentAndVerified), 1)
	signed, err := ecdsa.SignASN1(rand.Reader, k.key, assertionDigest(authenticator, claims))
	if err != nil {
		return nil, err
	}
	return &types.WebAuthnResponse{
		ID: base64.RawURLEncoding.EncodeToString(k.id), RawID: k.id, Type: "public-key",
		Response: types.WebAuthnResponseData{ClientDataJSON: claims, AuthenticatorData: authenticator, Signature: signed},
	}, nil
}

func (k *passkey) verify(challenge []byte, response types.WebAuthnResponse) error {
	var claims assertionClaims
	if err := json.Unmarshal(response.Response.ClientDataJSON, &claims); err != nil {
		return err
	}
	if claims.Challenge != base64.RawURLEncoding.EncodeToString(challenge) || !bytes.Equal(response.RawID, k.id) {
		return errors.New("the assertion is for another challenge or credential")
	}
	if !ecdsa.VerifyASN1(&k.key.PublicKey, assertionDigest(response.Response.AuthenticatorData, response.Response.ClientDataJSON), response.Response.Signature) {
		return errors.New("the assertion's signature is wrong")
	}
	return nil
}

func assertionDigest(authenticator, claims []byte) []byte {
	hashed := sha256.Sum256(claims)
	digest := sha256.Sum256(append(bytes.Clone(authenticator), hashed[:]...))
	return digest[:]
}
