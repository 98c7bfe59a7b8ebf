package d360

import (
	"encoding/json"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// world is all that Reset throws away: numbers, customers, what was said, and
// what was to follow.
type world struct {
	timers *scheduler

	numbers   []*number
	byKey     map[string]*number
	wabaHooks map[string]*WebhookTarget // by WABA id

	customers map[string]*customer // by canonical phone
	byUserID  map[string]*customer
	order     []*customer // oldest first, for the limit
	groups    map[string]*group

	messages map[string]*record
	recent   *ring[*record]
}

func newWorld(l Limits, timers *scheduler) world {
	return world{
		timers: timers,
		byKey:  map[string]*number{}, wabaHooks: map[string]*WebhookTarget{},
		customers: map[string]*customer{}, byUserID: map[string]*customer{}, groups: map[string]*group{},
		messages: map[string]*record{}, recent: newRing[*record](l.Messages),
	}
}

// customer is a person with a phone. Server.mu guards it.
type customer struct {
	CustomerConfig
	talks    map[*number]*talk
	messages []*record // what the phone shows, oldest first
	replied  int       // how far the script is
}

// talk is the state between a number and a customer.
type talk struct {
	lastInbound time.Time
	pair        *rate.Limiter
	// typingAt is the message that the business is seen typing an answer to, until
	// typingUntil or until it writes.
	typingAt    string
	typingUntil time.Time
}

// group is a WhatsApp group that a business number is in.
type group struct {
	ID           string   `json:"id"`
	Subject      string   `json:"subject"`
	Participants []string `json:"participants"`
	lastInbound  time.Time
}

// record is one message, of either side. Server.mu guards it.
type record struct {
	id           string
	timers       *scheduler // of its world: what follows from it ends with that
	number       *number
	customer     *customer
	group        *group
	phones       []*customer // whose phones show it
	fromBusiness bool
	kind         string
	text         string
	at           time.Time
	payload      json.RawMessage
	callback     string
	quoted       string
	voice        bool
	category     string // of a template
	options      []option
	media        []string
	status       string
	history      []StatusEntry
	businessEmoji,
	customerEmoji string
	readByBusiness bool
	edited         bool
	revoked        bool
}

// keep stores a record and forgets the oldest when there are too many. The
// caller holds s.mu.
func (s *Server) keep(r *record) {
	r.timers = s.timers
	s.messages[r.id] = r
	for _, c := range r.phones {
		c.messages = append(c.messages, r)
	}
	old, pushed := s.recent.add(r)
	if !pushed || old == nil {
		return
	}
	if s.messages[old.id] == old {
		delete(s.messages, old.id)
	}
	for _, c := range old.phones {
		if len(c.messages) > 0 && c.messages[0] == old {
			c.messages[0] = nil
			c.messages = c.messages[1:]
		}
	}
}

// canonicalPhone is the key under which a phone is one person, whichever of its
// national variants is used: Brazil with or without the ninth digit, Mexico with
// 52 or 521, Argentina with 54 or 549.
func canonicalPhone(digits string) string {
	switch {
	case strings.HasPrefix(digits, "55") && len(digits) == 13 && digits[4] == '9' && digits[5] >= '6':
		return digits[:4] + digits[5:]
	case strings.HasPrefix(digits, "521") && len(digits) == 13:
		return "52" + digits[3:]
	case strings.HasPrefix(digits, "549") && len(digits) == 13:
		return "54" + digits[3:]
	}
	return digits
}
