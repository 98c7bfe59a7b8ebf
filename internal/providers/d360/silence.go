package d360

import (
	"context"
	"errors"
	"io"
	"time"
)

// errSilence is why a file's exchange was ended.
var errSilence = errors.New("nothing of the file moved for too long")

// silence ends an exchange in which nothing moves: its context is cancelled. A
// file that moves, however slowly, is left to its caller's context.
type silence struct {
	after  time.Duration
	timer  *time.Timer
	cancel context.CancelCauseFunc
}

// watchSilence begins to watch; whoever calls it calls stop.
func watchSilence(ctx context.Context, after time.Duration) (context.Context, *silence) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(after, func() { cancel(errSilence) })
	return ctx, &silence{after: after, timer: timer, cancel: cancel}
}

// stop ends the watching, and the exchange.
func (s *silence) stop() {
	s.timer.Stop()
	s.cancel(nil)
}

// reader is r whose every read counts as a move.
func (s *silence) reader(r io.Reader) io.Reader { return movingReader{r, s} }

type movingReader struct {
	r io.Reader
	s *silence
}

// Read reads on; what was read moved, and so did the end.
func (m movingReader) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.s.timer.Reset(m.s.after)
	return n, err
}

// movingBody is an answer's body that is watched until it is closed.
type movingBody struct {
	io.Reader
	body io.Closer
	s    *silence
}

// Close ends the exchange.
func (m movingBody) Close() error {
	defer m.s.stop()
	return m.body.Close()
}
