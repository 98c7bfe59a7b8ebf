package d360

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gabriel-vasile/mimetype"
)

// Sizes of media in bytes, and how long they are kept.
const (
	limitImage           = 5 << 20
	limitAV              = 16 << 20
	limitDocument        = 100 << 20
	limitStaticSticker   = 100 << 10
	limitAnimatedSticker = 500 << 10

	uploadLife  = 30 * 24 * time.Hour
	inboundLife = 7 * 24 * time.Hour
	linkLife    = 5 * time.Minute
)

// mediaRule is the kind that a type of media can be sent as, and its limit.
type mediaRule struct {
	kind  string
	limit int64
}

// mediaTypes are the types that the upload takes.
var mediaTypes = func() map[string]mediaRule {
	types := map[string]mediaRule{
		"image/jpeg": {"image", limitImage}, "image/png": {"image", limitImage},
		"image/webp": {"sticker", limitAnimatedSticker},
		"video/mp4":  {"video", limitAV}, "video/3gpp": {"video", limitAV},
	}
	for _, audio := range []string{"aac", "amr", "mpeg", "mp4", "ogg"} {
		types["audio/"+audio] = mediaRule{"audio", limitAV}
	}
	for _, document := range []string{
		"text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	} {
		types[document] = mediaRule{"document", limitDocument}
	}
	return types
}()

// media is a file that was uploaded, or came in with a message. It never changes.
type media struct {
	id       string
	number   string // phone number id that may see it
	mimeType string // as it was declared
	bytes    []byte
	inbound  bool
	created  time.Time
	sum      [32]byte // of the bytes; put sets it
}

func (m *media) expired(now time.Time) bool {
	life := uploadLife
	if m.inbound {
		life = inboundLife
	}
	return now.Sub(m.created) >= life
}

// baseType is a type without its parameters.
func baseType(mimeType string) string {
	base, _, err := mime.ParseMediaType(mimeType)
	if err != nil {
		return strings.ToLower(strings.TrimSpace(mimeType))
	}
	return base
}

// mediaShelf keeps files up to a number of bytes; the oldest go first.
type mediaShelf struct {
	limit int64

	mu     sync.Mutex
	byID   map[string]*media
	order  []*media
	total  int64
	secret string
}

func newMediaShelf(limit int64) *mediaShelf {
	return &mediaShelf{limit: limit, byID: map[string]*media{}, secret: strconv.FormatInt(time.Now().UnixNano(), 36)}
}

func (b *mediaShelf) put(m *media) {
	m.sum = sha256.Sum256(m.bytes)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.byID[m.id] = m
	b.order = append(b.order, m)
	b.total += int64(len(m.bytes))
	for b.total > b.limit && len(b.order) > 1 {
		old := b.order[0]
		b.order[0] = nil
		b.order = b.order[1:]
		delete(b.byID, old.id)
		b.total -= int64(len(old.bytes))
	}
}

// get finds a file of a number that has not expired.
func (b *mediaShelf) get(id, number string, now time.Time) *media {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.byID[id]
	if m == nil || m.number != number || m.expired(now) {
		return nil
	}
	return m
}

func (b *mediaShelf) remove(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m := b.byID[id]; m != nil {
		delete(b.byID, id)
		b.order = slices.DeleteFunc(b.order, func(o *media) bool { return o == m })
		b.total -= int64(len(m.bytes))
	}
}

func (b *mediaShelf) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.byID, b.order, b.total = map[string]*media{}, nil, 0
}

func (b *mediaShelf) isVoice(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.byID[id]
	return m != nil && baseType(m.mimeType) == "audio/ogg"
}

// link is the URL under which the bytes can be had for five minutes. It is on
// Meta's host; the same path and query on the API's own host, with the key, is
// what works.
func (b *mediaShelf) link(id, source string, now time.Time) string {
	ext := strconv.FormatInt(now.Add(linkLife).Unix(), 10)
	return "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=" + id + "&source=" + source + "&ext=" + ext + "&hash=" + b.hash(id, ext)
}

func (b *mediaShelf) hash(id, ext string) string {
	sum := sha256.Sum256([]byte(b.secret + "|" + id + "|" + ext))
	return hex.EncodeToString(sum[:16])
}

// linkValid tells whether the query of a link is one that was given out and is
// still good.
func (b *mediaShelf) linkValid(id, ext, hash string, now time.Time) bool {
	until, err := strconv.ParseInt(ext, 10, 64)
	return err == nil && hash == b.hash(id, ext) && now.Unix() < until
}

// usable checks that media may be sent as the kind it is used as. What is wrong
// with the id refuses the request; what is wrong with the file fails the message
// later, as media are processed after the answer.
func (b *mediaShelf) usable(use mediaUse, number string, now time.Time, checkBytes bool) (late, refused *apiError) {
	m := b.get(use.id, number, now)
	if m == nil {
		return nil, refuse(131009, "Param %s['id'] is not a media id of this number.", use.path)
	}
	declared := baseType(m.mimeType)
	if use.kind != "document" && mediaTypes[declared].kind != use.kind {
		return refuse(131053, "Unsupported %s mime type %s.", use.kind, declared), nil
	}
	if use.kind == "sticker" && !animated(m.bytes) && len(m.bytes) > limitStaticSticker {
		return refuse(131053, "A static sticker may have %d bytes, this one has %d.", limitStaticSticker, len(m.bytes)), nil
	}
	if checkBytes && use.kind != "document" {
		return checkMediaBytes(m, declared), nil
	}
	return nil, nil
}

// checkMediaBytes compares a file with the type that it was declared as.
func checkMediaBytes(m *media, declared string) *apiError {
	found := mimetype.Detect(m.bytes)
	mismatch := refuse(131053, "The file is %s, but was uploaded as %s.", found.String(), declared)
	switch {
	case strings.HasPrefix(declared, "image/"):
		if !found.Is(declared) {
			return mismatch
		}
	case declared == "audio/ogg":
		at := bytes.Index(m.bytes[:min(len(m.bytes), 512)], []byte("OpusHead"))
		if at < 0 || at+9 >= len(m.bytes) {
			return refuse(131053, "audio/ogg must hold opus.")
		}
		if channels := m.bytes[at+9]; channels != 1 {
			return refuse(131053, "Opus must be mono, this has %d channels.", channels)
		}
	case strings.HasPrefix(declared, "audio/"), strings.HasPrefix(declared, "video/"):
		for _, other := range []string{"text/", "image/", "application/pdf"} {
			if strings.HasPrefix(found.String(), other) {
				return mismatch
			}
		}
	}
	return nil
}

// animated reads the flag of an extended webp file.
func animated(webp []byte) bool {
	return len(webp) > 20 && string(webp[12:16]) == "VP8X" && webp[20]&0x02 != 0
}

// describe is the answer of GET /{media-id}.
func (b *mediaShelf) describe(m *media, now time.Time, sizeAsString bool) map[string]any {
	var size any = len(m.bytes)
	if sizeAsString {
		size = strconv.Itoa(len(m.bytes))
	}
	return map[string]any{
		"messaging_product": "whatsapp", "url": b.link(m.id, "getMedia", now), "mime_type": m.mimeType,
		"sha256": hex.EncodeToString(m.sum[:]), "file_size": size, "id": m.id,
	}
}

// inboundMedia is how a file stands in the message of a customer.
func (b *mediaShelf) inboundMedia(m *media, now time.Time, withURL bool) map[string]any {
	out := map[string]any{"id": m.id, "mime_type": m.mimeType, "sha256": base64.StdEncoding.EncodeToString(m.sum[:])}
	if withURL {
		out["url"] = b.link(m.id, "webhook", now)
	}
	return out
}
