package preview

import (
	"bufio"
	"io"
	"math"
)

// forward reads a stream and knows where in it it is, in bytes.
type forward struct {
	r  *bufio.Reader
	at int64
}

// full fills p.
func (f *forward) full(p []byte) error {
	n, err := io.ReadFull(f.r, p)
	f.at += int64(n)
	return err
}

// skipTo throws away what comes before a place; one behind is no move.
func (f *forward) skipTo(place int64) error {
	for f.at < place {
		n, err := f.r.Discard(int(min(place-f.at, math.MaxInt32)))
		f.at += int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}
