package d360

import (
	"fmt"
	"maps"
	"time"

	"github.com/cirrus/omnichannel/internal/sandbox/control"
)

// InboundMessage is what a customer is made to write. Only Type is needed: what
// is left out is filled with a sample of that type.
type InboundMessage struct {
	// Number is the business number, by phone number id, phone or key; it may be
	// empty when there is only one.
	Number string `json:"number,omitempty"`
	// Type is a webhook message type, or one of "voice" (audio recorded in the
	// chat), "delete" (what arrives when the message named by Quote is deleted) and
	// "choose" (the customer taps an option of the message named by Quote).
	Type string `json:"type"`
	// Text is the text, the caption, the emoji of a reaction, or the id or title of
	// the option that is tapped.
	Text string `json:"text,omitempty"`
	// Quote is the message that is quoted, reacted to, edited, revoked or tapped.
	Quote string `json:"quote,omitempty"`
	// Content is merged over the object of the type, or replaces it when it is a
	// list.
	Content any `json:"content,omitempty"`
	// Media describes the file of a media message.
	Media *InboundFile `json:"media,omitempty"`
	// Group is the group that the customer writes in.
	Group     string         `json:"group,omitempty"`
	Forwarded bool           `json:"forwarded,omitempty"`
	Referral  map[string]any `json:"referral,omitempty"`
	// ID and Timestamp (Unix seconds) replace those that are made.
	ID        string `json:"id,omitempty"`
	Timestamp int64  `json:"timestamp,omitempty"`
	// NoContacts leaves contacts[] out.
	NoContacts bool `json:"noContacts,omitempty"`
	// Errors go beside messages[], into the value.
	Errors []any `json:"errors,omitempty"`
	// Extra is merged over the whole message; a null removes a field.
	Extra map[string]any `json:"extra,omitempty"`
}

// InboundFile is a file that a customer sends. Without Base64 one of Bytes bytes
// is made.
type InboundFile struct {
	MimeType string `json:"mimeType,omitempty"`
	FileName string `json:"fileName,omitempty"`
	Base64   string `json:"base64,omitempty"`
	Bytes    int    `json:"bytes,omitempty"`
}

// CustomerWrite makes a customer, who need not exist yet, write to a number, and
// returns the id of the message. It opens the reply window and sends the webhook.
func (s *Server) CustomerWrite(ref string, in InboundMessage) (string, error) {
	s.mu.Lock()
	e, id, err := s.inbound(ref, in)
	s.mu.Unlock()
	if err != nil {
		return "", err
	}
	if e != nil {
		s.hooks.emit(e)
	}
	return id, nil
}

// inbound makes the webhook of a customer's message. It is nil when the customer
// is blocked. The caller holds s.mu.
func (s *Server) inbound(ref string, in InboundMessage) (*event, string, error) {
	n, err := s.number(in.Number)
	if err != nil {
		return nil, "", err
	}
	if digitsOf(ref) == "" {
		return nil, "", fmt.Errorf("customer %q is neither a phone nor a known user id", ref)
	}
	who := s.customerFor(ref)
	settings := s.settings.Load()
	message, r, err := s.compose(n, who, in, settings)
	if err != nil {
		return nil, "", err
	}
	now := s.clock.Now()
	if in.Type != "system" {
		who.talk(n).lastInbound = now
		if r.group != nil {
			r.group.lastInbound = now
		}
	}
	s.remember(r, in)
	perSecond(&n.throughput, now, settings.Throttles.MessagesPerSecond)
	if n.blocked[who] {
		return nil, r.id, nil
	}
	e := &event{number: n, key: who.WaID, field: "messages", message: message, errors: in.Errors}
	if !in.NoContacts && in.Type != "system" {
		e.contact = who.contact(settings)
	}
	if in.Type == "system" {
		s.applySystem(who, message)
	}
	return e, r.id, nil
}

// contact is the element of contacts[] of a customer.
func (c *customer) contact(settings *Settings) map[string]any {
	profile := map[string]any{"name": c.Name}
	if c.Username != "" {
		profile["username"] = c.Username
	}
	out := map[string]any{"profile": profile}
	c.name(out, "wa_id", "user_id", settings)
	if c.Identity == "userIdInFrom" {
		delete(out, "wa_id")
	}
	if c.ParentUserID != "" {
		out["parent_user_id"] = c.ParentUserID
	}
	return out
}

// compose builds the element of messages[] and its record.
func (s *Server) compose(n *number, who *customer, in InboundMessage, settings *Settings) (map[string]any, *record, error) {
	kind := in.Type
	r := &record{id: in.ID, number: n, customer: who, phones: []*customer{who}, kind: kind, text: in.Text, at: s.clock.Now(), quoted: in.Quote}
	if in.Group != "" {
		if r.group = s.groups[in.Group]; r.group == nil {
			return nil, nil, fmt.Errorf("%w: no group %q", control.ErrNotFound, in.Group)
		}
	}
	message := map[string]any{}
	if err := s.content(n, who, in, r, message); err != nil {
		return nil, nil, err
	}
	if r.id == "" {
		embedded := who.WaID
		if who.Identity == "hidden" {
			embedded = who.UserID
		}
		r.id = s.ids.inboundID(embedded)
	}
	who.name(message, "from", "from_user_id", settings)
	if who.ParentUserID != "" {
		message["from_parent_user_id"] = who.ParentUserID
	}
	at := r.at
	if in.Timestamp != 0 {
		at = time.Unix(in.Timestamp, 0)
	}
	message["id"], message["timestamp"] = r.id, stamp(at, settings.Webhooks.Timestamps)
	r.kind, _ = message["type"].(string)
	if r.group != nil {
		message["group_id"] = r.group.ID
	}
	if in.Referral != nil {
		message["referral"] = in.Referral
	}
	for name, v := range in.Extra {
		message[name] = v
		if v == nil {
			delete(message, name)
		}
	}
	r.payload = encode(message[r.kind])
	return message, r, nil
}

// content fills in the type, its object and the context.
func (s *Server) content(n *number, who *customer, in InboundMessage, r *record, message map[string]any) error {
	switch in.Type {
	case "":
		return fmt.Errorf("type is empty: say what the customer writes")
	case "delete":
		if in.Quote == "" {
			return fmt.Errorf("quote is empty: say which message is deleted")
		}
		r.id = in.Quote
		message["type"], message["errors"] = "unsupported", unsupportedErrors()
		return nil
	case "choose":
		return s.choose(n, in, r, message)
	}
	message["type"] = in.Type
	object, err := s.object(n, in)
	if err != nil {
		return err
	}
	if in.Type == "voice" {
		message["type"] = "audio"
	}
	kind := message["type"].(string)
	switch given := in.Content.(type) {
	case map[string]any:
		if object == nil {
			object = map[string]any{}
		}
		maps.Copy(object, given)
		message[kind] = object
	case nil:
		if object != nil {
			message[kind] = object
		}
		if kind == "contacts" {
			message[kind] = []any{object}
		}
	default:
		message[kind] = given
	}
	if in.Type == "unsupported" || in.Type == "unknown" {
		message["errors"] = unsupportedErrors()
	}
	s.context(n, in, kind, message)
	return nil
}

func unsupportedErrors() []any {
	err := refuse(131051, "Message type is currently not supported.")
	err.title = "Message type unknown"
	out := err.statusError()
	delete(out, "href")
	return []any{out}
}

// context adds what the message quotes.
func (s *Server) context(n *number, in InboundMessage, kind string, message map[string]any) {
	switch kind {
	case "reaction", "edit", "revoke", "system":
		return
	}
	context := map[string]any{}
	if in.Quote != "" {
		from := n.display
		if target := s.messages[in.Quote]; target != nil && !target.fromBusiness {
			from = target.customer.WaID
		}
		context["from"], context["id"] = from, in.Quote
	}
	if in.Forwarded {
		context["forwarded"] = true
	}
	if len(context) > 0 {
		message["context"] = context
	}
}

// choose makes the reply that tapping an option of a message gives.
func (s *Server) choose(n *number, in InboundMessage, r *record, message map[string]any) error {
	target := s.messages[in.Quote]
	if target == nil {
		return fmt.Errorf("%w: no message %q to choose from", control.ErrNotFound, in.Quote)
	}
	for _, o := range target.options {
		if in.Text != "" && in.Text != o.id && in.Text != o.title {
			continue
		}
		r.text = o.title
		message["context"] = map[string]any{"from": n.display, "id": in.Quote}
		if o.kind == "button" {
			message["type"], message["button"] = "button", map[string]any{"payload": o.id, "text": o.title}
			return nil
		}
		reply := map[string]any{"id": o.id, "title": o.title}
		if o.description != "" {
			reply["description"] = o.description
		}
		message["type"], message["interactive"] = "interactive", map[string]any{"type": o.kind, o.kind: reply}
		return nil
	}
	return fmt.Errorf("message %q has no option %q to choose", in.Quote, in.Text)
}

// remember stores what was written, or what it does to an earlier message.
func (s *Server) remember(r *record, in InboundMessage) {
	target := s.messages[in.Quote]
	switch r.kind {
	case "reaction":
		if target != nil {
			target.customerEmoji = in.Text
		}
	case "edit":
		if target != nil {
			target.edited = true
		}
	case "revoke":
		if target != nil {
			target.revoked = true
		}
	}
	if in.Type == "delete" {
		if target != nil {
			target.revoked = true
		}
		return
	}
	s.keep(r)
}

// applySystem makes a change of identity true. The caller holds s.mu.
func (s *Server) applySystem(who *customer, message map[string]any) {
	system, _ := message["system"].(map[string]any)
	switch system["type"] {
	case "user_changed_number":
		if phone, is := system["wa_id"].(string); is && digitsOf(phone) != "" && s.customers[canonicalPhone(phone)] == nil {
			delete(s.customers, canonicalPhone(who.WaID))
			who.WaID = digitsOf(phone)
			s.customers[canonicalPhone(who.WaID)] = who
		}
	case "user_changed_user_id":
		if id, is := system["user_id"].(string); is && isUserID(id) && s.byUserID[id] == nil {
			delete(s.byUserID, who.UserID)
			who.UserID = id
			s.byUserID[id] = who
		}
	}
}
