package d360

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// maxJSON bounds a JSON request body, in bytes.
const maxJSON = 1 << 20

// endpoint is one call of the API. Its name is what faults match.
type endpoint struct {
	method, path, name string
	json               bool // it takes a JSON body
	handle             func(*call) reply
}

// endpoints is the whole API: facts of the real service, and the path under
// which older documents know the webhook configuration.
func endpoints() []endpoint {
	return []endpoint{
		{"POST", "/messages", "messages", true, (*call).postMessages},
		{"POST", "/media", "media_upload", false, (*call).postMedia},
		{"GET", "/{media}", "media_get", false, (*call).getMedia},
		{"DELETE", "/{media}", "media_delete", false, (*call).deleteMedia},
		{"GET", "/whatsapp_business/attachments/", "media_bytes", false, (*call).getBytes},
		{"POST", "/v1/configs/webhook", "webhook_config", true, (*call).postWebhook},
		{"GET", "/v1/configs/webhook", "webhook_config", false, (*call).getWebhook},
		{"POST", "/configs/webhook", "webhook_config", true, (*call).postWebhook},
		{"GET", "/configs/webhook", "webhook_config", false, (*call).getWebhook},
		{"POST", "/waba_webhook", "waba_webhook", true, (*call).postWABAWebhook},
		{"GET", "/waba_webhook", "waba_webhook", false, (*call).getWABAWebhook},
		{"GET", "/multi_webhook", "multi_webhook", false, (*call).getMultiWebhook},
		{"POST", "/multi_webhook", "multi_webhook", true, (*call).postMultiWebhook},
		{"PUT", "/multi_webhook", "multi_webhook", true, (*call).putMultiWebhook},
		{"PATCH", "/multi_webhook", "multi_webhook", true, (*call).patchMultiWebhook},
		{"GET", "/health_status", "health_status", false, (*call).getHealth},
		{"GET", "/message_templates", "templates", false, (*call).getTemplates},
		{"POST", "/message_templates", "templates", true, (*call).postTemplate},
		{"DELETE", "/message_templates", "templates", false, (*call).deleteTemplate},
		{"GET", "/v1/configs/templates", "templates_legacy", false, (*call).getLegacyTemplates},
		{"POST", "/v1/configs/templates", "templates_legacy", true, (*call).postLegacyTemplate},
		{"GET", "/whatsapp_business_profile", "profile", false, (*call).getProfile},
		{"POST", "/whatsapp_business_profile", "profile", true, (*call).postProfile},
		{"GET", "/block_users", "block_users", false, (*call).getBlocked},
		{"POST", "/block_users", "block_users", true, (*call).postBlocked},
		{"DELETE", "/block_users", "block_users", true, (*call).deleteBlocked},
	}
}

// endpointNames are the names that faults may match. "mark_read" is the other
// request of POST /messages.
func endpointNames() []string {
	names := map[string]bool{"mark_read": true}
	for _, e := range endpoints() {
		names[e.name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// call is one request on its way through the API.
type call struct {
	s        *Server
	w        http.ResponseWriter
	r        *http.Request
	n        *number
	settings *Settings
	endpoint string
	body     []byte
	root     any
	fault    *Fault
	trace    string
	started  time.Time
	// sent is set once a message was accepted.
	sent *record
}

// reply is what a call answers with; later runs once it was written.
type reply struct {
	status      int
	body        any
	raw         []byte
	contentType string
	err         *apiError
	later       func()
	// early, when set, runs before the answer is written, which waits for first.
	early func()
	first <-chan struct{}
}

func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

func failed(err *apiError) reply { return reply{err: err} }

// Handler is the API host, which is the media host too.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, e := range endpoints() {
		mux.HandleFunc(e.method+" "+e.path, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, e) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, endpoint{name: "unknown", handle: func(c *call) reply {
			return failed(refuse(2500, "%s %s is no path of this API: numbers and versions are not part of it", r.Method, r.URL.Path))
		}})
	})
	return mux
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, e endpoint) {
	settings := s.settings.Load()
	c := &call{s: s, w: w, r: r, settings: settings, endpoint: e.name, trace: "A" + s.ids.hex(22), started: s.clock.Now()}
	answer := c.run(e)
	c.finish(answer)
}

// run takes a call from its key to its answer.
func (c *call) run(e endpoint) reply {
	c.authenticate()
	problem := c.read(e)
	if f := c.s.fault(c.match()); f != nil {
		c.fault = f
		if answer, stop := c.before(f); stop {
			return answer
		}
	}
	// The media host knows no 401: without a key there is nothing to see.
	if c.n == nil && e.name != "media_bytes" {
		return failed(hubError(http.StatusUnauthorized, "Invalid api_key").withShape(c.settings.Unauthorized))
	}
	if problem != nil {
		return failed(problem)
	}
	return e.handle(c)
}

func (c *call) authenticate() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.n = c.s.byKey[c.r.Header.Get("D360-API-KEY")]
}

// read takes in and decodes a JSON body.
func (c *call) read(e endpoint) *apiError {
	if !e.json {
		return nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, maxJSON))
	c.body = body
	if err != nil {
		return refuse(100, "The body could not be read or is longer than %d bytes.", maxJSON)
	}
	if kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return refuse(100, "Content-Type must be application/json.")
	}
	if c.root, err = decodeJSON(body); err != nil {
		return refuse(100, "The body is not valid JSON.")
	}
	if isReadMark(c.root) && c.endpoint == "messages" {
		c.endpoint = "mark_read"
	}
	return nil
}

// match describes the call for the rules of faults.
func (c *call) match() Match {
	m := Match{Endpoint: c.endpoint}
	if c.n != nil {
		m.Number = c.n.PhoneNumberID
	}
	fields, _ := c.root.(map[string]any)
	if to, is := fields["to"].(string); is {
		m.Recipient = to
	}
	if user, is := fields["recipient"].(string); is {
		m.Recipient = user
	}
	if kind, is := fields["type"].(string); is {
		m.Type = kind
	}
	return m
}

// before applies the faults that come ahead of the service itself.
func (c *call) before(f *Fault) (reply, bool) {
	if err := f.answer(c.settings); err != nil {
		return failed(err), true
	}
	switch f.Kind {
	case "html_error":
		status := f.Status
		if status == 0 {
			status = http.StatusServiceUnavailable
		}
		page := fmt.Sprintf("<html><head><title>%d</title></head><body><h1>%s</h1></body></html>", status, http.StatusText(status))
		return reply{status: status, raw: []byte(page), contentType: "text/html"}, true
	case "drop_before":
		return reply{raw: []byte{}}, true
	case "slow":
		c.pause(f.DelayMS)
	}
	return reply{}, false
}

// pause waits, unless the caller or the server goes away first.
func (c *call) pause(milliseconds int) {
	done := make(chan struct{})
	t := c.s.clock.AfterFunc(time.Duration(milliseconds)*time.Millisecond, func() { close(done) })
	defer t.Stop()
	c.await(done)
}

func (c *call) await(done <-chan struct{}) {
	select {
	case <-done:
	case <-c.r.Context().Done():
	case <-c.s.ctx.Done():
	}
}

// finish spoils the answer if a fault says so, logs it, writes it, and starts
// what is to happen after it.
func (c *call) finish(answer reply) {
	if answer.early != nil {
		answer.early()
		c.await(answer.first)
	}
	drop := false
	if c.fault != nil && answer.err == nil {
		answer, drop = c.spoil(answer)
	}
	c.render(&answer)
	entry := c.log(answer)
	if !drop {
		drop = !c.write(answer)
	}
	if answer.later != nil {
		answer.later()
	}
	if c.s.onRequest != nil {
		c.s.onRequest(entry)
	}
	if drop {
		panic(http.ErrAbortHandler)
	}
}

// spoil applies the faults that come after the service did its part. It reports
// whether the connection is to be dropped instead of an answer.
func (c *call) spoil(answer reply) (reply, bool) {
	body, _ := answer.body.(map[string]any)
	switch c.fault.Kind {
	case "slow_after":
		c.pause(c.fault.DelayMS)
	case "drop_before", "drop_after":
		return answer, true
	case "no_id":
		delete(body, "messages")
		delete(body, "id")
	case "empty_list":
		if body != nil {
			body["messages"] = []any{}
		}
	case "not_json":
		answer.raw, answer.contentType = []byte("OK"), "text/plain"
	case "empty_body":
		answer.raw, answer.contentType = []byte{}, "application/json"
	case "media_corrupt":
		answer.raw = slices.Clone(answer.raw)
		for i := range answer.raw {
			answer.raw[i] ^= 0xFF
		}
	}
	return answer, false
}

// render turns what is to be answered into bytes and headers.
func (c *call) render(answer *reply) {
	if answer.err != nil {
		answer.status = answer.err.status
		answer.body = answer.err.body(c.trace)
		c.errorHeaders(answer.err)
	}
	if answer.raw == nil {
		answer.raw = encode(answer.body)
		answer.contentType = "application/json"
	}
}

// write sends the answer off, so that nothing that follows can overtake it. It
// reports false when a fault cut it short.
func (c *call) write(answer reply) bool {
	h := c.w.Header()
	h.Set("Facebook-Api-Version", "v19.0")
	h.Set("X-Fb-Trace-Id", c.trace)
	h.Set("Content-Type", answer.contentType)
	h.Set("Content-Length", strconv.Itoa(len(answer.raw)))
	c.w.WriteHeader(answer.status)
	out := answer.raw
	if c.fault != nil && (c.fault.Kind == "truncated" || c.fault.Kind == "media_truncated") {
		out = out[:len(out)/2]
	}
	// A caller that went away does not matter to the sandbox.
	_, _ = c.w.Write(out)
	_ = http.NewResponseController(c.w).Flush()
	return len(out) == len(answer.raw)
}

func (c *call) errorHeaders(err *apiError) {
	h := c.w.Header()
	if err.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(err.retryAfter))
	}
	if err.usageMinutes > 0 && c.n != nil {
		usage := map[string]any{c.n.WABAID: []any{map[string]any{
			"type": "whatsapp", "call_count": 100, "total_cputime": 25, "total_time": 25,
			"estimated_time_to_regain_access": err.usageMinutes,
		}}}
		h.Set("X-Business-Use-Case-Usage", string(encode(usage)))
	}
}

// encode renders what the sandbox itself built; such values always encode.
func encode(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		return []byte("{}")
	}
	return out
}
