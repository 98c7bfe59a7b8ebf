package d360

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/time/rate"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// NumberConfig registers a business number. Only DisplayPhoneNumber is needed;
// what is left out is made.
type NumberConfig struct {
	APIKey string `json:"apiKey,omitempty"`
	// DisplayPhoneNumber in international form, with or without "+" and spaces.
	DisplayPhoneNumber string `json:"displayPhoneNumber"`
	PhoneNumberID      string `json:"phoneNumberId,omitempty"`
	WABAID             string `json:"wabaId,omitempty"`
	BusinessID         string `json:"businessId,omitempty"`
	AppID              string `json:"appId,omitempty"`
	Name               string `json:"name,omitempty"`
	// Quality is GREEN, YELLOW or RED.
	Quality string `json:"quality,omitempty"`
	// Health is AVAILABLE, LIMITED or BLOCKED. A BLOCKED number refuses to send
	// with HealthCode (131031 when it is zero).
	Health     string         `json:"health,omitempty"`
	HealthCode int            `json:"healthCode,omitempty"`
	Webhook    *WebhookTarget `json:"webhook,omitempty"`
	// Templates replaces the seed templates when it is not nil.
	Templates []Template `json:"templates,omitempty"`
}

// WebhookTarget is where events go, and the headers that go with them.
type WebhookTarget struct {
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
}

// destination is one of the extra webhooks of a number.
type destination struct {
	Name    string            `json:"name"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
}

// number is a registered business number. Server.mu guards it.
type number struct {
	NumberConfig
	display     string // digits
	countryCode string

	extraEnabled bool
	extra        []destination

	templates []*Template
	profile   map[string]any
	blocked   map[*customer]bool

	throughput *rate.Limiter
	uploads    *rate.Limiter

	mediaErrors  []time.Time
	mediaBlocked time.Time // GET /{media-id} is refused until then
}

// NumberInfo is a registered number as the control shows it.
type NumberInfo struct {
	NumberConfig
	Templates int `json:"templates"`
}

// digitsOf keeps the digits of a phone in whatever way it is written.
func digitsOf(phone string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
}

// AddNumber registers a number and gives back all that was made for it, its key
// included. It fails when the phone, the key or the phone number id is taken, or
// the phone is no international number.
func (s *Server) AddNumber(c NumberConfig) (NumberConfig, error) {
	n := &number{NumberConfig: c, display: digitsOf(c.DisplayPhoneNumber), blocked: map[*customer]bool{}}
	parsed, err := phonenumbers.Parse("+"+n.display, "")
	if err != nil {
		return NumberConfig{}, fmt.Errorf("displayPhoneNumber %q is no international number: %w", c.DisplayPhoneNumber, err)
	}
	n.countryCode = strconv.Itoa(int(parsed.GetCountryCode()))
	s.complete(n)
	if err := n.check(); err != nil {
		return NumberConfig{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.numbers {
		if other.APIKey == n.APIKey || other.display == n.display || other.PhoneNumberID == n.PhoneNumberID {
			return NumberConfig{}, fmt.Errorf("number %s: its phone, key or phone number id is registered already", n.display)
		}
	}
	s.numbers = append(s.numbers, n)
	s.byKey[n.APIKey] = n
	return n.NumberConfig, nil
}

// complete fills in what the configuration leaves out.
func (s *Server) complete(n *number) {
	def := func(field *string, make func() string) {
		if *field == "" {
			*field = make()
		}
	}
	def(&n.APIKey, func() string { return "sandbox-" + n.display + "-" + strings.ToLower(s.ids.hex(16)) })
	for _, id := range []*string{&n.PhoneNumberID, &n.WABAID, &n.BusinessID, &n.AppID} {
		def(id, func() string { return s.ids.digits(15) })
	}
	def(&n.Name, func() string { return "Sandbox " + n.display })
	def(&n.Quality, func() string { return "GREEN" })
	def(&n.Health, func() string { return "AVAILABLE" })
	rows := n.Templates
	if rows == nil {
		rows = SeedTemplates()
	}
	for i := range rows {
		t := rows[i]
		t.normalize()
		def(&t.ID, func() string { return s.ids.digits(16) })
		n.templates = append(n.templates, &t)
	}
	n.NumberConfig.Templates = nil
	n.profile = map[string]any{"messaging_product": "whatsapp", "about": "Sandbox", "vertical": "OTHER", "websites": []any{}}
}

func (n *number) check() error {
	if !slices.Contains([]string{"AVAILABLE", "LIMITED", "BLOCKED"}, n.Health) {
		return fmt.Errorf("health %q must be AVAILABLE, LIMITED or BLOCKED", n.Health)
	}
	if !slices.Contains([]string{"GREEN", "YELLOW", "RED"}, n.Quality) {
		return fmt.Errorf("quality %q must be GREEN, YELLOW or RED", n.Quality)
	}
	for _, t := range n.templates {
		if problem := t.problem(); problem != "" {
			return fmt.Errorf("template %q: %s", t.Name, problem)
		}
	}
	if n.Webhook != nil {
		return n.Webhook.check(false)
	}
	return nil
}

// check refuses what is no webhook address; strict adds what the real service
// refuses and a developer needs.
func (t WebhookTarget) check(strict bool) error {
	u, err := url.Parse(t.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("webhook url %q is no absolute http or https URL", t.URL)
	}
	if strict && (u.Port() != "" || strings.Contains(u.Hostname(), "_")) {
		return fmt.Errorf("webhook url %q: a host with an underscore or a port is not supported", t.URL)
	}
	return nil
}

// number finds a number by phone number id, phone or key; an empty ref is the
// only number there is. The caller holds s.mu.
func (s *Server) number(ref string) (*number, error) {
	if ref == "" && len(s.numbers) == 1 {
		return s.numbers[0], nil
	}
	for _, n := range s.numbers {
		if ref != "" && (n.PhoneNumberID == ref || n.APIKey == ref || n.display == digitsOf(ref)) {
			return n, nil
		}
	}
	if ref == "" {
		return nil, fmt.Errorf("%w: %d numbers are registered, say which by `number`", control.ErrNotFound, len(s.numbers))
	}
	return nil, fmt.Errorf("%w: no number is registered as %q", control.ErrNotFound, ref)
}

// RotateKey gives the number a new key and, as the real service does, forgets
// its webhook. The old key answers 401 from now on.
func (s *Server) RotateKey(ref string) (NumberConfig, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.number(ref)
	if err != nil {
		return NumberConfig{}, err
	}
	delete(s.byKey, n.APIKey)
	n.APIKey = "sandbox-" + n.display + "-" + strings.ToLower(s.ids.hex(16))
	n.Webhook = nil
	s.byKey[n.APIKey] = n
	return n.NumberConfig, nil
}

// SetWebhook points the number's events somewhere, as POST /v1/configs/webhook
// does; a nil target clears it.
func (s *Server) SetWebhook(ref string, target *WebhookTarget) error {
	if target != nil {
		if err := target.check(s.Settings().Webhooks.StrictURL); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.number(ref)
	if err != nil {
		return err
	}
	n.Webhook = target
	return nil
}

// Numbers lists what is registered.
func (s *Server) Numbers() []NumberInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]NumberInfo, 0, len(s.numbers))
	for _, n := range s.numbers {
		out = append(out, NumberInfo{NumberConfig: n.NumberConfig, Templates: len(n.templates)})
	}
	return out
}

// allow takes one token out of a bucket, which is made, full, on first use and
// whenever its rule changes.
func allow(bucket **rate.Limiter, now time.Time, limit rate.Limit, burst int) bool {
	if *bucket == nil || (*bucket).Limit() != limit || (*bucket).Burst() != burst {
		*bucket = rate.NewLimiter(limit, burst)
	}
	return (*bucket).AllowN(now, 1)
}

// perSecond takes one token of a rate per second; zero is no limit.
func perSecond(bucket **rate.Limiter, now time.Time, n int) bool {
	return n <= 0 || allow(bucket, now, rate.Limit(n), n)
}
