package d360

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/time/rate"
)

// replyWindow is how long after a customer's message a business may write freely.
const replyWindow = 24 * time.Hour

// CustomerConfig describes a person. A customer comes into being by PutCustomer,
// by writing, or by being written to.
type CustomerConfig struct {
	// WaID is the phone in digits, in the form in which WhatsApp knows it: a
	// Brazilian one may lack its ninth digit.
	WaID     string `json:"waId"`
	Name     string `json:"name"`
	Username string `json:"username,omitempty"`
	// UserID is the business-scoped user id; made when empty.
	UserID       string `json:"userId,omitempty"`
	ParentUserID string `json:"parentUserId,omitempty"`
	// Identity is how webhooks name the customer: "shown" (phone and user id),
	// "hidden" (user id only) or "userIdInFrom" (the user id where the phone was).
	Identity string `json:"identity,omitempty"`
	// NotOnWhatsApp makes every message to the customer fail with 131026.
	NotOnWhatsApp bool `json:"notOnWhatsApp,omitempty"`
	// Reads says whether the customer reads; nil leaves it to the settings.
	// ReceiptsOff reads without telling.
	Reads       *bool `json:"reads,omitempty"`
	ReceiptsOff bool  `json:"receiptsOff,omitempty"`
	// IdentityHash, when set, must equal recipient_identity_key_hash if a message
	// gives one.
	IdentityHash string `json:"identityHash,omitempty"`
	// AutoReply replaces that of the settings.
	AutoReply *AutoReply `json:"autoReply,omitempty"`
	// Refusal makes messages to the customer fail.
	Refusal *CustomerRefusal `json:"refusal,omitempty"`
}

// CustomerRefusal fails messages to one customer with a code, such as 131049,
// 131050 or 130472.
type CustomerRefusal struct {
	Code int `json:"code"`
	// Sync refuses the request itself; otherwise a failed status follows.
	Sync bool `json:"sync,omitempty"`
	// Category, when set, refuses templates of this category only.
	Category string `json:"category,omitempty"`
}

func (c CustomerConfig) check() error {
	if c.WaID == "" {
		return errors.New("waId is empty: give the customer's phone in digits")
	}
	if len(c.WaID) > 32 {
		return fmt.Errorf("waId %q is too long for a phone", c.WaID)
	}
	if !slices.Contains([]string{"shown", "hidden", "userIdInFrom"}, c.Identity) {
		return fmt.Errorf("identity %q must be shown, hidden or userIdInFrom", c.Identity)
	}
	if c.UserID != "" && !isUserID(c.UserID) {
		return fmt.Errorf("userId %q is no business-scoped user id", c.UserID)
	}
	if c.Refusal != nil {
		if _, known := refusals[c.Refusal.Code]; !known {
			return fmt.Errorf("refusal.code %d is not in the table of codes", c.Refusal.Code)
		}
	}
	if c.AutoReply != nil {
		return c.AutoReply.check("autoReply")
	}
	return nil
}

// PutCustomer registers a customer or replaces what is known of them; the
// conversation stays. An empty UserID keeps the one there is.
func (s *Server) PutCustomer(c CustomerConfig) (CustomerConfig, error) {
	c.WaID = digitsOf(c.WaID)
	if c.Identity == "" {
		c.Identity = "shown"
	}
	if c.Name == "" {
		c.Name = "Customer " + c.WaID
	}
	if err := c.check(); err != nil {
		return CustomerConfig{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if owner := s.byUserID[c.UserID]; owner != nil && owner != s.customers[canonicalPhone(c.WaID)] {
		return CustomerConfig{}, fmt.Errorf("userId %q belongs to %s", c.UserID, owner.WaID)
	}
	person := s.person(c.WaID)
	if c.UserID == "" {
		c.UserID = person.UserID
	}
	delete(s.byUserID, person.UserID)
	person.CustomerConfig = c
	s.byUserID[c.UserID] = person
	return c, nil
}

// person finds or makes the customer of a phone. The caller holds s.mu.
func (s *Server) person(digits string) *customer {
	key := canonicalPhone(digits)
	if c, known := s.customers[key]; known {
		return c
	}
	c := &customer{talks: map[*number]*talk{}, CustomerConfig: CustomerConfig{
		WaID: digits, Name: "Customer " + digits, UserID: userIDOf(digits), Identity: "shown",
	}}
	s.customers[key] = c
	s.byUserID[c.UserID] = c
	s.order = append(s.order, c)
	if len(s.order) > s.limits.Customers {
		s.forget(s.order[0])
		s.order[0] = nil
		s.order = s.order[1:]
	}
	return c
}

func (s *Server) forget(c *customer) {
	delete(s.customers, canonicalPhone(c.WaID))
	delete(s.byUserID, c.UserID)
	for _, n := range s.numbers {
		delete(n.blocked, c)
	}
}

// userIDOf makes a business-scoped user id: the country of the phone, a dot,
// digits. They follow from the phone: to a platform that outlives a restart of
// this server, another user id would be another person with the same phone.
func userIDOf(digits string) string {
	region := "ZZ"
	if parsed, err := phonenumbers.Parse("+"+digits, ""); err == nil {
		if r := phonenumbers.GetRegionCodeForCountryCode(int(parsed.GetCountryCode())); len(r) == 2 && r != "ZZ" && r >= "AA" {
			region = r
		}
	}
	sum := sha256.Sum256([]byte(canonicalPhone(digits)))
	return region + "." + newMinter(binary.LittleEndian.Uint64(sum[:])).digits(20)
}

// lookup finds a customer by phone or user id. The caller holds s.mu.
func (s *Server) lookup(ref string) *customer {
	if c := s.byUserID[ref]; c != nil {
		return c
	}
	if strings.Contains(ref, ".") {
		return nil
	}
	return s.customers[canonicalPhone(digitsOf(ref))]
}

// talk is the state between a number and a customer.
func (c *customer) talk(n *number) *talk {
	t := c.talks[n]
	if t == nil {
		t = &talk{}
		c.talks[n] = t
	}
	return t
}

// allowPair takes one message out of what the pair of number and customer may
// exchange.
func (t *talk) allowPair(now time.Time, rules ThrottleSettings) bool {
	if rules.PairBurst <= 0 || rules.PairEveryMS <= 0 {
		return true
	}
	limit := rate.Every(time.Duration(rules.PairEveryMS) * time.Millisecond)
	return allow(&t.pair, now, limit, rules.PairBurst)
}

// SetWindow opens the reply window between a number and a customer as if the
// customer had written now, or closes it.
func (s *Server) SetWindow(numberRef, phone string, open bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.number(numberRef)
	if err != nil {
		return err
	}
	t := s.customerFor(phone).talk(n)
	t.lastInbound = time.Time{}
	if open {
		t.lastInbound = s.clock.Now()
	}
	return nil
}

// customerFor finds a customer by phone or user id, or makes one of the phone.
func (s *Server) customerFor(ref string) *customer {
	if c := s.lookup(ref); c != nil {
		return c
	}
	return s.person(digitsOf(ref))
}

// possiblePhone tells whether digits can be a phone at all, by its length in its
// country. What a rewritten recipient became usually can't.
func possiblePhone(digits string) bool {
	parsed, err := phonenumbers.Parse("+"+digits, "")
	return err == nil && phonenumbers.IsPossibleNumber(parsed)
}

// PhoneMessage is a message as a customer's phone shows it.
type PhoneMessage struct {
	ID string `json:"id"`
	// From is "business" or "customer".
	From   string `json:"from"`
	Number string `json:"number"` // the business's phone number id
	Type   string `json:"type"`
	// Text is what one reads: a text, a caption, a body, a template filled in.
	Text      string    `json:"text,omitempty"`
	Timestamp time.Time `json:"timestamp"`
	// Payload is the object of the type as it was sent.
	Payload any `json:"payload"`
	// Quoted is the id that the message quotes; QuoteShown says whether the phone
	// could find it.
	Quoted     string `json:"quoted,omitempty"`
	QuoteShown bool   `json:"quoteShown,omitempty"`
	// Reactions are emoji by who put them there.
	Reactions map[string]string `json:"reactions,omitempty"`
	Group     string            `json:"group,omitempty"`
	Callback  string            `json:"bizOpaqueCallbackData,omitempty"`
	// Status of a business message is the highest receipt, empty before the first.
	Status   string        `json:"status,omitempty"`
	Statuses []StatusEntry `json:"statuses,omitempty"`
	// ReadByBusiness and Typing are what the business did with a customer message.
	ReadByBusiness bool `json:"readByBusiness,omitempty"`
	Typing         bool `json:"typing,omitempty"`
	Edited         bool `json:"edited,omitempty"`
	Revoked        bool `json:"revoked,omitempty"`
}

// StatusEntry is one receipt that was given.
type StatusEntry struct {
	Status string    `json:"status"`
	At     time.Time `json:"at"`
	Code   int       `json:"code,omitempty"`
}

// CustomerMessages is what the phone of a customer shows, oldest first.
// Messages that failed never reached it, so they are left out. An unknown
// customer has none.
func (s *Server) CustomerMessages(ref string) []PhoneMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []PhoneMessage{}
	c := s.lookup(ref)
	if c == nil {
		return out
	}
	for _, r := range c.messages {
		if r.status != "failed" {
			out = append(out, s.show(r))
		}
	}
	return out
}

// Message finds one message by id, failed ones too.
func (s *Server) Message(id string) (PhoneMessage, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.messages[id]
	if r == nil {
		return PhoneMessage{}, false
	}
	return s.show(r), true
}

func (s *Server) show(r *record) PhoneMessage {
	m := PhoneMessage{
		ID: r.id, From: "customer", Number: r.number.PhoneNumberID, Type: r.kind, Text: r.text, Timestamp: r.at.UTC(),
		Payload: r.payload, Quoted: r.quoted, Callback: r.callback, Status: r.status, Statuses: slices.Clone(r.history),
		ReadByBusiness: r.readByBusiness, Edited: r.edited, Revoked: r.revoked,
	}
	if r.fromBusiness {
		m.From = "business"
	}
	if r.customer != nil {
		t := r.customer.talk(r.number)
		m.Typing = t.typingAt == r.id && s.clock.Now().Before(t.typingUntil)
	}
	if r.group != nil {
		m.Group = r.group.ID
	}
	if r.quoted != "" {
		_, m.QuoteShown = s.messages[r.quoted]
	}
	for who, emoji := range map[string]string{"business": r.businessEmoji, "customer": r.customerEmoji} {
		if emoji != "" {
			if m.Reactions == nil {
				m.Reactions = map[string]string{}
			}
			m.Reactions[who] = emoji
		}
	}
	return m
}

// Customers lists everybody there is, oldest first.
func (s *Server) Customers() []CustomerConfig {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]CustomerConfig, 0, len(s.order))
	for _, c := range s.order {
		out = append(out, c.CustomerConfig)
	}
	return out
}

// stamp writes a time as webhooks carry it.
func stamp(at time.Time, form string) any {
	switch form {
	case "int":
		return at.Unix()
	case "millis":
		return strconv.FormatInt(at.UnixMilli(), 10)
	}
	return strconv.FormatInt(at.Unix(), 10)
}
