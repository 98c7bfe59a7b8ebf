package providertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/cirrus/omnichannel/internal/providers"
)

// Outbound is one send, the requests that it must make, in order, and what
// comes of the answers.
type Outbound struct {
	Label string
	Out   providers.Outbound
	// Exchanges are the expected requests with the answer to each.
	Exchanges []Exchange
	Receipt   providers.Receipt
	// Err is the expected *SendError: Reason, Sent, Retryable, RetryAfter,
	// TellOperator, ProviderCode and Field are compared, the words are not.
	Err *providers.SendError
}

// Exchange is one expected request and its answer.
type Exchange struct {
	Method, Path string // Path with the query
	// Body is the expected JSON; empty: no body. For a multipart request it is
	// an object of the fields, a file as "name|type|content".
	Body   string
	Header map[string]string // expected headers

	Status  int    // of the answer; 0: 200
	Answer  string // the answer's body
	Headers map[string]string
	// Drop ends the connection instead of answering.
	Drop bool
}

// Opener opens a channel that calls baseURL with the client.
type Opener func(t *testing.T, client *http.Client, baseURL string) providers.Conn

// RunOutbound sends each case to a server that answers as the case says, and
// compares requests, receipt and error.
func RunOutbound(t *testing.T, open Opener, cases []Outbound) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Label, func(t *testing.T) {
			t.Parallel()
			script := NewScript(t, c.Exchanges)
			conn := open(t, script.Client, script.URL)
			t.Cleanup(func() { _ = conn.Close(context.Background()) })
			receipt, err := conn.Send(context.Background(), c.Out)
			CompareError(t, c.Err, err)
			if diff := Diff(c.Receipt, receipt); diff != "" {
				t.Error(diff)
			}
			script.Finish()
		})
	}
}

// Script is a server that expects certain requests, in order.
type Script struct {
	URL    string
	Client *http.Client

	t         *testing.T
	mu        sync.Mutex
	exchanges []Exchange
	next      int
}

// NewScript starts a server for the exchanges; it ends with the test.
func NewScript(t *testing.T, exchanges []Exchange) *Script {
	t.Helper()
	s := &Script{t: t, exchanges: exchanges, Client: LoopbackOnly()}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(server.Close)
	t.Cleanup(s.Client.CloseIdleConnections)
	s.URL = server.URL
	return s
}

// Finish fails the test when expected requests did not come.
func (s *Script) Finish() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != len(s.exchanges) {
		s.t.Errorf("%d requests came, want %d", s.next, len(s.exchanges))
	}
}

func (s *Script) serve(w http.ResponseWriter, r *http.Request) {
	body, readErr := readBody(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next >= len(s.exchanges) {
		s.t.Errorf("unexpected request %s %s %s", r.Method, r.URL, body)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	e := s.exchanges[s.next]
	s.next++
	if r.Method != e.Method || r.URL.RequestURI() != e.Path {
		s.t.Errorf("request %d is %s %s, want %s %s", s.next, r.Method, r.URL.RequestURI(), e.Method, e.Path)
	}
	for name, value := range e.Header {
		if got := r.Header.Get(name); got != value {
			s.t.Errorf("request %d has %s %q, want %q", s.next, name, got, value)
		}
	}
	if readErr != nil {
		s.t.Errorf("request %d: %v", s.next, readErr)
	}
	if !sameJSON(e.Body, body) {
		s.t.Errorf("request %d has body\n%s\nwant\n%s", s.next, body, e.Body)
	}
	e.answer(w)
}

func (e Exchange) answer(w http.ResponseWriter) {
	if e.Drop {
		panic(http.ErrAbortHandler)
	}
	for name, value := range e.Headers {
		w.Header().Set(name, value)
	}
	if e.Status != 0 {
		w.WriteHeader(e.Status)
	}
	_, _ = io.WriteString(w, e.Answer) // a client that went away is the test's own doing
}

// readBody reads a request's body, a form as an object of its fields.
func readBody(r *http.Request) (string, error) {
	mediaType, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if mediaType != "multipart/form-data" {
		body, err := io.ReadAll(r.Body)
		return string(body), err
	}
	form := map[string]string{}
	reader := multipart.NewReader(r.Body, params["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			text, err := json.Marshal(form)
			return string(text), err
		}
		if err != nil {
			return "", err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return "", err
		}
		form[part.FormName()] = string(content)
		if part.FileName() != "" {
			form[part.FormName()] = part.FileName() + "|" + part.Header.Get("Content-Type") + "|" + string(content)
		}
	}
}

func sameJSON(a, b string) bool {
	if strings.TrimSpace(a) == "" || strings.TrimSpace(b) == "" {
		return strings.TrimSpace(a) == strings.TrimSpace(b)
	}
	first, errA := canonical(a)
	second, errB := canonical(b)
	return errA == nil && errB == nil && bytes.Equal(first, second)
}

func canonical(text string) ([]byte, error) {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// CompareError compares what decides of a *SendError. A wanted nil means no
// error at all.
func CompareError(t *testing.T, want *providers.SendError, err error) {
	t.Helper()
	if want == nil || err == nil {
		if (want == nil) != (err == nil) {
			t.Errorf("error %v, want %v", err, want)
		}
		return
	}
	var got *providers.SendError
	if !errors.As(err, &got) {
		t.Errorf("error %T %v is no *SendError", err, err)
		return
	}
	if got.Detail == "" {
		t.Error("the error has no Detail")
	}
	if diff := Diff(decisive(want), decisive(got)); diff != "" {
		t.Errorf("error %q:\n%s", got, diff)
	}
}

// decisive leaves out the words of an error.
func decisive(e *providers.SendError) providers.SendError {
	return providers.SendError{
		Reason: e.Reason, Sent: e.Sent, Retryable: e.Retryable, RetryAfter: e.RetryAfter,
		TellOperator: e.TellOperator, ProviderCode: e.ProviderCode, Field: e.Field,
	}
}
