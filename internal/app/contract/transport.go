package contract

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
)

// Transport checks every exchange that goes through next, notes it with the
// recorder (nil: nowhere) and tells onError what is wrong with it; the caller
// gets the answer as it came. Both bodies are read whole, but for an event
// stream, of which nothing is checked.
func Transport(next http.RoundTripper, spec *Spec, recorder *Recorder, onError func(error)) http.RoundTripper {
	return &transport{next: next, spec: spec, recorder: recorder, onError: onError}
}

type transport struct {
	next     http.RoundTripper
	spec     *Spec
	recorder *Recorder
	onError  func(error)
}

// RoundTrip passes the request on and checks what comes of it.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.Body != nil && req.Body != http.NoBody {
		var err error
		sent, err = io.ReadAll(req.Body)
		if err = errors.Join(err, req.Body.Close()); err != nil {
			return nil, err
		}
		original := req
		req = original.Clone(original.Context())
		req.Body = io.NopCloser(bytes.NewReader(sent))
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if t.recorder != nil {
		t.recorder.Saw(req.Method, req.URL.EscapedPath(), resp.StatusCode)
	}
	if mediaType, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); mediaType == "text/event-stream" {
		return resp, nil
	}
	got, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // it was read to its end, or its error is told below
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(got), failing{err}))
	if err != nil {
		return resp, nil // cut off: the caller meets the same error
	}
	if err := t.spec.Check(req, sent, resp, got); err != nil {
		t.onError(err)
	}
	return resp, nil
}

// failing ends a body the way it ended.
type failing struct{ err error }

// Read gives the error, or the end.
func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
