package d360

import (
	"io"
	"net/http"
	"time"
)

// statusRank orders the receipts; a message only moves up.
var statusRank = map[string]int{"": 0, "sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 5}

// rung is one receipt of the ladder and its delay from the answer to the send.
type rung struct {
	status string
	after  int
}

// plan starts the receipts of an accepted message, and the answers to it. The
// caller must not hold s.mu.
func (s *Server) plan(r *record, fate outcome, settings *Settings) {
	if settings.Media.FetchLinks && len(r.links()) > 0 && fate.failure == nil {
		s.background.Go(func() {
			fate.failure = s.fetchLinks(r)
			s.climb(r, fate, settings)
		})
		return
	}
	s.climb(r, fate, settings)
}

func (s *Server) climb(r *record, fate outcome, settings *Settings) {
	if fate.failure != nil {
		s.begin(r, fate, settings.Statuses.SentMS, func() { s.receipt(r, "failed", fate.failure, fate.signal()) })
		return
	}
	ladder := s.ladder(r, fate, settings)
	if len(ladder) == 0 {
		finish(fate.signal())
		return
	}
	s.begin(r, fate, ladder[0].after, func() { s.step(r, ladder, fate) })
}

// begin gives the first receipt in its time. An answer that waits for it is let
// go when there is no room for the timer.
func (s *Server) begin(r *record, fate outcome, ms int, first func()) {
	if !r.timers.after(fate.delay(ms), first) {
		finish(fate.signal())
	}
}

// delay is zero for a first receipt that the answer waits for.
func (o outcome) delay(ms int) time.Duration {
	if o.first != nil {
		return 0
	}
	return milliseconds(ms)
}

// signal is what to call when the first receipt was delivered.
func (o outcome) signal() func() {
	if o.first == nil {
		return nil
	}
	return func() { close(o.first) }
}

// ladder is what receipts a message gets, in order. Reactions get one only.
func (s *Server) ladder(r *record, fate outcome, settings *Settings) []rung {
	rules := settings.Statuses
	rungs := []rung{{"sent", rules.SentMS}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.kind != "reaction" && fate.stop != "sent" {
		rungs = append(rungs, rung{"delivered", rules.DeliveredMS})
		if s.reads(r, rules) {
			rungs = append(rungs, rung{"read", rules.ReadMS})
			if r.voice {
				rungs = append(rungs, rung{"played", rules.PlayedMS})
			}
		}
	}
	if fate.silent {
		return nil
	}
	return rungs
}

func (s *Server) reads(r *record, rules StatusSettings) bool {
	if r.customer == nil {
		return rules.Read
	}
	if r.customer.ReceiptsOff {
		return false
	}
	if r.customer.Reads != nil {
		return *r.customer.Reads
	}
	return rules.Read
}

// step gives the first receipt of a ladder and waits for the next one.
func (s *Server) step(r *record, ladder []rung, fate outcome) {
	s.receipt(r, ladder[0].status, nil, fate.signal())
	fate.first = nil
	if ladder[0].status == "delivered" {
		s.answerBack(r)
	}
	if len(ladder) > 1 {
		r.timers.after(milliseconds(ladder[1].after-ladder[0].after), func() { s.step(r, ladder[1:], fate) })
	}
}

// receipt records a status and reports it by webhook, unless statuses are off or
// the message is further already. done, when set, is called once the webhook had
// its first attempt, or there is none.
func (s *Server) receipt(r *record, status string, failure *apiError, done func()) {
	settings := s.settings.Load()
	s.mu.Lock()
	var events []*event
	if statusRank[status] > statusRank[r.status] {
		entry := StatusEntry{Status: status, At: s.clock.Now().UTC()}
		if failure != nil {
			entry.Code = failure.code
		}
		r.status = status
		r.history = append(r.history, entry)
		if settings.Statuses.Enabled {
			events = s.statusEvents(r, status, failure, settings)
		}
	}
	s.mu.Unlock()
	if len(events) == 0 {
		finish(done)
		return
	}
	events[0].done = done
	for _, e := range events {
		s.hooks.emit(e)
	}
}

// statusEvents are the webhooks of one receipt: one, but one for each member of
// a group. The caller holds s.mu.
func (s *Server) statusEvents(r *record, status string, failure *apiError, settings *Settings) []*event {
	base := func() map[string]any {
		out := map[string]any{"id": r.id, "status": status, "timestamp": stamp(s.clock.Now(), settings.Webhooks.Timestamps)}
		if r.callback != "" {
			out["biz_opaque_callback_data"] = r.callback
		}
		if failure != nil {
			out["errors"] = []any{failure.statusError()}
			return out
		}
		addPricing(out, r, status, settings.Statuses.Pricing)
		return out
	}
	if r.group == nil {
		out := base()
		r.customer.name(out, "recipient_id", "recipient_user_id", settings)
		return []*event{{number: r.number, key: r.customer.WaID, field: "messages", status: out}}
	}
	var events []*event
	for _, member := range r.phones {
		out := base()
		out["recipient_id"], out["recipient_type"] = r.group.ID, "group"
		if status != "sent" && status != "failed" {
			out["recipient_participant_id"] = member.WaID
		}
		events = append(events, &event{number: r.number, key: r.group.ID, field: "messages", status: out})
		if status == "sent" || status == "failed" {
			break
		}
	}
	return events
}

// name writes who a customer is into a webhook element, the phone under one
// name and the user id under another.
func (c *customer) name(into map[string]any, phoneField, userField string, settings *Settings) {
	switch c.Identity {
	case "hidden":
		into[userField] = c.UserID
	case "userIdInFrom":
		into[phoneField] = c.UserID
		into[userField] = c.UserID
	default:
		into[phoneField] = c.WaID
		if settings.Recipients.ShowUserIDs {
			into[userField] = c.UserID
		}
	}
}

func addPricing(out map[string]any, r *record, status, model string) {
	if model == "none" || status == "read" || status == "played" {
		return
	}
	category, billable, kind := "service", false, "free_customer_service"
	switch r.category {
	case "MARKETING":
		category, billable, kind = "marketing", true, "regular"
	case "UTILITY":
		category, billable, kind = "utility", true, "regular"
	case "AUTHENTICATION":
		category, billable, kind = "authentication", true, "regular"
	}
	out["pricing"] = map[string]any{"billable": billable, "pricing_model": model, "category": category, "type": kind}
	if model == "CBP" {
		out["conversation"] = map[string]any{"id": "conversation-" + r.number.PhoneNumberID, "origin": map[string]any{"type": category}}
	}
}

// CustomerReads makes a customer read what a number sent, one message or all of
// them, and returns how many that were.
func (s *Server) CustomerReads(ref, id string) int {
	return s.customerDid(ref, id, "read", func(*record) bool { return true })
}

// CustomerPlays makes a customer listen to the voice messages that a number sent.
func (s *Server) CustomerPlays(ref, id string) int {
	return s.customerDid(ref, id, "played", func(r *record) bool { return r.voice })
}

func (s *Server) customerDid(ref, id, status string, counts func(*record) bool) int {
	s.mu.Lock()
	var due []*record
	if c := s.lookup(ref); c != nil {
		for _, r := range c.messages {
			fits := r.fromBusiness && r.kind != "reaction" && (id == "" || r.id == id)
			if fits && counts(r) && statusRank[r.status] < statusRank[status] {
				due = append(due, r)
			}
		}
	}
	s.mu.Unlock()
	for _, r := range due {
		s.receipt(r, status, nil, nil)
	}
	return len(due)
}

// fetchLinks does what Meta does with a link: fetch it, and fail the message when
// that is not possible.
func (s *Server) fetchLinks(r *record) *apiError {
	for _, link := range r.links() {
		if err := s.fetchLink(link, r.kind); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) fetchLink(link, kind string) *apiError {
	req, err := http.NewRequestWithContext(s.ctx, http.MethodGet, link, nil)
	if err != nil {
		return refuse(131053, "The link is not usable.")
	}
	res, err := s.client.Do(req)
	if err != nil {
		return refuse(131053, "Downloading media from weblink failed.")
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return refuse(131053, "Downloading media from weblink failed with http code %d.", res.StatusCode)
	}
	mimeType := baseType(res.Header.Get("Content-Type"))
	rule, supported := mediaTypes[mimeType]
	if kind == "document" {
		rule, supported = mediaRule{limit: limitDocument}, true
	}
	if !supported {
		return refuse(131053, "Unsupported media type %s.", mimeType)
	}
	size, err := io.Copy(io.Discard, io.LimitReader(res.Body, rule.limit+1))
	if err != nil || size > rule.limit {
		return refuse(131053, "The media behind the link could not be read or is too large.")
	}
	return nil
}
