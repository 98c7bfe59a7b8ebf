package d360

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
)

// minter makes ids. The same seed makes the same ids in the same order.
type minter struct {
	mu  sync.Mutex
	rng *rand.ChaCha8
	any *rand.Rand
}

func newMinter(seed uint64) *minter {
	var bytes [8]byte
	binary.LittleEndian.PutUint64(bytes[:], seed)
	source := rand.NewChaCha8(sha256.Sum256(bytes[:]))
	return &minter{rng: source, any: rand.New(source)}
}

func (m *minter) hex(digits int) string {
	buf := make([]byte, (digits+1)/2)
	m.read(buf)
	return strings.ToUpper(hex.EncodeToString(buf))[:digits]
}

func (m *minter) read(buf []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	// A ChaCha8 read never fails.
	_, _ = m.rng.Read(buf)
}

// digits returns n decimal digits, the first of which is not zero.
func (m *minter) digits(n int) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := strconv.Itoa(1 + m.any.IntN(9))
	for len(out) < n {
		out += strconv.Itoa(m.any.IntN(10))
	}
	return out
}

func (m *minter) shuffle(n int, swap func(i, j int)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.any.Shuffle(n, swap)
}

// outboundID makes the id of a message that the business sent. It embeds the
// other party's phone, as the real one does, which makes it personal data.
func (m *minter) outboundID(phone string) string { return m.wamid(phone, 0x11, 18) }

// inboundID makes the id of a message that a customer sent.
func (m *minter) inboundID(phone string) string { return m.wamid(phone, 0x12, 20) }

func (m *minter) wamid(phone string, direction byte, digits int) string {
	if len(phone) > 255 {
		phone = phone[:255]
	}
	raw := make([]byte, 0, len(phone)+digits+9)
	raw = append(raw, 0x1C, 0x18, byte(len(phone)))
	raw = append(raw, phone...)
	raw = append(raw, 0x15, 0x02, 0x00, direction, 0x18, byte(digits))
	raw = append(raw, m.hex(digits)...)
	raw = append(raw, 0x00)
	return "wamid." + base64.StdEncoding.EncodeToString(raw)
}

// looksLikeWamid tells whether id has the outer form of a message id.
func looksLikeWamid(id string) bool {
	rest, found := strings.CutPrefix(id, "wamid.")
	if !found || rest == "" || len(id) > 512 {
		return false
	}
	_, err := base64.StdEncoding.DecodeString(rest)
	if err != nil {
		_, err = base64.RawStdEncoding.DecodeString(rest)
	}
	return err == nil
}
