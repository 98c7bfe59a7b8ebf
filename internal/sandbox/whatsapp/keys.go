package whatsapp

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow/proto/waCert"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// serverKeys are the server's own: root signs inter, inter signs static, and
// static is the key of every Noise handshake.
type serverKeys struct{ root, inter, static *keys.KeyPair }

// RootKey is the certificate root of a server with that seed; the seed must not
// be empty. A client trusts the server when whatsmeow.WACertPubKey is this key:
//
//	whatsmeow.WACertPubKey = whatsapp.RootKey("some words")
//
// That is a variable of a whole process: set it once, before any client
// connects, and never in a process that also talks to the real WhatsApp.
func RootKey(seed string) [32]byte { return *derivedKey(seed, "root").Pub }

func newServerKeys(seed string) serverKeys {
	if seed == "" {
		return serverKeys{root: keys.NewKeyPair(), inter: keys.NewKeyPair(), static: keys.NewKeyPair()}
	}
	return serverKeys{root: derivedKey(seed, "root"), inter: derivedKey(seed, "intermediate"), static: derivedKey(seed, "static")}
}

func derivedKey(seed, label string) *keys.KeyPair {
	raw, err := hkdf.Key(sha256.New, []byte(seed), nil, "whatsapp sandbox "+label, 32)
	if err != nil {
		panic(fmt.Sprintf("whatsapp sandbox: derive the %s key: %v", label, err)) // only for lengths that SHA-256 cannot give
	}
	raw[0] &= 248
	raw[31] = raw[31]&127 | 64
	return keys.NewKeyPairFromPrivateKey([32]byte(raw))
}

// certificate is the chain that goes with the handshake. Clients check the two
// signatures, that the intermediate names issuer 0, and the dates.
func (k serverKeys) certificate(now uint64) ([]byte, error) {
	const hour, year = 3600, 366 * 86400
	sign := func(by *keys.KeyPair, serial, issuer uint32, key []byte) (*waCert.CertChain_NoiseCertificate, error) {
		details, err := proto.Marshal(&waCert.CertChain_NoiseCertificate_Details{
			Serial: &serial, IssuerSerial: &issuer, Key: key, NotBefore: proto.Uint64(now - hour), NotAfter: proto.Uint64(now + year),
		})
		if err != nil {
			return nil, err
		}
		return &waCert.CertChain_NoiseCertificate{Details: details, Signature: signature(by, details)}, nil
	}
	inter, err := sign(k.root, 1, 0, k.inter.Pub[:])
	if err != nil {
		return nil, err
	}
	leaf, err := sign(k.inter, 2, 1, k.static.Pub[:])
	if err != nil {
		return nil, err
	}
	return proto.Marshal(&waCert.CertChain{Intermediate: inter, Leaf: leaf})
}

// signature signs the parts one behind the other.
func signature(by *keys.KeyPair, parts ...[]byte) []byte {
	var message []byte
	for _, p := range parts {
		message = append(message, p...)
	}
	signed := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*by.Priv), message)
	return signed[:]
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: it crashes the program instead
	return b
}

// messageID is one as the phone apps make them: 32 upper-case hex digits.
func messageID() string { return strings.ToUpper(hex.EncodeToString(randomBytes(16))) }
