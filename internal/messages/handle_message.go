package messages

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/sessions"
	"github.com/cirrus/omnichannel/internal/web"
)

type sendRequest struct {
	Session ids.Session `json:"sessionId" validate:"required"`
	Draft
}

func (s *Service) handleSend(ctx context.Context, req *sendRequest) (SendAnswer, error) {
	content, err := req.content()
	if err != nil {
		return SendAnswer{}, err
	}
	session, err := sessions.Find(ctx, s.store.sessions, req.Session)
	if err != nil {
		return SendAnswer{}, err
	}
	return s.sendInto(ctx, session, req.Draft, content)
}

type messageRequest struct {
	Message string      `path:"messageId"`
	Channel ids.Channel `query:"channelId"`
}

// handleGet finds a message by our id, or by the provider's with the channel.
func (s *Service) handleGet(ctx context.Context, req *messageRequest) (View, error) {
	rows, err := s.named(ctx, req.Message, req.Channel, 2)
	if err != nil {
		return View{}, err
	}
	switch {
	case len(rows) == 0 || rows[0].Session.IsZero() || !web.PrincipalOf(ctx).May(rows[0].Account):
		return View{}, fault.New(fault.NotFound, "There is no message %q here. Check the id and the account.", req.Message)
	case len(rows) > 1:
		return View{}, fault.New(fault.Conflict, "%q names an inbound and an outbound message. Ask by our id.", req.Message).
			With("messages", []ids.Message{rows[0].ID, rows[1].ID})
	}
	return s.View(rows[0]), nil
}

// named gives the message of our id, on any channel or the given one, else those
// that the provider calls so there, at most so many: there may be an inbound and an
// outbound one.
func (s *Service) named(ctx context.Context, text string, channel ids.Channel, most int64) ([]Message, error) {
	if id, err := ids.Parse[ids.Message](text); err == nil {
		filter := bson.D{{Key: "_id", Value: id}}
		if !channel.IsZero() {
			filter = append(filter, bson.E{Key: "channelId", Value: channel})
		}
		rows, err := s.few(ctx, filter, most)
		if err != nil || len(rows) > 0 || channel.IsZero() {
			return rows, err
		}
	}
	if channel.IsZero() {
		return nil, fault.New(fault.NotFound, "There is no message %q: with a provider's id, name its channel by ?channelId=.", text)
	}
	return s.few(ctx, bson.D{{Key: "channelId", Value: channel}, {Key: "dedupeKey", Value: bson.D{{Key: "$in", Value: bson.A{
		DedupeKeyOf(Inbound, ids.ProviderMessage(text)), DedupeKeyOf(Outbound, ids.ProviderMessage(text)),
	}}}}}, most)
}

func (s *Service) few(ctx context.Context, filter bson.D, most int64) ([]Message, error) {
	cursor, err := s.store.messages.Find(ctx, filter, options.Find().SetLimit(most))
	if err != nil {
		return nil, err
	}
	var rows []Message
	err = mongodb.All(ctx, cursor, &rows)
	return rows, err
}

type listRequest struct {
	Session ids.Session `path:"sessionId"`
	web.ListQuery
}

func (s *Service) handleList(ctx context.Context, req *listRequest) (mongodb.ListPage[View], error) {
	session, err := sessions.Find(ctx, s.store.sessions, req.Session)
	if err != nil {
		return mongodb.ListPage[View]{}, err
	}
	filter := bson.D{{Key: "channelId", Value: session.Channel}, {Key: "sessionId", Value: session.ID}}
	query := req.Over(filter, "sequence", true)
	query.Unique = true
	page, err := mongodb.List[Message](ctx, s.store.messages, query)
	if err != nil {
		return mongodb.ListPage[View]{}, web.ListFault(err)
	}
	return web.Page(page, s.View), nil
}

type deleteRequest struct {
	Message string         `path:"messageId"`
	Sender  string         `query:"senderId" validate:"required,max=40"`
	Slug    providers.Name `query:"channelSlug" validate:"required,oneof=whatsappweb d360"`
	Channel ids.Channel    `query:"channelId"` // an admin key must name it
}

type deleteAnswer struct {
	MessageID ids.ProviderMessage `json:"messageId"`
	Status    string              `json:"status"`
}

// handleDelete deletes a message for everyone, where the provider can.
func (s *Service) handleDelete(ctx context.Context, req *deleteRequest) (deleteAnswer, error) {
	found, err := s.sentBy(ctx, req)
	if err != nil {
		return deleteAnswer{}, err
	}
	for _, t := range found {
		row, err := s.byAnyID(ctx, t.ch.ID, req.Message)
		if err != nil {
			return deleteAnswer{}, err
		}
		if row == nil || row.Session.IsZero() {
			continue
		}
		return s.revoke(ctx, t, *row)
	}
	return deleteAnswer{}, fault.New(fault.NotFound, "There is no message %q on channel %s of %s.", req.Message, req.Slug, req.Sender)
}

// sentBy finds the channels that may have sent the message: the named one, if
// the number is its own, else the caller's with this number.
func (s *Service) sentBy(ctx context.Context, req *deleteRequest) ([]target, error) {
	if req.Channel.IsZero() && !web.PrincipalOf(ctx).Admin {
		return s.channelsOf(ctx, req.Sender, req.Slug)
	}
	t, err := s.choose(ctx, req.Channel, req.Slug)
	if err != nil {
		return nil, err
	}
	digits, err := senderOf(req.Sender)
	if err != nil {
		return nil, err
	}
	if !phone.Same(t.ch.Identifier, digits) {
		return nil, fault.Invalid("senderId", "mismatch", "Channel %s does not send as %s. Name the number of the channel, or leave channelId out.", t.ch.ID, digits)
	}
	return []target{t}, nil
}

// senderOf reads the number that a channel sends as.
func senderOf(text string) (string, error) {
	digits, err := phone.Parse(text)
	if err != nil {
		return "", fault.Invalid("senderId", "malformed", "%q is not the number of a channel.", text)
	}
	return digits, nil
}

// channelsOf finds the caller's channels with this number at this provider.
func (s *Service) channelsOf(ctx context.Context, number string, provider providers.Name) ([]target, error) {
	digits, err := senderOf(number)
	if err != nil {
		return nil, err
	}
	all, err := s.channels.OfAccount(ctx, web.PrincipalOf(ctx).Account)
	if err != nil {
		return nil, err
	}
	var found []target
	for _, ch := range all {
		if ch.Provider == provider && phone.Same(ch.Identifier, digits) {
			t, err := s.targetOn(ctx, ch.ID)
			if err != nil {
				return nil, err
			}
			found = append(found, t)
		}
	}
	if len(found) == 0 {
		return nil, fault.New(fault.NotFound, "There is no %s channel with number %s in this account.", provider, digits)
	}
	return found, nil
}

func (s *Service) revoke(ctx context.Context, t target, row Message) (deleteAnswer, error) {
	if !t.caps.Delete {
		return deleteAnswer{}, t.unsupported("delete")
	}
	if row.Direction != Outbound {
		return deleteAnswer{}, fault.New(fault.Conflict, "Message %s was written by the contact; only own messages can be deleted for everyone.", row.ID)
	}
	row, canceled, err := s.cancel(ctx, row)
	switch {
	case err != nil:
		return deleteAnswer{}, err
	case row.Session.IsZero():
		return deleteAnswer{}, fault.Missing("message", row.ID) // erased meanwhile
	case canceled:
		return s.revoked(ctx, t, row)
	case row.Status == providers.MessageFailed:
		return deleteAnswer{}, fault.New(fault.Conflict, "Message %s was not sent: there is nothing to delete.", row.ID)
	case row.Unsettled:
		return deleteAnswer{}, fault.New(fault.Conflict, "Message %s is being sent at this moment. Try again.", row.ID)
	case row.ProviderID == "":
		return deleteAnswer{}, fault.New(fault.Conflict, "Message %s is %s: the provider knows no message to delete.", row.ID, row.Status)
	}
	conn, err := s.channels.Conn(ctx, t.ch.ID)
	if err != nil {
		return deleteAnswer{}, err
	}
	revoker, ok := conn.(providers.Revoker)
	if !ok {
		return deleteAnswer{}, t.unsupported("delete")
	}
	err = revoker.Revoke(ctx, row.To, row.ProviderID)
	if known := (*fault.Error)(nil); errors.As(err, &known) { // of the way to the server that holds the connection
		return deleteAnswer{}, err
	}
	if err != nil {
		return deleteAnswer{}, sendFault(providers.AsSendError(err), t.ch.Provider, ids.Message{})
	}
	return s.revoked(ctx, t, row)
}

// revoked notes that a message was deleted for everyone.
func (s *Service) revoked(ctx context.Context, t target, row Message) (deleteAnswer, error) {
	change := newRevoke(t.facts, providers.MessageRevoked{Target: row.ProviderID, FromPhone: true, Timestamp: s.now()})
	change.waited = true
	if err := s.group.submit(ctx, change); err != nil {
		return deleteAnswer{}, err
	}
	return deleteAnswer{MessageID: row.ProviderID, Status: "revoked"}, nil
}

type sendToRequest struct {
	Channel ids.Channel `json:"channelId"`
	ToNumber
}

// ToNumber is a message to a number or a group.
type ToNumber struct {
	Recipient       string `json:"recipientNumber" validate:"required,max=128"`
	IsGroupMesssage *bool  `json:"isGroupMesssage"`
	IsGroupMessage  *bool  `json:"isGroupMessage"`
	Draft
}

func (s *Service) handleSendTo(ctx context.Context, req *sendToRequest) (SendAnswer, error) {
	return s.SendTo(ctx, req.Channel, req.ToNumber)
}

// SendTo sends to a number or a group over WhatsApp Web, in the open session or a
// new one. The channel must be the caller's; a zero one is the caller's only one.
func (s *Service) SendTo(ctx context.Context, channel ids.Channel, req ToNumber) (SendAnswer, error) {
	content, err := req.content()
	if err != nil {
		return SendAnswer{}, err
	}
	if sent, there, err := s.earlier(ctx); there || err != nil {
		return sent, err
	}
	address, err := recipient(&req)
	if err != nil {
		return SendAnswer{}, err
	}
	t, err := s.choose(ctx, channel, providers.WhatsAppWeb)
	if err != nil {
		return SendAnswer{}, err
	}
	if err := s.known(ctx, &t, address); err != nil {
		return SendAnswer{}, err
	}
	return s.send(ctx, t, req.Draft, content)
}

// recipient reads the number or group; the suffix decides which it is, and the
// flags must agree.
func recipient(req *ToNumber) (providers.Address, error) {
	address, err := providers.ParseRecipient(req.Recipient)
	if err != nil {
		return providers.Address{}, fault.New(fault.InvalidNumber, "recipientNumber %.40q is neither a number with its country code nor a group.", req.Recipient).On("recipientNumber", "malformed")
	}
	for name, flag := range map[string]*bool{"isGroupMesssage": req.IsGroupMesssage, "isGroupMessage": req.IsGroupMessage} {
		if flag != nil && *flag != (address.Kind == providers.KindGroup) {
			return providers.Address{}, fault.Invalid(name, "mismatch", "recipientNumber %q says otherwise: a group ends with %s.", req.Recipient, providers.GroupSuffix)
		}
	}
	return address, nil
}

// choose takes the channel that is named, else the caller's only one of this
// provider.
func (s *Service) choose(ctx context.Context, named ids.Channel, provider providers.Name) (target, error) {
	caller := web.PrincipalOf(ctx)
	if !named.IsZero() {
		ch, err := s.channels.Get(ctx, named)
		if fault.Is(err, fault.NotFound) || err == nil && !caller.May(ch.Account) {
			return target{}, fault.Invalid("channelId", "unknown", "There is no channel %s in this account.", named)
		}
		if err != nil {
			return target{}, err
		}
		if ch.Provider != provider {
			return target{}, fault.Invalid("channelId", "provider", "Channel %s is of provider %s; this route needs %s.", named, ch.Provider, provider)
		}
		return s.targetOn(ctx, named)
	}
	if caller.Admin {
		return target{}, fault.Invalid("channelId", "required", "An admin key belongs to no account: name the channel.")
	}
	all, err := s.channels.OfAccount(ctx, caller.Account)
	if err != nil {
		return target{}, err
	}
	candidates := []ids.Channel{}
	for _, ch := range all {
		if ch.Provider == provider {
			candidates = append(candidates, ch.ID)
		}
	}
	if len(candidates) != 1 {
		return target{}, fault.New(fault.ChannelAmbiguous, "%d channels of provider %s could send this; name one by channelId.", len(candidates), provider).With("channels", candidates)
	}
	return s.targetOn(ctx, candidates[0])
}

// known looks up whether the recipient is a contact already, and in a session.
func (s *Service) known(ctx context.Context, t *target, address providers.Address) error {
	t.to = []providers.Address{address}
	var contact contacts.Contact
	err := s.store.contacts.FindOne(ctx, bson.D{{Key: "channelId", Value: t.ch.ID}, {Key: "identities", Value: address.Key()}}).Decode(&contact)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	}
	if err != nil {
		return err
	}
	t.contact, t.to = &contact, contact.Addresses
	return nil
}
