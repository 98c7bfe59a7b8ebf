package web

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// Pace is the least speed at which a client must send a body and take an
// answer. There is no limit on a whole request: a stream may go on for ever,
// a large file may take its time. Only the time that the server waits for the
// client counts against it.
type Pace struct {
	// Patience is how long a client may keep one read or write waiting, and
	// what it may wait in all beyond the time that Slowest allows.
	Patience time.Duration
	// Slowest is the least average speed, in bytes a second of waiting.
	Slowest int64
}

// DefaultPace suits telephones on a bad line.
var DefaultPace = Pace{Patience: 30 * time.Second, Slowest: 8 << 10}

// Paced cuts off clients that are slower than the pace. Without it a client
// that sends a byte a minute, or takes one, holds its connection for ever.
// The server in front must have no ReadTimeout or WriteTimeout of its own:
// they would end streams.
func Paced(next http.Handler, pace Pace) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		body := &pacedBody{ReadCloser: r.Body, budget: budget{pace: pace, set: control.SetReadDeadline}}
		answer := &pacedAnswer{ResponseWriter: w, control: control, body: body, budget: budget{pace: pace, set: control.SetWriteDeadline}}
		// What the request before left on the connection goes.
		answer.rest()
		if r.ContentLength == 0 {
			body.finish()
		} else {
			// Also for a body that nobody reads: the server looks for its end.
			body.begin(0)
			// In a copy: the server knows what to do about its own kind of body.
			r = r.WithContext(r.Context())
			r.Body = body
		}
		next.ServeHTTP(answer, r)
		// The server flushes after the handler.
		answer.await()
	})
}

// budget is how long a client may still keep the server waiting one way.
type budget struct {
	pace   Pace
	set    func(time.Time) error
	moved  int64         // bytes
	waited time.Duration // for the client, in all
}

// begin sets the deadline of the next wait, later by what else it includes, and
// tells when it began.
func (b *budget) begin(besides time.Duration) time.Time {
	left := b.pace.Patience + time.Duration(float64(b.moved)/float64(b.pace.Slowest)*float64(time.Second)) - b.waited
	now := time.Now()
	b.apply(now.Add(min(left, b.pace.Patience) + besides))
	return now
}

// end counts a wait.
func (b *budget) end(began time.Time, moved int) {
	b.waited += time.Since(began)
	b.moved += int64(moved)
}

// rest takes the deadline away: nothing is awaited of the client.
func (b *budget) rest() { b.apply(time.Time{}) }

// apply sets a deadline where the connection has any; that of a test's recorder
// has none.
func (b *budget) apply(deadline time.Time) { _ = b.set(deadline) }

// ErrTooSlow is what a handler reads when the client was cut off.
var ErrTooSlow = errors.New("the body came too slowly")

// pacedBody is a request's body.
type pacedBody struct {
	io.ReadCloser
	budget
	ended bool // nothing more of it is awaited
}

// finish notes the body's end. The server goes on reading, to learn that the
// client hung up: that may last as long as the handler does.
func (b *pacedBody) finish() {
	b.ended = true
	b.rest()
}

// Read waits for the client as long as its pace allows.
func (b *pacedBody) Read(p []byte) (int, error) {
	began := b.begin(0)
	n, err := b.ReadCloser.Read(p)
	b.end(began, n)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, errors.Join(ErrTooSlow, err)
	case errors.Is(err, io.EOF):
		b.finish()
	}
	return n, err
}

// pacedAnswer is an answer's way to the client.
type pacedAnswer struct {
	http.ResponseWriter
	control *http.ResponseController
	body    *pacedBody
	budget
}

// await sets the deadline of a write. The server first looks for the end of a
// body that the handler did not read: that takes as long as the client may.
func (a *pacedAnswer) await() time.Time {
	if a.body.ended {
		return a.begin(0)
	}
	return a.begin(a.pace.Patience)
}

// Unwrap lets a http.ResponseController through.
func (a *pacedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// portion is how much is written under one deadline, in bytes.
const portion = 64 << 10

// Write waits for the client as long as its pace allows.
func (a *pacedAnswer) Write(p []byte) (int, error) {
	written := 0
	for {
		began := a.await()
		n, err := a.ResponseWriter.Write(p[written:min(written+portion, len(p))])
		a.end(began, n)
		written += n
		if err != nil || written >= len(p) {
			return written, err
		}
	}
}

// Flush sends what is held back.
func (a *pacedAnswer) Flush() {
	began := a.await()
	_ = a.control.Flush() // the next write tells of a client that is gone
	a.end(began, 0)
}
