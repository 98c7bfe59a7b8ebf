package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// keySize is the length of a master key, in bytes.
const keySize = 32

var (
	// ErrUnknownKey marks a value sealed by a key that was not given.
	ErrUnknownKey = errors.New("the master key that sealed this is not set")
	// ErrNotAuthentic marks a value that was changed, or moved from another
	// row or purpose.
	ErrNotAuthentic = errors.New("the sealed value was changed or belongs elsewhere")
)

// KeyID names a master key without telling it: the first eight bytes of a
// SHA-256 over it, in hex.
type KeyID string

// Sealed is an encrypted value, as it lies in the store. It is safe to log.
type Sealed struct {
	// KeyID names the master key that sealed it.
	KeyID KeyID `bson:"keyId"`
	// Box is a nonce of 12 bytes, then ciphertext and tag.
	Box []byte `bson:"box"`
}

// IsZero tells whether nothing was sealed.
func (s Sealed) IsZero() bool { return len(s.Box) == 0 }

// Binding says where a sealed value belongs.
type Binding struct {
	// Purpose is a constant of the caller, such as "channel.credentials".
	Purpose string
	// RowID is the id of the row that holds the value.
	RowID string
}

// bytes is unambiguous: no purpose and row give another pair's bytes.
func (b Binding) bytes() []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(b.Purpose)))
	return append(append(out, b.Purpose...), b.RowID...)
}

// Vault seals with one key and opens with several. It is safe for concurrent
// use.
type Vault struct {
	current KeyID
	keys    map[KeyID]cipher.AEAD
}

// New makes a vault from OMNI_MASTER_KEY and OMNI_MASTER_KEY_PREVIOUS: the key
// that seals, and older ones that still open. Each is 32 bytes in base64.
// Surrounding space is ignored, as are empty previous keys.
func New(master Secret, previous ...Secret) (*Vault, error) {
	v := &Vault{keys: map[KeyID]cipher.AEAD{}}
	id, err := v.add(master)
	if err != nil {
		return nil, fmt.Errorf("OMNI_MASTER_KEY: %w", err)
	}
	v.current = id
	for i, key := range previous {
		if strings.TrimSpace(key.Reveal()) == "" {
			continue
		}
		if _, err := v.add(key); err != nil {
			return nil, fmt.Errorf("OMNI_MASTER_KEY_PREVIOUS, key %d: %w", i+1, err)
		}
	}
	return v, nil
}

// NewKey makes a random master key, as New takes it.
func NewKey() Secret {
	key := make([]byte, keySize)
	rand.Read(key) // never fails
	return Secret(base64.StdEncoding.EncodeToString(key))
}

func (v *Vault) add(encoded Secret) (KeyID, error) {
	key, ok := decodeKey(strings.TrimSpace(encoded.Reveal()))
	if !ok {
		return "", fmt.Errorf("a master key is %d bytes in base64; make one with: openssl rand -base64 %d", keySize, keySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	// Random nonces of 96 bits: good for 2^32 values under one key.
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte("omnichannel master key id:"), key...))
	id := KeyID(hex.EncodeToString(sum[:8]))
	v.keys[id] = aead
	return id, nil
}

// decodeKey reads a key in any of base64's spellings; its error would show it.
func decodeKey(encoded string) (key []byte, ok bool) {
	encoded = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(encoded), "=")
	key, err := base64.RawStdEncoding.DecodeString(encoded)
	return key, err == nil && len(key) == keySize
}

// KeyID names the key that seals.
func (v *Vault) KeyID() KeyID { return v.current }

// Seal encrypts a value for its place. Two seals of one value differ.
func (v *Vault) Seal(to Binding, plaintext []byte) Sealed {
	return Sealed{KeyID: v.current, Box: v.keys[v.current].Seal(nil, nil, plaintext, to.bytes())}
}

// Has tells whether a key of that id was given.
func (v *Vault) Has(id KeyID) bool { return v.keys[id] != nil }

// Open decrypts a value at its place. It fails with ErrUnknownKey, naming the
// key and the setting, or with ErrNotAuthentic.
func (v *Vault) Open(at Binding, sealed Sealed) ([]byte, error) {
	aead, known := v.keys[sealed.KeyID]
	if !known {
		return nil, fmt.Errorf("open %s of %s: %w: give key %.16q in OMNI_MASTER_KEY_PREVIOUS, or, where nobody has it any more, run omnichannel lost-key --id %.16s", at.Purpose, at.RowID, ErrUnknownKey, string(sealed.KeyID), string(sealed.KeyID))
	}
	plaintext, err := aead.Open(nil, nil, sealed.Box, at.bytes())
	if err != nil {
		return nil, fmt.Errorf("open %s of %s: %w", at.Purpose, at.RowID, ErrNotAuthentic)
	}
	return plaintext, nil
}

// NeedsRotation tells whether a value was sealed by another key than the
// current one: open it and seal it again.
func (v *Vault) NeedsRotation(sealed Sealed) bool {
	return !sealed.IsZero() && sealed.KeyID != v.current
}
