package d360

import (
	"errors"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/tolerant"
)

// maxID is longer than any message id seen; a longer one is garbage.
const maxID = 512

var (
	errNoID     = errors.New("a message without an id (or with one of absurd length) was passed over")
	errNoSender = errors.New("a message whose sender cannot be read was passed over")
)

// message reads one message, or with echo what a person wrote on the number's
// own phone.
func (r *reading) message(e element[message], people []contact, valueErrors list[valueError], echo bool, at string) {
	if e.Err != nil {
		r.problem(at, e.Err)
		return
	}
	m := e.Value
	from := m.sender(people, echo)
	if r.revision(m, from, echo) {
		return
	}
	switch {
	case len(from.Addresses) == 0:
		r.problem(at, errNoSender)
		return
	case m.Type == "system":
		defer r.moved(m, from) // after the message: who is new moves, too
		if m.ID == "" {
			return
		}
	}
	if m.ID == "" || len(m.ID) > maxID {
		r.problem(at, errNoID)
		return
	}
	received := providers.MessageReceived{
		ID:        ids.ProviderMessage(m.ID),
		From:      from,
		Group:     m.group(),
		FromPhone: echo,
		Timestamp: m.Timestamp.Time(),
		Quote:     m.quote(),
	}
	content, media, err := m.content()
	if err != nil {
		content, media = m.unsupported(e.Raw), nil
		if len(content.Errors) == 0 {
			content.Errors = rawErrors(valueErrors)
		}
	}
	received.Content, received.Media = m.decorate(content), media
	r.add(received)
}

// sender finds who wrote a message, or with echo to whom it was written.
func (m message) sender(people []contact, echo bool) providers.Party {
	if echo {
		return party(people, m.To, m.ToUserID)
	}
	from := party(people, m.From, m.FromUserID)
	if len(from.Addresses) > 0 || m.Type != "system" {
		return from
	}
	// A system message about a person who shows no phone names them only inside.
	if body, err := decode[systemBody](m.Kinds["system"]); err == nil {
		return party(people, tolerant.First(body.PreviousUserID, body.Customer, body.UserID, body.WaID))
	}
	return from
}

func (m message) group() *providers.Group {
	if m.GroupID == "" || len(m.GroupID) > maxAddress {
		return nil
	}
	return &providers.Group{Address: providers.Address{Kind: providers.KindGroup, Value: string(m.GroupID)}}
}

func (m message) quote() *providers.Quote {
	context := m.Context.Value
	if context.ID == "" || len(context.ID) > maxID {
		return nil
	}
	return &providers.Quote{ID: ids.ProviderMessage(context.ID), Author: address(context.From)}
}

// content reads the message's own body by its type.
func (m message) content() (providers.Content, *providers.MediaRef, error) {
	read, ok := contentReaders[string(m.Type)]
	if !ok {
		return providers.Content{}, nil, errUnknownKind
	}
	return read(m.Kinds[string(m.Type)])
}

// decorate adds what any type of content may carry.
func (m message) decorate(c providers.Content) providers.Content {
	context := m.Context.Value
	c.Forwarded = bool(context.Forwarded)
	c.FrequentlyForwarded = bool(context.FrequentlyForwarded)
	if m.Referral.Kind() == '{' {
		c.Referral = tolerant.Keep(m.Referral)
	}
	if product := context.ReferredProduct.Value; product != (referredProduct{}) {
		c.ReferredProduct = &providers.ReferredProduct{
			CatalogID:         string(product.CatalogID),
			ProductRetailerID: string(product.ProductRetailerID),
		}
	}
	if len(c.Errors) == 0 && m.Errors.Kind() == '[' {
		c.Errors = tolerant.Keep(m.Errors)
	}
	return c
}

// unsupported keeps a message that has no reader, whole.
func (m message) unsupported(raw jsontext.Value) providers.Content {
	kind := m.Type
	if body, err := decode[unsupportedBody](m.Kinds["unsupported"]); err == nil {
		kind = body.Type
	}
	if kind == "unsupported" {
		kind = ""
	}
	return providers.Content{
		Type:   providers.TypeUnsupported,
		Kind:   clip(string(kind), 100),
		Raw:    tolerant.Keep(raw),
		Errors: keepList(m.Errors),
	}
}

func keepList(raw jsontext.Value) providers.RawJSON {
	if raw.Kind() != '[' {
		return nil
	}
	return tolerant.Keep(raw)
}

// rawErrors are a value's own errors: they explain a message that came empty.
func rawErrors(errs list[valueError]) providers.RawJSON {
	if len(errs.Items) == 0 {
		return nil
	}
	raws := make([]jsontext.Value, len(errs.Items))
	for i, e := range errs.Items {
		raws[i] = e.Raw
	}
	raw, err := json.Marshal(raws, tolerant.Options)
	if err != nil {
		return nil
	}
	return tolerant.Keep(raw)
}

// revision reads edits and revokes, which are news about an earlier message.
// One that names no earlier message is left to be stored as unsupported.
func (r *reading) revision(m message, from providers.Party, echo bool) bool {
	chat := from.Addresses
	if group := m.group(); group != nil {
		chat = []providers.Address{group.Address}
	}
	switch m.Type {
	case "revoke":
		body, err := decode[revokeBody](m.Kinds["revoke"])
		if err != nil || body.OriginalID == "" || len(body.OriginalID) > maxID {
			return false
		}
		r.add(providers.MessageRevoked{Target: ids.ProviderMessage(body.OriginalID), FromPhone: echo, Chat: chat, Timestamp: m.Timestamp.Time()})
	case "edit":
		body, err := decode[editBody](m.Kinds["edit"])
		if err != nil || body.OriginalID == "" || len(body.OriginalID) > maxID {
			return false
		}
		content, _, err := body.Message.content()
		if err != nil {
			return false
		}
		r.add(providers.MessageEdited{
			ID:        ids.ProviderMessage(clipID(m.ID)),
			Target:    ids.ProviderMessage(body.OriginalID),
			FromPhone: echo,
			Chat:      chat,
			Timestamp: m.Timestamp.Time(),
			Content:   body.Message.decorate(content),
		})
	default:
		return false
	}
	return true
}

func clipID(id label) label {
	if len(id) > maxID {
		return ""
	}
	return id
}

// moved tells of a person's new phone or user id, beside the system message
// that says so to people.
func (r *reading) moved(m message, from providers.Party) {
	body, err := decode[systemBody](m.Kinds["system"])
	if err != nil {
		return
	}
	if _, moves := movingSystems[string(body.Type)]; !moves {
		return
	}
	old := append([]providers.Address{}, from.Addresses...)
	if previous := address(body.PreviousUserID); !previous.IsZero() {
		old = with(old, previous)
	}
	to := addresses(tolerant.First(body.NewWaID, body.WaID), body.UserID)
	if body.Type == "user_changed_user_id" && body.NewWaID == "" && body.WaID == "" { // the phone stays
		for _, a := range from.Addresses {
			if a.Kind == providers.KindPhone {
				to = with(to, a)
			}
		}
	}
	r.move(old, to, m.Timestamp.Time())
}

// move adds a ContactMoved unless it would say nothing.
func (r *reading) move(from, to []providers.Address, at time.Time) {
	fresh := false
	for _, a := range to {
		fresh = fresh || len(with(from[:len(from):len(from)], a)) > len(from)
	}
	if len(from) > 0 && fresh {
		r.add(providers.ContactMoved{From: from, To: to, Timestamp: at})
	}
}

// userIDs reads the field that reports rotated user ids outside of messages.
func (r *reading) userIDs(raw jsontext.Value, at string) {
	v, err := decode[userIDUpdates](raw)
	if err != nil {
		r.problem(at, err)
		return
	}
	r.number = string(v.Metadata.Value.PhoneNumberID)
	for _, u := range v.Updates.Items {
		if u.Err != nil {
			r.problem(at, u.Err)
			continue
		}
		id := u.Value.UserID.Value
		r.move(addresses(id.Previous), addresses(id.Current, u.Value.WaID), u.Value.Timestamp.Time())
	}
	r.number = ""
}
