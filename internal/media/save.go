package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cirrus/omnichannel/internal/egress"
	"github.com/cirrus/omnichannel/internal/fault"
)

const (
	// DefaultMaxBytes bounds a file whose hint names no bound: what WhatsApp
	// takes at most.
	DefaultMaxBytes = 100 << 20
	// nameMost bounds a file name, in bytes.
	nameMost = 240
)

// Stored is what was learned of a file on its way into the store.
type Stored struct {
	Kind     Kind
	Mimetype string
	FileName string // may be empty
	Size     int64  // bytes
	SHA256   string // hex
}

// Save streams a file into the store under a key. Its faults are
// media_too_large, and media_unavailable when body is empty or breaks off; any
// other error is the store's. Whatever fails, nothing is stored.
func Save(ctx context.Context, blobs Blobs, key string, body io.Reader, hint Hint) (Stored, error) {
	most := hint.MaxBytes
	if most <= 0 {
		most = DefaultMaxBytes
	}
	source := &sourceReader{r: egress.Limit(body, most)}
	head, whole, err := Peek(source)
	if err == nil && len(head) == 0 {
		source.err = errors.New("it is empty")
	}
	if source.err != nil {
		return Stored{}, source.fault(most)
	}
	if err != nil {
		return Stored{}, fmt.Errorf("read the start of a file: %w", err)
	}
	sum := sha256.New()
	size, err := blobs.Put(ctx, key, io.TeeReader(whole, sum))
	if source.err != nil {
		return Stored{}, source.fault(most)
	}
	if err != nil {
		return Stored{}, err
	}
	stored := Stored{FileName: cleanName(hint.FileName), Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))}
	stored.Mimetype, stored.Kind = Sniff(head, hint)
	return stored, nil
}

// sourceReader remembers why its source failed, apart from the store's errors.
type sourceReader struct {
	r   io.Reader
	err error
}

func (s *sourceReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

func (s *sourceReader) fault(most int64) error {
	var told *fault.Error
	if errors.As(s.err, &told) {
		return told // the source knows better
	}
	if errors.Is(s.err, egress.ErrTooLarge) {
		return tooLarge(s.err, most)
	}
	return fault.Wrap(s.err, fault.MediaUnavailable, "The file could not be read to its end.")
}

func tooLarge(err error, most int64) error {
	return fault.Wrap(err, fault.MediaTooLarge, "The file is larger than the %d bytes that are taken here.", most)
}

// Fetch streams what an address gives into the store under a key. client is
// one of egress's, with a time limit and redirects that suit media. Its faults
// are Save's, and media_unavailable for an address that gives nothing; what
// the address answered stands in the detail, the address itself does not.
func Fetch(ctx context.Context, client *http.Client, blobs Blobs, key, address string, hint Hint) (Stored, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Stored{}, fault.Wrap(egress.ErrBadURL, fault.MediaUnavailable, "The file's address is none.")
	}
	response, err := client.Do(request)
	if err != nil {
		return Stored{}, unreachable(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return Stored{}, fault.New(fault.MediaUnavailable, "The file's address answered with status %d.", response.StatusCode)
	}
	if hint.MaxBytes <= 0 {
		hint.MaxBytes = DefaultMaxBytes
	}
	if response.ContentLength > hint.MaxBytes {
		return Stored{}, tooLarge(egress.ErrTooLarge, hint.MaxBytes)
	}
	if hint.Mimetype == "" {
		hint.Mimetype = response.Header.Get("Content-Type")
	}
	if hint.FileName == "" {
		hint.FileName = nameOf(response)
	}
	return Save(ctx, blobs, key, response.Body, hint)
}

// unreachable says why an address could not be asked. The text of a url.Error
// repeats the address, which may hold a token: only its cause is kept.
func unreachable(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	detail := "The file's address could not be reached."
	switch {
	case errors.Is(err, egress.ErrPrivateAddress):
		detail = "The file's address is not on the public internet; an operator can allow it in OMNI_ALLOW_HOSTS."
	case errors.Is(err, egress.ErrBadURL):
		detail = "The file's address is not an http or https one."
	case errors.Is(err, egress.ErrRedirect):
		detail = "The file's address redirects too often, or from https to http."
	case errors.Is(err, context.DeadlineExceeded):
		detail = "The file's address did not answer in time."
	}
	return fault.Wrap(err, fault.MediaUnavailable, "%s", detail)
}

// nameOf gives the name that an answer suggests, else its address does.
func nameOf(response *http.Response) string {
	if _, params, err := mime.ParseMediaType(response.Header.Get("Content-Disposition")); err == nil && params["filename"] != "" {
		return cleanName(params["filename"])
	}
	return cleanName(path.Base(response.Request.URL.Path))
}

// cleanName leaves the last part of a path, without what is not printed, and
// not longer than file systems take; empty when nothing is left.
func cleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name))
	if strings.Trim(name, ".") == "" {
		return ""
	}
	if len(name) <= nameMost {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > 16 {
		ext = ""
	}
	cut := name[:nameMost-len(ext)]
	for !utf8.ValidString(cut) {
		cut = cut[:len(cut)-1]
	}
	return cut + ext
}
