package whatsapp

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/util/cbcutil"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// mediaShelf holds what was uploaded, the oldest pushed out by the newest.
type mediaShelf struct {
	limit int64

	mu    sync.Mutex
	size  int64
	blobs map[string]blob // by path
	order []string
}

type blob struct {
	bytes []byte
	owner string // the phone that uploaded it; empty for the server itself
}

func newMediaShelf(limit int64) *mediaShelf {
	return &mediaShelf{limit: limit, blobs: map[string]blob{}}
}

// put stores bytes under a path made from their hash and returns it, with the
// query that clients expect: they append to it.
func (m *mediaShelf) put(b []byte, owner string) (directPath string) {
	sum := sha256.Sum256(b)
	path := "/v/t62.7118-24/" + base64.RawURLEncoding.EncodeToString(sum[:])
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drop(path)
	m.blobs[path] = blob{bytes: b, owner: owner}
	m.order = append(m.order, path)
	m.size += int64(len(b))
	for m.size > m.limit && len(m.order) > 1 {
		m.drop(m.order[0])
	}
	return path + "?ccb=11-4&oh=sandbox"
}

func (m *mediaShelf) get(path string) (blob, bool) {
	path, _, _ = strings.Cut(path, "?")
	m.mu.Lock()
	defer m.mu.Unlock()
	b, there := m.blobs[path]
	return b, there
}

func (m *mediaShelf) remove(path string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drop(path)
}

// drop forgets a path, if it is there. The caller holds m.mu.
func (m *mediaShelf) drop(path string) {
	b, there := m.blobs[path]
	if !there {
		return
	}
	delete(m.blobs, path)
	m.size -= int64(len(b.bytes))
	m.order = slices.DeleteFunc(m.order, func(p string) bool { return p == path })
}

func (m *mediaShelf) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blobs, m.order, m.size = map[string]blob{}, nil, 0
}

// macLength is how much of the HMAC follows a ciphertext of media.
const macLength = 10

// sealed is a file as messages refer to it.
type sealed struct {
	key, plainHash, sealedHash []byte
	directPath                 string
	length                     uint64
}

// mediaKeys are what follows from the key of a file.
func mediaKeys(key []byte, kind whatsmeow.MediaType) (iv, cipherKey, macKey []byte, err error) {
	x, err := hkdf.Key(sha256.New, key, nil, string(kind), 112)
	if err != nil {
		return nil, nil, nil, err
	}
	return x[:16], x[16:48], x[48:80], nil
}

// sealMedia encrypts a file and puts it on the shelf.
func (s *Server) sealMedia(plain []byte, kind whatsmeow.MediaType, owner string) (sealed, error) {
	out := sealed{key: randomBytes(32), length: uint64(len(plain))}
	iv, cipherKey, macKey, err := mediaKeys(out.key, kind)
	if err != nil {
		return sealed{}, err
	}
	ciphertext, err := cbcutil.Encrypt(cipherKey, iv, plain)
	if err != nil {
		return sealed{}, fmt.Errorf("encrypt media: %w", err)
	}
	ciphertext = append(ciphertext, mediaMAC(macKey, iv, ciphertext)...)
	plainHash, sealedHash := sha256.Sum256(plain), sha256.Sum256(ciphertext)
	out.plainHash, out.sealedHash = plainHash[:], sealedHash[:]
	out.directPath = s.media.put(ciphertext, owner)
	return out, nil
}

// openMedia gives the file that a message refers to.
func (s *Server) openMedia(m PhoneMedia) ([]byte, error) {
	b, there := s.media.get(m.DirectPath)
	if !there {
		return nil, fmt.Errorf("%w: the file is gone from the media host", control.ErrNotFound)
	}
	iv, cipherKey, macKey, err := mediaKeys(m.key, m.kind)
	if err != nil {
		return nil, err
	}
	if len(b.bytes) < macLength {
		return nil, errors.New("the file is shorter than its checksum")
	}
	ciphertext, mac := b.bytes[:len(b.bytes)-macLength], b.bytes[len(b.bytes)-macLength:]
	if !hmac.Equal(mac, mediaMAC(macKey, iv, ciphertext)) {
		return nil, errors.New("the file does not fit its key")
	}
	plain, err := cbcutil.Decrypt(cipherKey, iv, slices.Clone(ciphertext))
	if err != nil {
		return nil, fmt.Errorf("decrypt media: %w", err)
	}
	return plain, nil
}

func mediaMAC(key, iv, ciphertext []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(iv)
	h.Write(ciphertext)
	return h.Sum(nil)[:macLength]
}
