package messages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// able refuses what the channel or its provider cannot do at all.
func (t *target) able(content providers.Content) error {
	if t.ch.Settings.Mode == channels.Gateway && !t.through {
		return fault.New(fault.Conflict, "Channel %s is in mode %q, in which there are no sessions and no messages to send into them. POST /%s/messages sends over a WhatsApp Web channel and keeps nothing; else set its settings.mode to %q.",
			t.ch.ID, channels.Gateway, t.ch.Identifier, channels.Sessions)
	}
	group := t.contact != nil && t.contact.Type == contacts.GroupType || len(t.to) > 0 && t.to[0].Kind == providers.KindGroup
	if group && !t.caps.Groups {
		return t.unsupported("groups")
	}
	switch content.Type {
	case providers.TypeTemplate:
		if !t.caps.Template {
			return t.unsupported("template")
		}
	case providers.TypeContacts:
		if !t.caps.StructuredContacts {
			return t.unsupported("structuredContacts")
		}
	case providers.TypeInteractive:
		return t.ableInteractive(content)
	}
	return nil
}

func (t *target) ableInteractive(content providers.Content) error {
	var head struct {
		Type string `json:"type"`
	}
	_ = json.Unmarshal(content.Interactive, &head) // read before, in compose
	switch {
	case head.Type == "list" && !t.caps.Lists:
		return t.unsupported("lists")
	case head.Type != "list" && !t.caps.Buttons:
		return t.unsupported("buttons")
	}
	return nil
}

func (t *target) unsupported(capability string) error {
	return fault.New(fault.CapabilityUnsupported, "Provider %s of channel %s has no %s. GET …/channels/%s/capabilities lists what it has.",
		t.ch.Provider, t.ch.ID, capability, t.ch.ID).With("capability", capability).With("provider", string(t.ch.Provider))
}

// windowOpen refuses free-form messages when the provider would: only a
// template can reopen the conversation.
func (s *Service) windowOpen(ctx context.Context, t target, content providers.Content) error {
	if t.caps.ReplyWindowHours == 0 || content.Type == providers.TypeTemplate || t.session == nil {
		return nil
	}
	end := t.session.WindowEnd(t.caps.ReplyWindowHours)
	if !end.IsZero() && s.now().Before(end) {
		return nil
	}
	closed := "the contact has not written yet"
	if !end.IsZero() {
		closed = "it ended at " + end.UTC().Format("2006-01-02T15:04:05Z")
	}
	names := s.templateNames(ctx, t.ch.ID)
	return fault.New(fault.ReplyWindowClosed, "The reply window of session %s is closed: %s. Only a template can reopen it (POST /api/message/start/d360).", t.session.ID, closed).
		With("templates", names)
}

const (
	// templatesAge is how old a list of templates may be that a refusal names:
	// it is advice, and asking costs.
	templatesAge = 5 * time.Minute
	// templatesPatience is how long a refusal waits for that list.
	templatesPatience = 2 * time.Second
)

// templateNames lists the templates that can reopen a conversation, each once;
// empty when the provider does not say soon.
func (s *Service) templateNames(ctx context.Context, channel ids.Channel) []string {
	names := []string{}
	conn, err := s.channels.Conn(ctx, channel)
	if err != nil {
		return names
	}
	lister, ok := conn.(providers.TemplateLister)
	if !ok {
		return names
	}
	ctx, cancel := context.WithTimeout(ctx, templatesPatience)
	defer cancel()
	templates, err := lister.Templates(ctx, templatesAge)
	if err != nil {
		return names
	}
	for _, template := range templates { // a row for each language
		if template.Status == "APPROVED" && !slices.Contains(names, template.Name) {
			names = append(names, template.Name)
		}
	}
	return names
}

// sendFault is a failed send as the caller is told; id is our row's, zero when
// nothing was stored.
func sendFault(failed *providers.SendError, provider providers.Name, id ids.Message) error {
	f := failed.Fault()
	if failed.Sent == providers.Maybe && f.Code != fault.ProviderTimeout {
		f.Code = fault.D360InternalError
	}
	if failed.Field != "" {
		f.Fields = []fault.Field{{Field: failed.Field, Code: string(f.Code), Message: failed.Detail}}
	}
	if failed.Reason == providers.ReasonCapabilityUnsupported {
		f.With("provider", string(provider))
	}
	if !id.IsZero() {
		f.With("_id", id)
		if failed.Sent == providers.Maybe {
			f.Detail = fmt.Sprintf("%s It was perhaps sent: message %s is unknown until its status comes; do not send it again.", f.Detail, id)
			f.With("messageStatus", string(providers.MessageUnknown))
		}
	}
	return f
}

// errErased marks the fault of a message that was erased with its contact.
var errErased = errors.New("its contact was erased")

// erasedFault answers a send whose contact was erased meanwhile. What became of the
// message nobody looks up any more.
func erasedFault(id ids.Message) error {
	return fault.Wrap(errErased, fault.NotFound, "The contact of message %s was erased before the send was over; nothing is kept of either. The message was perhaps sent.", id)
}

// messageError is a failed send as the message keeps it.
func messageError(failed *providers.SendError) *providers.MessageError {
	return &providers.MessageError{
		Code: string(failed.Reason.Code()), Title: failed.Title, Detail: failed.Detail, ProviderCode: failed.ProviderCode,
		Field: failed.Field, RetryAfter: int64(failed.RetryAfter.Seconds()),
	}
}

// storedFault is the failure that a row remembers, as the caller is told.
func storedFault(row Message) error {
	f := fault.New(fault.D360InvalidMessage, "Message %s was not sent.", row.ID)
	if row.Error != nil {
		f.Code, f.Detail, f.ProviderCode = fault.Code(row.Error.Code), row.Error.Detail, row.Error.ProviderCode
		switch row.Error.Code {
		case expired:
			f.Code = fault.ProviderTimeout
		case deletedUnsent:
			f.Code = fault.Conflict
		}
		if row.Error.Field != "" {
			f.Fields = []fault.Field{{Field: row.Error.Field, Code: string(f.Code), Message: f.Detail}}
		}
		f.RetryAfter = time.Duration(row.Error.RetryAfter) * time.Second
	}
	return f.With("_id", row.ID)
}
