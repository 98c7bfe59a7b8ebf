package whatsapp

import (
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
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
	// ("", "read", "retry"), an iq's namespace, alone ("w:g2") or with the tag of
	// what stands innermost in it ("w:g2 subject"), or the tag of a stanza.
	Type string `json:"type,omitempty"`
}

// Rule lets events that match meet a fault.
type Rule = control.Rule[Match, Fault]

// moment is when faults of one sort can happen.
type moment int

const (
	atSocket   moment = iota + 1 // a websocket is opened
	atLogin                      // a linked device logs in
	atStanza                     // a linked device sent anything
	atPing                       // a linked device asks whether the connection lives
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
	"drop_pings": atPing,

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
	"view_once":     atDelivery,
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

func checkRule(r Rule) error {
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

// event is what happened, as rules are matched against it.
type event struct {
	phone  string
	device int
	peer   []string // every name that the other side goes by
	typ    string
	also   string // its type more closely; empty: there is no such
}

// meet counts what happens at a moment and gives the fault that it meets, or nil.
func (s *Server) meet(at moment, e event) *Fault {
	return s.faults.Pick(func(m Match, f Fault) bool { return moments[f.Kind] == at && m.covers(e) })
}

func (m Match) covers(e event) bool {
	return (m.Phone == "" || names(m.Phone, e.phone)) && (m.Device == 0 || m.Device == e.device) &&
		(m.Peer == "" || slices.ContainsFunc(e.peer, func(peer string) bool { return names(m.Peer, peer) })) && (m.Type == "" || m.Type == e.typ || m.Type == e.also)
}

// names tells whether a rule means somebody, with the ninth digit or without it.
func names(ref, number string) bool {
	digits := digitsOf(ref)
	return digits == number || otherBrazilian(digits) == number
}

// pick counts what happens to a device and returns the fault it meets, or nil.
// The caller holds s.mu.
func (s *Server) pick(at moment, d *device, peer types.JID, typ string) *Fault {
	return s.pickClosely(at, d, peer, typ, "")
}

// pickQuery does so for an iq.
func (s *Server) pickQuery(d *device, n *node) *Fault {
	inner := *n
	for child := firstChild(&inner); child.Tag != ""; child = firstChild(&inner) {
		inner = child
	}
	namespace := strAttr(n, "xmlns")
	return s.pickClosely(atQuery, d, jidAttr(n, "to"), namespace, namespace+" "+inner.Tag)
}

func (s *Server) pickClosely(at moment, d *device, peer types.JID, typ, also string) *Fault {
	if s.faults.Empty() {
		return nil
	}
	e := event{phone: d.account.number, device: int(d.id), peer: []string{peer.User}, typ: typ, also: also}
	if other := s.account(peer); other != nil {
		e.peer = []string{other.number, other.lid}
	}
	return s.meet(at, e)
}

// Faults lists the rules and how often each was met.
func (s *Server) Faults() []Rule { return s.faults.List() }

// AddFault adds a rule behind those there are, and returns it with its id.
func (s *Server) AddFault(r Rule) (Rule, error) { return s.faults.Add(r) }

// SetFaults replaces all rules; none ends every fault.
func (s *Server) SetFaults(rules []Rule) error { return s.faults.Set(rules) }

// RemoveFault ends one rule and reports whether there was one.
func (s *Server) RemoveFault(id string) bool { return s.faults.Remove(id) }

func newFaults() *control.Faults[Match, Fault] {
	var made atomic.Int64
	return control.NewFaults(checkRule, func() string { return fmt.Sprintf("fault-%d", made.Add(1)) })
}
