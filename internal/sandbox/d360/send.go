package d360

import (
	"slices"
	"strings"
	"time"
)

// outcome is what becomes of an accepted message.
type outcome struct {
	failure *apiError // a failed status follows
	silent  bool      // no statuses at all
	stop    string    // the last status it reaches; empty is the whole ladder
	first   chan struct{}
}

func (c *call) postMessages() reply {
	if c.endpoint == "mark_read" {
		return c.markRead()
	}
	m, err := checkSend(c.root, c.settings.Recipients)
	if err != nil {
		return failed(err)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if err := c.mayCall(); err != nil {
		return failed(err)
	}
	if m.group != "" {
		return c.sendToGroup(m)
	}
	return c.sendToPerson(m)
}

// mayCall checks what is true of a number as a whole. The caller holds s.mu.
func (c *call) mayCall() *apiError {
	if c.n.Health == "BLOCKED" {
		code := c.n.HealthCode
		if code == 0 {
			code = 131031
		}
		return refuse(code, "The number can't send messages: see GET /health_status.")
	}
	if !perSecond(&c.n.throughput, c.s.clock.Now(), c.settings.Throttles.MessagesPerSecond) {
		return refuse(130429, "Cloud API message throughput has been reached.")
	}
	return nil
}

func (c *call) sendToPerson(m *send) reply {
	who, input, rewritten, err := c.recipient(m)
	if err != nil {
		return failed(err)
	}
	fate, category, err := c.judge(m, who)
	if err != nil {
		return failed(err)
	}
	if rewritten && !possiblePhone(who.WaID) {
		fate.failure = refuse(131026, "Message Undeliverable.")
	}
	r := c.accept(m, who, nil, category)
	contact := map[string]any{"input": input}
	if m.userID != "" {
		contact["user_id"] = who.UserID
	} else {
		contact["wa_id"] = who.WaID
	}
	return c.accepted(r, fate, contact)
}

// recipient finds whom a message is for. A phone without "+" is rewritten: the
// business's country code is put in front, as the real service was seen to do.
func (c *call) recipient(m *send) (who *customer, input string, rewritten bool, err *apiError) {
	if m.userID != "" {
		if who = c.s.byUserID[m.userID]; who == nil {
			return nil, "", false, refuse(131026, "The user id is not known to this business.")
		}
		if m.template != nil {
			if t, _ := findTemplate(c.n.templates, m.template); t != nil && t.Category == "AUTHENTICATION" {
				return nil, "", false, refuse(131062, "Authentication templates can't be sent to a user id.")
			}
		}
		return who, m.userID, false, nil
	}
	digits := digitsOf(m.to)
	if len(digits) < 7 || len(digits) > 20 || strings.Trim(m.to, "+0123456789 ()-.") != "" || strings.LastIndex(m.to, "+") > 0 {
		return nil, "", false, refuse(131009, "Param to is not a phone number.")
	}
	if !strings.HasPrefix(m.to, "+") && c.settings.Recipients.RewriteWithoutPlus {
		digits, rewritten = c.n.countryCode+digits, true
	}
	if canonicalPhone(digits) == canonicalPhone(c.n.display) {
		return nil, "", false, refuse(131021, "Recipient phone number cannot be the sender's.")
	}
	return c.s.person(digits), m.to, rewritten, nil
}

// judge decides what becomes of a message to a customer: refused at once, or
// accepted with a fate. The caller holds s.mu.
func (c *call) judge(m *send, who *customer) (outcome, string, *apiError) {
	var fate outcome
	category, err := c.resolve(m, &fate)
	if err != nil {
		return fate, "", err
	}
	if m.identity != "" && who.IdentityHash != "" && m.identity != who.IdentityHash {
		return fate, "", refuse(137000, "The identity of the recipient has changed.")
	}
	if err := c.window(m, who, &fate); err != nil {
		return fate, "", err
	}
	if !who.talk(c.n).allowPair(c.s.clock.Now(), c.settings.Throttles) {
		return fate, "", refuse(131056, "Too many messages sent to this recipient in a short time.")
	}
	if r := who.Refusal; r != nil && (r.Category == "" || r.Category == category) {
		no := refuse(r.Code, "The simulated customer is set to refuse with this code.")
		if r.Sync {
			return fate, "", no
		}
		fate.fail(no)
	}
	if who.NotOnWhatsApp || c.n.blocked[who] {
		fate.fail(refuse(131026, "Message Undeliverable."))
	}
	return fate, category, nil
}

func (o *outcome) fail(err *apiError) {
	if o.failure == nil {
		o.failure = err
	}
}

// resolve looks up what a message refers to: its template and its media.
func (c *call) resolve(m *send, fate *outcome) (category string, err *apiError) {
	if m.template != nil {
		t, err := findTemplate(c.n.templates, m.template)
		if err != nil {
			return "", err
		}
		text, err := m.template.match(t)
		if err != nil {
			return "", err
		}
		m.text, category = text, t.Category
		for _, b := range t.buttons() {
			if b.Type == "QUICK_REPLY" {
				m.options = append(m.options, option{kind: "button", id: m.template.payload(t, b), title: b.Text})
			}
		}
	}
	for _, use := range m.media {
		if use.id == "" {
			continue
		}
		late, err := c.s.media.usable(use, c.n.PhoneNumberID, c.s.clock.Now(), c.settings.Media.CheckBytes)
		if err != nil {
			return "", err
		}
		if late != nil {
			fate.fail(late)
		}
	}
	if m.reaction != nil && c.s.messages[m.reaction.target] == nil {
		fate.fail(refuse(131009, "The message that is reacted to does not exist."))
	}
	return category, nil
}

// payload is what comes back when a customer taps a quick reply: what the sender
// gave for it, or its text.
func (use *templateUse) payload(t *Template, b TemplateButton) string {
	index := slices.IndexFunc(t.buttons(), func(other TemplateButton) bool { return other.Text == b.Text })
	for _, given := range use.buttons {
		if given.index == index && len(given.params) == 1 {
			return given.params[0].value
		}
	}
	return b.Text
}

// window refuses what is not a template outside of the reply window.
func (c *call) window(m *send, who *customer, fate *outcome) *apiError {
	if m.template != nil || c.settings.Window == "off" {
		return nil
	}
	last := who.talk(c.n).lastInbound
	if !last.IsZero() && c.s.clock.Now().Sub(last) < replyWindow {
		return nil
	}
	err := refuse(131047, "More than 24 hours have passed since the recipient last replied to the sender number.")
	if c.settings.Window == "sync" {
		return err
	}
	fate.fail(err)
	return nil
}

// accept stores a message that the business sent. The caller holds s.mu.
func (c *call) accept(m *send, who *customer, g *group, category string) *record {
	var phone string
	r := &record{number: c.n, customer: who, group: g, fromBusiness: true, kind: m.kind, text: m.text, at: c.s.clock.Now(),
		payload: encode(m.payload), callback: m.callback, quoted: m.quoted, category: category, options: m.options}
	if who != nil {
		r.phones = []*customer{who}
		who.talk(c.n).typingAt = ""
		phone = who.WaID
		if who.Identity == "hidden" {
			phone = who.UserID
		}
	} else {
		phone = g.ID
		for _, p := range g.Participants {
			r.phones = append(r.phones, c.s.person(p))
		}
	}
	for _, use := range m.media {
		r.media = append(r.media, use.link)
		if use.id != "" {
			r.voice = r.voice || (use.kind == "audio" && (m.voiceHint || c.s.media.isVoice(use.id)))
		}
	}
	r.id = c.s.ids.outboundID(phone)
	c.s.keep(r)
	if m.reaction != nil {
		if target := c.s.messages[m.reaction.target]; target != nil {
			target.businessEmoji = m.reaction.emoji
		}
	}
	return r
}

// accepted answers a send and plans its receipts. The caller holds s.mu.
func (c *call) accepted(r *record, fate outcome, contact map[string]any) reply {
	c.sent = r
	message := map[string]any{"id": r.id}
	if r.kind == "template" {
		message["message_status"] = "accepted"
	}
	if f := c.fault; f != nil {
		switch f.Kind {
		case "status_failed":
			fate.failure = refuse(f.Code, "%s", f.Details)
		case "no_statuses":
			fate.silent = true
		case "undelivered":
			fate.stop = "sent"
		case "message_status":
			message["message_status"], fate.silent = f.Text, true
		}
	}
	answer := ok(map[string]any{"messaging_product": "whatsapp", "contacts": []any{contact}, "messages": []any{message}})
	if c.settings.Statuses.BeforeResponse || (c.fault != nil && c.fault.Kind == "status_before_response") {
		fate.first = make(chan struct{})
		answer.first = fate.first
		answer.early = func() { c.s.plan(r, fate, c.settings) }
		return answer
	}
	answer.later = func() { c.s.plan(r, fate, c.settings) }
	return answer
}

func (c *call) sendToGroup(m *send) reply {
	g := c.s.groups[m.group]
	if g == nil {
		return failed(refuse(131009, "Param to is not a group of this number."))
	}
	var fate outcome
	category, err := c.resolve(m, &fate)
	if err != nil {
		return failed(err)
	}
	if m.template == nil && c.settings.Window != "off" && (g.lastInbound.IsZero() || c.s.clock.Now().Sub(g.lastInbound) >= replyWindow) {
		closed := refuse(131047, "More than 24 hours have passed since somebody in the group last wrote.")
		if c.settings.Window == "sync" {
			return failed(closed)
		}
		fate.fail(closed)
	}
	r := c.accept(m, nil, g, category)
	return c.accepted(r, fate, map[string]any{"input": m.group, "wa_id": m.group})
}

// typingLife is how long the customer sees that the business is typing.
const typingLife = 25 * time.Second

// markRead marks an inbound message, and all before it, as read.
func (c *call) markRead() reply {
	m, err := checkReadMark(c.root)
	if err != nil {
		return failed(err)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	r := c.s.messages[m.id]
	if r == nil || r.fromBusiness || r.number != c.n {
		return failed(refuse(131009, "Param message_id is not an inbound message of this number."))
	}
	if r.group != nil {
		return failed(refuse(131051, "Messages of groups can't be marked as read."))
	}
	for _, earlier := range slices.Backward(r.customer.messages) {
		if earlier.fromBusiness || earlier.number != c.n || earlier.at.After(r.at) {
			continue
		}
		if earlier.readByBusiness && earlier.at.Before(r.at) {
			break
		}
		earlier.readByBusiness = true
	}
	if m.typing {
		t := r.customer.talk(c.n)
		t.typingAt, t.typingUntil = r.id, c.s.clock.Now().Add(typingLife)
	}
	return ok(map[string]any{"success": true})
}

// links are those that a message shows.
func (r *record) links() []string {
	return slices.DeleteFunc(slices.Clone(r.media), func(link string) bool { return link == "" })
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }
