package d360

import (
	"strings"
	"time"
)

// RequestEntry is a line of the request log. Keys are masked.
type RequestEntry struct {
	At       time.Time `json:"at"`
	Method   string    `json:"method"`
	Path     string    `json:"path"`
	Endpoint string    `json:"endpoint"`
	// Number is the phone number id that the key belongs to; Key is masked.
	Number string `json:"number,omitempty"`
	Key    string `json:"key,omitempty"`
	Body   string `json:"body,omitempty"`
	// Status is 0 when the connection was dropped.
	Status    int    `json:"status"`
	Code      int    `json:"code,omitempty"`
	Error     string `json:"error,omitempty"`
	Fault     string `json:"fault,omitempty"`
	MessageID string `json:"messageId,omitempty"`
}

// log keeps a line about the call. It stands before the answer is out, so that
// whoever has the answer finds it.
func (c *call) log(answer reply) RequestEntry {
	e := RequestEntry{
		At: c.started.UTC(), Method: c.r.Method, Path: c.r.URL.RequestURI(), Endpoint: c.endpoint,
		Key: maskKey(c.r.Header.Get("D360-API-KEY")), Body: clip(c.body, c.s.limits.BodyBytes), Status: answer.status,
	}
	if c.n != nil {
		e.Number = c.n.PhoneNumberID
	}
	if answer.err != nil {
		e.Code, e.Error = answer.err.code, strings.TrimSpace(answer.err.text()+" "+answer.err.details)
	}
	if c.fault != nil {
		e.Fault = c.fault.Kind
		if strings.HasPrefix(c.fault.Kind, "drop_") {
			e.Status = 0
		}
	}
	if c.sent != nil {
		e.MessageID = c.sent.id
	}
	c.s.logMu.Lock()
	c.s.requests.add(e)
	c.s.logMu.Unlock()
	return e
}

// Requests is the request log, oldest first.
func (s *Server) Requests() []RequestEntry {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	return s.requests.all()
}

func maskKey(key string) string {
	if len(key) <= 4 {
		return strings.Repeat("*", len(key))
	}
	return "****" + key[len(key)-4:]
}

func clip(body []byte, limit int) string {
	if len(body) > limit {
		body = body[:limit]
	}
	return strings.ToValidUTF8(string(body), "�")
}
