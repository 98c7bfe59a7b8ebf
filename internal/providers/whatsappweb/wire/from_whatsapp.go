package wire

import (
	"strings"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// ReadMessage turns a message event into what it says: one MessageReceived,
// MessageEdited or MessageRevoked, or nothing for what is nobody's message:
// what one's own devices tell each other, keys, settings, status updates,
// newsletters, bots, and notes to oneself. What has no reader is a
// MessageReceived of type unsupported.
//
// A message typed on the phone is FromPhone, and From the contact or group
// that it was written to. own are the names of the channel's number (its phone
// JID and its LID); without them, quotes and deletions by an admin of our own
// messages in groups are not known as ours.
func ReadMessage(e *events.Message, own ...types.JID) []providers.InboundPayload {
	if e == nil || isNoMessage(e.Info) {
		return nil
	}
	r := reading{info: e.Info, own: addresses(own...)}
	r.from, r.group = r.parties()
	if len(r.from.Addresses) == 0 {
		return nil
	}
	raw := e.Message
	if raw == nil {
		raw = e.RawMessage
	}
	b := unwrap(repaired(raw))
	b.viewOnce = b.viewOnce || e.IsViewOnce
	b.lottie = b.lottie || e.IsLottieSticker
	if payload := r.payload(b); payload != nil {
		return []providers.InboundPayload{payload}
	}
	return nil
}

// ReadUnavailable tells of a message that WhatsApp keeps from linked devices
// for good: a view-once one becomes an unsupported message of kind
// "view_once". Any other event gives nil: WhatsApp sends those messages again.
func ReadUnavailable(e *events.UndecryptableMessage) []providers.InboundPayload {
	if e == nil || !e.IsUnavailable || e.UnavailableType != events.UnavailableTypeViewOnce || isNoMessage(e.Info) {
		return nil
	}
	return remains(e.Info, kindViewOnce, `{"unavailable":"view_once"}`)
}

// ReadUnreadable tells of a message by what is written on its outside only, for
// one whose content defeats its reader: an unsupported message of kind
// "unreadable". What is nobody's message gives nil, as with ReadMessage.
func ReadUnreadable(info types.MessageInfo) []providers.InboundPayload {
	if isNoMessage(info) {
		return nil
	}
	return remains(info, kindUnreadable, `{"unreadable":true}`)
}

// remains is a message without its content; nil without an address that we can
// keep it for.
func remains(info types.MessageInfo, kind, raw string) []providers.InboundPayload {
	r := reading{info: info}
	r.from, r.group = r.parties()
	if len(r.from.Addresses) == 0 {
		return nil
	}
	return []providers.InboundPayload{r.received(said{content: providers.Content{
		Type: providers.TypeUnsupported,
		Kind: kind,
		Raw:  providers.RawJSON(raw),
	}})}
}

// reading is one message on its way in.
type reading struct {
	info  types.MessageInfo
	own   []providers.Address
	from  providers.Party
	group *providers.Group
}

// isNoMessage tells what is addressed to nobody that we answer.
func isNoMessage(info types.MessageInfo) bool {
	switch {
	case info.ID == "", info.Category == "peer", info.IsNewsletterStatus:
		return true
	case info.Chat.Server == types.NewsletterServer:
		return true
	case info.Chat.Server == types.BroadcastServer:
		// A broadcast list's message is one to each of its readers; our own list
		// has no single contact to write it down for.
		return info.IsFromMe || !info.Chat.IsBroadcastList()
	default:
		return info.Sender.IsBot() || info.Chat.IsBot() || info.Sender.User == types.PSAJID.User
	}
}

// payload reads a message by its kind; nil is nothing to keep.
func (r reading) payload(b body) providers.InboundPayload {
	kind := kindOf(b.message)
	switch {
	case kind == "" || silentKinds[kind] || b.repeats():
		return nil
	case kind == "protocolMessage":
		return r.protocol(b)
	default:
		return r.received(r.marked(b, kind, read(b, kind)))
	}
}

// protocol reads what is said about an earlier message. Whatever else devices
// tell each other this way is nothing to keep.
func (r reading) protocol(b body) providers.InboundPayload {
	p := b.message.GetProtocolMessage()
	target := ids.ProviderMessage(p.GetKey().GetID())
	if p.Type == nil || target == "" {
		return nil
	}
	switch p.GetType() {
	case waE2E.ProtocolMessage_REVOKE:
		return providers.MessageRevoked{Target: target, FromPhone: r.revokesOurs(p), By: r.by(), Chat: r.ownChat(), Timestamp: utc(r.info.Timestamp)}
	case waE2E.ProtocolMessage_MESSAGE_EDIT:
		edited := unwrap(p.GetEditedMessage())
		kind := kindOf(edited.message)
		now := r.marked(edited, kind, readEdited(edited, kind))
		if now.content.Type == providers.TypeUnsupported {
			return r.received(unsupported(b.message, "protocolMessage"))
		}
		return providers.MessageEdited{
			ID:        ids.ProviderMessage(r.info.ID),
			Target:    target,
			FromPhone: r.info.IsFromMe,
			By:        r.by(),
			Chat:      r.ownChat(),
			Timestamp: utc(r.info.Timestamp),
			Content:   now.content,
		}
	default:
		return nil
	}
}

// by is who wrote this about an earlier message. What the channel's own number
// did on its phone needs no proof.
func (r reading) by() providers.By {
	if r.info.IsFromMe {
		return providers.By{}
	}
	by := providers.By{Addresses: r.from.Addresses}
	if r.group != nil {
		by.Group = r.group.Address
	}
	return by
}

// ownChat is where the channel's own number did something on its phone; empty for
// what others did.
func (r reading) ownChat() []providers.Address {
	switch {
	case !r.info.IsFromMe:
		return nil
	case r.group != nil:
		return []providers.Address{r.group.Address}
	default:
		return r.from.Addresses
	}
}

// revokesOurs tells whether the channel's own number wrote what is deleted.
// The key speaks from the view of who deletes; only admins of a group may
// delete what others wrote.
func (r reading) revokesOurs(p *waE2E.ProtocolMessage) bool {
	if r.info.IsFromMe || p.GetKey().GetFromMe() {
		return r.info.IsFromMe && p.GetKey().GetFromMe()
	}
	return r.group != nil && r.info.Edit == types.EditAttributeAdminRevoke && r.isOwn(addressIn(p.GetKey().GetParticipant()))
}

// received is a message as it is kept.
func (r reading) received(s said) providers.MessageReceived {
	return providers.MessageReceived{
		ID:        ids.ProviderMessage(r.info.ID),
		From:      r.from,
		Group:     r.group,
		FromPhone: r.info.IsFromMe,
		Timestamp: utc(r.info.Timestamp),
		Content:   s.content,
		Media:     r.media(s),
		Quote:     s.quote,
	}
}

// marked adds what any kind of message may carry beside its content.
func (r reading) marked(b body, kind string, s said) said {
	info := contextOf(b.message, kind)
	s.content = marks(info, s.content)
	if s.content.Type != providers.TypeReaction {
		s.quote = r.quote(info)
	}
	return s
}

// utc keeps the zero time zero.
func utc(t time.Time) time.Time {
	if t.IsZero() || t.Unix() == 0 {
		return time.Time{}
	}
	return t.UTC()
}

// clean makes foreign text fit for JSON.
func clean(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
