package d360

import (
	"fmt"
	"slices"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// Fault is a way for a call to go wrong. Kind decides which other fields count:
// see the package documentation.
type Fault struct {
	Kind       string `json:"kind"`
	Code       int    `json:"code,omitempty"`
	Subcode    int    `json:"subcode,omitempty"`
	Status     int    `json:"status,omitempty"`
	Shape      Shape  `json:"shape,omitempty"`
	Details    string `json:"details,omitempty"`
	Text       string `json:"text,omitempty"`
	DelayMS    int    `json:"delayMs,omitempty"`
	RetryAfter int    `json:"retryAfter,omitempty"`
	// UsageMinutes adds X-Business-Use-Case-Usage with that time to wait.
	UsageMinutes int  `json:"usageMinutes,omitempty"`
	Transient    bool `json:"transient,omitempty"`
}

// Match says which calls a rule is for; empty fields match all.
type Match struct {
	// Endpoint is a name from the package documentation, such as "messages".
	Endpoint string `json:"endpoint,omitempty"`
	// Number is a phone number id, Recipient a phone in digits or a user id, Type a
	// message type.
	Number    string `json:"number,omitempty"`
	Recipient string `json:"recipient,omitempty"`
	Type      string `json:"type,omitempty"`
}

// Rule lets calls that match meet a fault.
type Rule = control.Rule[Match, Fault]

// Kinds of faults that answer instead of the service, before anything happens.
var faultsBefore = []string{
	"error", "unauthorized", "endpoint_rate_limit", "payment_required", "api_disabled", "endpoint_blocked",
	"hub_internal", "bad_gateway", "too_many_requests", "html_error", "drop_before", "slow",
}

// Kinds of faults that let the call happen and then spoil its answer.
var faultsAfter = []string{"slow_after", "drop_after", "no_id", "empty_list", "truncated", "not_json", "empty_body"}

// Kinds of faults of a message that was accepted.
var faultsAccepted = []string{"status_failed", "status_before_response", "no_statuses", "message_status", "undelivered"}

// Kinds of faults of media bytes.
var faultsMedia = []string{"media_corrupt", "media_truncated"}

func checkRule(r Rule) error {
	known := slices.Concat(faultsBefore, faultsAfter, faultsAccepted, faultsMedia)
	if !slices.Contains(known, r.Fault.Kind) {
		return fmt.Errorf("fault kind %q does not exist: it must be one of %q", r.Fault.Kind, known)
	}
	if r.Match.Endpoint != "" && !slices.Contains(endpointNames(), r.Match.Endpoint) {
		return fmt.Errorf("endpoint %q does not exist: it must be one of %q", r.Match.Endpoint, endpointNames())
	}
	if r.Times < 0 || r.Skip < 0 || r.Fault.DelayMS < 0 {
		return fmt.Errorf("rule %q: times, skip and delayMs must not be negative", r.ID)
	}
	if r.Fault.Kind == "error" || r.Fault.Kind == "status_failed" {
		if _, known := refusals[r.Fault.Code]; !known {
			return fmt.Errorf("code %d is not in the table of codes", r.Fault.Code)
		}
	}
	if s := r.Fault.Status; s != 0 && (s < 200 || s > 599) {
		return fmt.Errorf("status %d must be between 200 and 599", s)
	}
	if !slices.Contains([]Shape{"", ShapeMeta, ShapeHub, ShapeString, ShapeLegacy}, r.Fault.Shape) {
		return fmt.Errorf("shape %q must be meta, hub, string or legacy", r.Fault.Shape)
	}
	return nil
}

// fault counts a call and gives the fault that it meets, or nil.
func (s *Server) fault(call Match) *Fault {
	return s.faults.Pick(func(m Match, _ Fault) bool { return m.covers(call) })
}

func (m Match) covers(call Match) bool {
	same := func(want, got string) bool { return want == "" || want == got }
	return same(m.Endpoint, call.Endpoint) && same(m.Number, call.Number) && same(m.Type, call.Type) &&
		(m.Recipient == "" || recipientKey(m.Recipient) == recipientKey(call.Recipient))
}

// recipientKey makes the ways of writing a recipient comparable.
func recipientKey(ref string) string {
	if isUserID(ref) {
		return ref
	}
	return canonicalPhone(digitsOf(ref))
}

// Faults lists the rules and how often each was met.
func (s *Server) Faults() []Rule { return s.faults.List() }

// AddFault adds a rule behind those there are, and returns it with its id.
func (s *Server) AddFault(r Rule) (Rule, error) { return s.faults.Add(r) }

// SetFaults replaces all rules; none ends every fault.
func (s *Server) SetFaults(rules []Rule) error { return s.faults.Set(rules) }

// RemoveFault ends one rule and reports whether there was one.
func (s *Server) RemoveFault(id string) bool { return s.faults.Remove(id) }

// answer is the error that a fault gives instead of the service, or nil when it
// is of another kind.
func (f *Fault) answer(s *Settings) *apiError {
	var e *apiError
	switch f.Kind {
	case "error":
		e = refuse(f.Code, "%s", f.Details)
		e.subcode, e.transient = f.Subcode, f.Transient
	case "unauthorized":
		e = hubError(401, "Invalid api_key").withShape(s.Unauthorized)
	case "endpoint_rate_limit":
		e = hubError(400, "You have exceeded the endpoint rate limit.")
	case "payment_required":
		e = hubError(400, "API access is restricted because of lack of payment")
	case "api_disabled":
		e = hubError(400, "API is disabled for this account")
	case "endpoint_blocked":
		e = hubError(403, "Endpoint blocked")
	case "hub_internal":
		e = hubError(500, "Internal Server Error")
	case "bad_gateway":
		e = hubError(502, "Bad Gateway")
	case "too_many_requests":
		e = refuse(130429, "%s", f.Details)
		e.status, e.retryAfter = 429, 1
	default:
		return nil
	}
	if f.Status != 0 {
		e.status = f.Status
	}
	if f.Text != "" {
		e.title = f.Text
	}
	if f.RetryAfter != 0 {
		e.retryAfter = f.RetryAfter
	}
	e.usageMinutes = f.UsageMinutes
	return e.withShape(f.Shape)
}
