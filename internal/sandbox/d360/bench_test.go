package d360

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	testKey      = "test-key-1234"
	testPhone    = "+55 21 97777-6666"
	testPhoneID  = "100000000000001"
	testWABA     = "200000000000001"
	testCustomer = "5521988887777"
)

// patience bounds every wait for a signal; reaching it fails the test.
const patience = time.Minute

// hook is one webhook that the receiver got.
type hook struct {
	header http.Header
	body   map[string]any
	raw    []byte
}

// bench is a running sandbox with one number, a receiver of its webhooks and a
// clock that the test moves.
type bench struct {
	t        *testing.T
	s        *Server
	clock    *ManualClock
	api      *httptest.Server
	control  *httptest.Server
	receiver *httptest.Server
	hooks    chan hook
	requests chan RequestEntry
	attempts chan DeliveryEntry
	status   atomic.Int64 // what the receiver answers
	key      string
}

func quick(s *Settings) {
	s.Statuses.SentMS, s.Statuses.DeliveredMS, s.Statuses.ReadMS, s.Statuses.PlayedMS = 0, 0, 0, 0
}

// newBench starts a sandbox; each tune changes the default settings.
func newBench(t *testing.T, tune ...func(*Settings)) *bench {
	t.Helper()
	settings := DefaultSettings()
	for _, f := range tune {
		f(&settings)
	}
	b := &bench{
		t: t, key: testKey, clock: NewManualClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)),
		hooks: make(chan hook, 4096), requests: make(chan RequestEntry, 4096), attempts: make(chan DeliveryEntry, 4096),
	}
	b.status.Store(http.StatusOK)
	b.receiver = httptest.NewServer(http.HandlerFunc(b.receive))
	t.Cleanup(b.receiver.Close)
	b.s = New(Options{
		Clock: b.clock, Seed: 7, Settings: &settings,
		Numbers: []NumberConfig{{
			APIKey: testKey, DisplayPhoneNumber: testPhone, PhoneNumberID: testPhoneID, WABAID: testWABA,
			Webhook: &WebhookTarget{URL: b.receiver.URL, Headers: map[string]string{"Authorization": "Bearer hook-secret"}},
		}},
		OnRequest:  func(e RequestEntry) { b.requests <- e },
		OnDelivery: func(e DeliveryEntry) { b.attempts <- e },
	})
	t.Cleanup(b.s.Close)
	b.api = httptest.NewServer(b.s.Handler())
	t.Cleanup(b.api.Close)
	b.control = httptest.NewServer(b.s.Control())
	t.Cleanup(b.control.Close)
	return b
}

func (b *bench) receive(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	var body map[string]any
	_ = json.Unmarshal(raw, &body)
	status := int(b.status.Load())
	w.WriteHeader(status)
	b.hooks <- hook{header: r.Header.Clone(), body: body, raw: raw}
}

// open lets the customer have written just now, without a webhook.
func (b *bench) open() {
	b.t.Helper()
	if err := b.s.SetWindow("", testCustomer, true); err != nil {
		b.t.Fatal(err)
	}
}

type answer struct {
	status int
	header http.Header
	raw    []byte
	body   map[string]any
}

func (b *bench) do(method, path string, body any, header ...string) (answer, error) {
	b.t.Helper()
	var reader io.Reader
	if raw, is := body.([]byte); is {
		reader = bytes.NewReader(raw)
	} else if body != nil {
		reader = bytes.NewReader(encode(body))
	}
	base := b.api.URL
	if strings.HasPrefix(path, "/control/") {
		base = b.control.URL
	}
	req, err := http.NewRequest(method, base+path, reader)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("D360-API-KEY", b.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode, header: res.Header}
	if a.raw, err = io.ReadAll(res.Body); err != nil {
		return a, err
	}
	_ = json.Unmarshal(a.raw, &a.body)
	return a, nil
}

// call is do for calls whose connection must survive.
func (b *bench) call(method, path string, body any, header ...string) answer {
	b.t.Helper()
	a, err := b.do(method, path, body, header...)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// want is call with the status that must come back.
func (b *bench) want(status int, method, path string, body any, header ...string) map[string]any {
	b.t.Helper()
	a := b.call(method, path, body, header...)
	if a.status != status {
		b.t.Fatalf("%s %s: status %d, want %d: %s", method, path, a.status, status, a.raw)
	}
	return a.body
}

// send posts a message that must be accepted, and returns its id.
func (b *bench) send(message map[string]any) string {
	b.t.Helper()
	return get[string](b.t, b.want(200, "POST", "/messages", message), "messages", 0, "id")
}

func (b *bench) next() hook {
	b.t.Helper()
	select {
	case h := <-b.hooks:
		return h
	case <-time.After(patience):
		b.t.Fatal("no webhook came")
		return hook{}
	}
}

// nextStatus waits for a webhook that must be a status, and returns it.
func (b *bench) nextStatus() map[string]any {
	b.t.Helper()
	return get[map[string]any](b.t, b.next().body, "entry", 0, "changes", 0, "value", "statuses", 0)
}

func (b *bench) nextMessage() map[string]any {
	b.t.Helper()
	return get[map[string]any](b.t, b.next().body, "entry", 0, "changes", 0, "value", "messages", 0)
}

func (b *bench) nextAttempt() DeliveryEntry {
	b.t.Helper()
	select {
	case e := <-b.attempts:
		return e
	case <-time.After(patience):
		b.t.Fatal("no webhook was attempted")
		return DeliveryEntry{}
	}
}

// quiet asserts that no webhook is waiting; everything must have settled before.
func (b *bench) quiet() {
	b.t.Helper()
	select {
	case h := <-b.hooks:
		b.t.Fatalf("unexpected webhook: %s", h.raw)
	default:
	}
}

// settle waits until the request log shows the next request, behind whose answer
// the receipts are planned.
func (b *bench) settle() RequestEntry {
	b.t.Helper()
	select {
	case e := <-b.requests:
		return e
	case <-time.After(patience):
		b.t.Fatal("no request was logged")
		return RequestEntry{}
	}
}

// get walks into decoded JSON by names and indexes.
func get[T any](t *testing.T, v any, path ...any) T {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, is := v.(map[string]any)
			if !is {
				t.Fatalf("no object at %v of %v: %v", step, path, v)
			}
			v = object[step]
		case int:
			list, is := v.([]any)
			if !is || step >= len(list) {
				t.Fatalf("no element at %v of %v: %v", step, path, v)
			}
			v = list[step]
		}
	}
	out, is := v.(T)
	if !is {
		t.Fatalf("%v is %T (%v), want %T", path, v, v, out)
	}
	return out
}

// obj is short for a JSON object in tests.
type obj = map[string]any

// base is a message to the test customer.
func base(kind string, payload any) obj {
	return obj{"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+" + testCustomer, "type": kind, kind: payload}
}

func textMessage(body string) obj { return base("text", obj{"body": body}) }

func templateMessage(name, language string, components ...any) obj {
	payload := obj{"name": name, "language": obj{"code": language}}
	if len(components) > 0 {
		payload["components"] = components
	}
	return base("template", payload)
}

func textParams(values ...string) []any {
	var out []any
	for _, v := range values {
		out = append(out, obj{"type": "text", "text": v})
	}
	return out
}

func bodyParams(values ...string) obj {
	return obj{"type": "body", "parameters": textParams(values...)}
}

// form builds a multipart upload.
func form(t *testing.T, mimeType string, content []byte, fields ...string) ([]byte, string) {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if content != nil {
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="f"`}}
		if mimeType != "" {
			h.Set("Content-Type", mimeType)
		}
		part, err := w.CreatePart(h)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes(), w.FormDataContentType()
}

// upload uploads a sample of a type and returns its id.
func (b *bench) upload(mimeType string) string {
	b.t.Helper()
	return b.uploadBytes(mimeType, sampleMedia(mimeType, []byte("0123456789abcdef"), 0))
}

func (b *bench) uploadBytes(mimeType string, content []byte) string {
	b.t.Helper()
	body, kind := form(b.t, mimeType, content, "messaging_product", "whatsapp")
	return get[string](b.t, b.want(200, "POST", "/media", body, "Content-Type", kind), "id")
}
