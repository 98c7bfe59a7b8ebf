package d360

import (
	"fmt"
	"maps"
	"strings"
)

// answerBack makes the customer answer a message by itself, if it is set to.
func (s *Server) answerBack(r *record) {
	settings := s.settings.Load()
	s.mu.Lock()
	if r.customer == nil || r.kind == "reaction" {
		s.mu.Unlock()
		return
	}
	rule := settings.AutoReply
	if r.customer.AutoReply != nil {
		rule = *r.customer.AutoReply
	}
	in, answers := rule.next(r)
	in.Number = r.number.PhoneNumberID
	who := r.customer.WaID
	s.mu.Unlock()
	if !answers {
		return
	}
	r.timers.after(milliseconds(rule.DelayMS), func() {
		if _, err := s.CustomerWrite(who, in); err != nil {
			s.log.Warn("sandbox_auto_reply_failed", "error", err)
		}
	})
}

// next is what the customer says to a message. The caller holds Server.mu.
func (a AutoReply) next(r *record) (InboundMessage, bool) {
	switch a.Mode {
	case "echo":
		text := r.text
		if text == "" {
			text = "[" + r.kind + "]"
		}
		return InboundMessage{Type: "text", Text: a.Prefix + text}, true
	case "script":
		if r.customer.replied >= len(a.Replies) {
			return InboundMessage{}, false
		}
		r.customer.replied++
		return InboundMessage{Type: "text", Text: a.Replies[r.customer.replied-1]}, true
	case "choose":
		return InboundMessage{Type: "choose", Quote: r.id}, len(r.options) > 0
	}
	return InboundMessage{}, false
}

// Emit sends a webhook of any field with any value, such as smb_message_echoes,
// account_update or user_id_update. The number's metadata is added to the value
// unless it brings its own.
func (s *Server) Emit(ref, field string, value map[string]any) error {
	if field == "" {
		return fmt.Errorf("field is empty: say which webhook field it is")
	}
	s.mu.Lock()
	n, err := s.number(ref)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	s.hooks.emit(&event{number: n, key: "events", field: field, value: maps.Clone(value)})
	return nil
}

// EmitStatus sends a status webhook of any content for a message that may not
// exist; the id and the timestamp are filled in when they are missing.
func (s *Server) EmitStatus(ref string, status map[string]any) error {
	s.mu.Lock()
	n, err := s.number(ref)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	out := maps.Clone(status)
	if out == nil {
		out = map[string]any{}
	}
	defaults := map[string]any{
		"id": s.ids.outboundID(n.display), "status": "delivered",
		"timestamp": stamp(s.clock.Now(), s.settings.Load().Webhooks.Timestamps),
	}
	for name, v := range defaults {
		if _, given := out[name]; !given {
			out[name] = v
		}
	}
	s.hooks.emit(&event{number: n, key: "events", field: "messages", status: out})
	return nil
}

// StaffWrites is a person of the business writing on the number's own phone: an
// smb_message_echoes webhook. It returns the id of the message.
func (s *Server) StaffWrites(ref, phone, text string) (string, error) {
	s.mu.Lock()
	n, err := s.number(ref)
	if err != nil || digitsOf(phone) == "" {
		s.mu.Unlock()
		if err == nil {
			err = fmt.Errorf("phone %q has no digits", phone)
		}
		return "", err
	}
	who := s.customerFor(phone)
	r := &record{id: s.ids.outboundID(who.WaID), number: n, customer: who, phones: []*customer{who}, fromBusiness: true,
		kind: "text", text: text, at: s.clock.Now(), payload: encode(map[string]any{"body": text}), status: "delivered"}
	s.keep(r)
	echo := map[string]any{"from": n.display, "to": who.WaID, "id": r.id, "type": "text",
		"timestamp": stamp(r.at, s.settings.Load().Webhooks.Timestamps), "text": map[string]any{"body": text}}
	s.mu.Unlock()
	return r.id, s.Emit(n.PhoneNumberID, "smb_message_echoes", map[string]any{"message_echoes": []any{echo}})
}

// PutGroup registers a group with its members' phones, so that numbers can write
// to it and members in it.
func (s *Server) PutGroup(id, subject string, participants []string) error {
	if id == "" || len(participants) == 0 || len(participants) > 8 {
		return fmt.Errorf("group %q: it needs an id and 1 to 8 participants", id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[id]
	if g == nil {
		g = &group{ID: id}
		s.groups[id] = g
	}
	g.Subject, g.Participants = subject, nil
	for _, p := range participants {
		if strings.TrimSpace(digitsOf(p)) == "" {
			return fmt.Errorf("group %q: participant %q is no phone", id, p)
		}
		g.Participants = append(g.Participants, s.person(digitsOf(p)).WaID)
	}
	return nil
}
