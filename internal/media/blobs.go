package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
)

var (
	// ErrNoBlob marks a key that nothing is stored under.
	ErrNoBlob = errors.New("nothing is stored under this key")
	// ErrBadRange marks a range that begins behind the end.
	ErrBadRange = errors.New("the range begins behind the end")
)

// Range is a part of a blob, in bytes. The zero value is all of it.
type Range struct {
	From int64
	// Length is how much, at most; 0 means to the end.
	Length int64
}

// Blobs keeps bytes under keys: slash-separated names of letters, digits,
// dots, dashes and underscores. It is safe for concurrent use.
type Blobs interface {
	// Put streams body under a key, replacing what was there. It is whole and
	// durable when Put returns, and not there at all when Put fails. It gives
	// the size in bytes. An error of body comes back wrapped.
	Put(ctx context.Context, key string, body io.Reader) (size int64, err error)
	// Open reads a part of a blob; the caller closes it. It fails with
	// ErrNoBlob or ErrBadRange.
	Open(ctx context.Context, key string, part Range) (io.ReadCloser, error)
	// Size gives the size in bytes. It fails with ErrNoBlob.
	Size(ctx context.Context, key string) (int64, error)
	// Delete removes a blob. One that is gone already is no error.
	Delete(ctx context.Context, key string) error
}

// keyMost bounds the length of a key, in characters.
const keyMost = 512

// Every segment begins with a letter or digit, so that none climbs or hides.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$`)

func checkKey(key string) error {
	if len(key) > keyMost || !keyForm.MatchString(key) {
		return fmt.Errorf("%.80q is no key of a blob", key)
	}
	return nil
}

func (r Range) check() error {
	if r.From < 0 || r.Length < 0 {
		return fmt.Errorf("%w: from %d, length %d", ErrBadRange, r.From, r.Length)
	}
	return nil
}
