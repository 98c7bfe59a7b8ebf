package whatsapp

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// Fault is a way to go wrong. Kind decides which other fields count: see the
// package documentation.
type Fault struct {
	Kind    string `json:"kind"`
	Code    int    `json:"code,omitempty"`
	Status  int    `json:"status,omitempty"`
	DelayMS int    `json:"delayMs,omitempty"`
	// Seconds is how long a ban or a timelock lasts.
	Seconds int `json:"seconds,omitempty"`
}

func (f *Fault) delay() time.Duration { return time.Duration(f.DelayMS) * time.Millisecond }

// Match says what a rule is for; empty fields match all.
type Match struct {
	// Phone is whose device meets the fault, in digits; Device is which of the
	// linked ones.
	Phone  string `json:"phone,omitempty"`
	Device int    `json:"device,omitempty"`
	// Peer is the other side: a phone in digits or the id of a group.
	Peer string `json:"peer,omitempty"`
	// Type is a message's type ("text", "media", "poll", "reaction"), a receipt's
	// ("", "read", "retry"), an iq's namespace ("w:g2"), or the tag of a stanza.
	Type string `json:"type,omitempty"`
}

// Rule switches a fault on.
type Rule struct {
	ID    string `json:"id"`
	Match Match  `json:"match"`
	// Skip lets that many matching events pass first; Times is how many then fail,
	// zero all of them.
	Skip  int   `json:"skip,omitempty"`
	Times int   `json:"times,omitempty"`
	Fault Fault `json:"fault"`
	// Hits counts the events that the rule spoiled.
	Hits int `json:"hits"`
}

// moment is when faults of one sort can happen.
type moment int

const (
	atSocket   moment = iota + 1 // a websocket is opened
	atLogin                      // a linked device logs in
	atStanza                     // a linked device sent anything
	atQuery                      // a linked device sent an iq
	atSend                       // a linked device sent a message
	atState                      // a linked device sent a patch of app state
	atDelivery                   // a message goes to a linked device
	atReceipt                    // a receipt goes to a linked device
	atWire                       // any stanza goes onto a connection
	atUpload                     // media is uploaded
	atDownload                   // media is downloaded
)

// moments is the table of fault kinds.
var moments = map[string]moment{
	"refuse_socket": atSocket,

	"refuse_login": atLogin,

	"cut_stanza": atStanza,
	"drop_pings": atStanza,

	"iq_error":  atQuery,
	"iq_silent": atQuery,

	"ack_error":         atSend,
	"reachout_timelock": atSend,
	"no_ack":            atSend,
	"slow_ack":          atSend,
	"lost_send":         atSend,
	"lost_unacked":      atSend,
	"cut_before":        atSend,
	"cut_after":         atSend,

	"state_conflict": atState,

	"lose_message":  atDelivery,
	"bad_mac":       atDelivery,
	"no_sender_key": atDelivery,
	"unavailable":   atDelivery,
	"duplicate":     atDelivery,
	"reorder":       atDelivery,

	"swallow_receipts": atReceipt,

	"deaf": atWire,
	"slow": atWire,

	"upload_refused": atUpload,
	"upload_slow":    atUpload,

	"media_gone":      atDownload,
	"media_corrupt":   atDownload,
	"media_truncated": atDownload,
}

func faultKinds() []string {
	kinds := make([]string, 0, len(moments))
	for kind := range moments {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

func (r Rule) check() error {
	if _, known := moments[r.Fault.Kind]; !known {
		return fmt.Errorf("fault kind %q does not exist: it must be one of %q", r.Fault.Kind, faultKinds())
	}
	if r.Times < 0 || r.Skip < 0 || r.Fault.DelayMS < 0 || r.Fault.Seconds < 0 || r.Match.Device < 0 {
		return fmt.Errorf("rule %q: times, skip, device, delayMs and seconds must not be negative", r.ID)
	}
	if code := r.Fault.Code; code != 0 && (code < 300 || code > 999) {
		return fmt.Errorf("code %d must be between 300 and 999", code)
	}
	if status := r.Fault.Status; status != 0 && (status < 400 || status > 599) {
		return fmt.Errorf("status %d must be between 400 and 599", status)
	}
	return nil
}

// faultBook holds the rules; the first that matches and still counts is met.
type faultBook struct {
	mu    sync.Mutex
	made  int
	rules []*Rule
}

func (b *faultBook) replace(rules []Rule) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rules = nil
	for _, r := range rules {
		b.append(r)
	}
}

func (b *faultBook) append(r Rule) Rule {
	if r.ID == "" {
		b.made++
		r.ID = fmt.Sprintf("fault-%d", b.made)
	}
	r.Hits = 0
	b.rules = append(b.rules, &r)
	return r
}

// event is what happened, as rules are matched against it.
type event struct {
	phone  string
	device int
	peer   []string // every name that the other side goes by
	typ    string
}

func (b *faultBook) pick(at moment, e event) *Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.rules {
		if moments[r.Fault.Kind] != at || !r.Match.covers(e) || (r.Times > 0 && r.Hits >= r.Times) {
			continue
		}
		if r.Skip > 0 {
			r.Skip--
			continue
		}
		r.Hits++
		f := r.Fault
		return &f
	}
	return nil
}

func (b *faultBook) empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.rules) == 0
}

func (m Match) covers(e event) bool {
	return (m.Phone == "" || names(m.Phone, e.phone)) && (m.Device == 0 || m.Device == e.device) &&
		(m.Peer == "" || slices.ContainsFunc(e.peer, func(peer string) bool { return names(m.Peer, peer) })) && (m.Type == "" || m.Type == e.typ)
}

// names tells whether a rule means somebody, with the ninth digit or without it.
func names(ref, number string) bool {
	digits := digitsOf(ref)
	return digits == number || otherBrazilian(digits) == number
}

// pick counts what happens to a device and returns the fault it meets, or nil.
// The caller holds s.mu.
func (s *Server) pick(at moment, d *device, peer types.JID, typ string) *Fault {
	if s.faults.empty() {
		return nil
	}
	e := event{phone: d.account.number, device: int(d.id), peer: []string{peer.User}, typ: typ}
	if other := s.account(peer); other != nil {
		e.peer = []string{other.number, other.lid}
	}
	return s.faults.pick(at, e)
}

// Faults lists the rules and how often each was met.
func (s *Server) Faults() []Rule {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	out := make([]Rule, 0, len(s.faults.rules))
	for _, r := range s.faults.rules {
		out = append(out, *r)
	}
	return out
}

// AddFault adds a rule behind those there are, and returns it with its id.
func (s *Server) AddFault(r Rule) (Rule, error) {
	if err := r.check(); err != nil {
		return Rule{}, err
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	return s.faults.append(r), nil
}

// SetFaults replaces all rules; none ends every fault.
func (s *Server) SetFaults(rules []Rule) error {
	for _, r := range rules {
		if err := r.check(); err != nil {
			return err
		}
	}
	s.faults.replace(rules)
	return nil
}

// RemoveFault ends one rule and reports whether there was one.
func (s *Server) RemoveFault(id string) bool {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	before := len(s.faults.rules)
	s.faults.rules = slices.DeleteFunc(s.faults.rules, func(r *Rule) bool { return r.ID == id })
	return len(s.faults.rules) < before
}
