package gateway

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/gateway/chats"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
	"github.com/cirrus/omnichannel/internal/web"
)

// commandOlder asks a device's phone for earlier messages of a chat.
const commandOlder = "older"

// olderCommand says which.
type olderCommand struct {
	Chat   providers.Address  `bson:"chat"`
	Before whatsappweb.Anchor `bson:"before"`
	Count  int                `bson:"count"`
}

func chatCommands(s *channels.Service) {
	s.SlowCommands(commandOlder)
	answer(s, commandOlder, func(ctx context.Context, c *whatsappweb.Conn, o olderCommand) (whatsappweb.Past, error) {
		return c.Older(ctx, o.Chat, o.Before, o.Count)
	})
}

// listChats lists the chats of the number's phone, the latest first.
func (s *Service) listChats(ctx context.Context, req *listRequest) (mongodb.ListPage[chats.ChatView], error) {
	none := mongodb.ListPage[chats.ChatView]{Items: []chats.ChatView{}, Page: max(req.Page, 1), Limit: req.Limit, TotalIsExact: true}
	ch, _, err := s.channels.Now(ctx, channelOf(ctx))
	if err != nil || !s.chats.Keeps(ch) {
		return none, err
	}
	page, err := s.chats.List(ctx, req.Over(chats.Of(ch.ID), chats.Order, true))
	if err != nil {
		return none, web.ListFault(err)
	}
	newest, err := s.chats.Newest(ctx, page.Items)
	if err != nil {
		return none, err
	}
	now := s.now()
	return web.Page(page, func(c chats.Chat) chats.ChatView {
		if last, there := newest[c.ID]; there {
			return chats.View(c, &last, now)
		}
		return chats.View(c, nil, now)
	}), nil
}

// pastQuery says which messages of a chat are asked for.
type pastQuery struct {
	Limit  int    `query:"limit" default:"20" validate:"gte=1,lte=100"`
	Before string `query:"before" validate:"max=1024"`
	Older  bool   `query:"older"`
}

type chatMessagesRequest struct {
	Number string `path:"clientNumber"`
	Chat   string `path:"chat" validate:"max=128"`
	pastQuery
}

type groupMessagesRequest struct {
	Number string `path:"clientNumber"`
	Group  string `path:"group" validate:"max=128"`
	pastQuery
}

// PastView are messages of a chat, newest first.
type PastView struct {
	Items []chats.MessageView `json:"items"`
	// NextBefore goes on behind them; null where nothing earlier is known to be.
	NextBefore *string `json:"nextBefore"`
}

// chatMessages lists the messages of the chat with a person, or of a group.
func (s *Service) chatMessages(ctx context.Context, req *chatMessagesRequest) (PastView, error) {
	of, err := providers.ParseRecipient(req.Chat)
	if err != nil {
		return PastView{}, fault.New(fault.InvalidNumber, "%.40q is no number with its country code, no WhatsApp address of a person, and no group.", req.Chat)
	}
	return s.past(ctx, of, req.pastQuery)
}

// groupMessages lists the messages of a group.
func (s *Service) groupMessages(ctx context.Context, req *groupMessagesRequest) (PastView, error) {
	id, err := groupOf(req.Group)
	if err != nil {
		return PastView{}, err
	}
	return s.past(ctx, providers.Address{Kind: providers.KindGroup, Value: id}, req.pastQuery)
}

// past gives what is kept of a chat, and beyond that what the phone has, where
// that is asked for.
func (s *Service) past(ctx context.Context, of providers.Address, q pastQuery) (PastView, error) {
	at, err := readBefore(q.Before)
	if err != nil {
		return PastView{}, err
	}
	ch, linked, err := s.channels.Now(ctx, channelOf(ctx))
	if err != nil {
		return PastView{}, err
	}
	var rows []chats.Message
	chat := chats.With(ch.ID, of)
	if s.chats.Keeps(ch) {
		if chat, rows, err = s.chats.Past(ctx, chat, at.Order, q.Limit); err != nil {
			return PastView{}, err
		}
	}
	if len(rows) > 0 {
		at = beforeOf(rows[len(rows)-1])
	}
	more := len(rows) > 0
	if q.Older && len(rows) < q.Limit {
		if at, more, err = s.older(ctx, ch, chat, at, &rows, q.Limit); err != nil {
			return PastView{}, err
		}
	}
	view := PastView{Items: make([]chats.MessageView, 0, len(rows))}
	shown, err := s.messages.Shown(ctx, ch.ID, refs(rows))
	if err != nil {
		return PastView{}, err
	}
	known := chats.Context{Chat: chat, Number: cmp.Or(linked, ch.Identifier), Shown: shown}
	for _, row := range rows {
		view.Items = append(view.Items, chats.ViewMessage(row, known))
	}
	if more {
		view.NextBefore = given(at.String())
	}
	return view, nil
}

func refs(rows []chats.Message) []messages.Ref {
	all := make([]messages.Ref, 0, len(rows))
	for _, row := range rows {
		all = append(all, messages.Ref{FromMe: row.FromMe, ID: row.ProviderID})
	}
	return all
}

// older adds what the phone has behind these messages of a chat, the last of which
// is at a place, and tells where that ends: it may be at something that is no message
// to be shown. False: there is nothing behind that.
func (s *Service) older(ctx context.Context, ch channels.Channel, chat chats.Chat, at before, rows *[]chats.Message, limit int) (end before, more bool, err error) {
	if at.At.IsZero() {
		at.At = s.now()
	}
	ask := olderCommand{Chat: chat.Address(), Count: limit - len(*rows), Before: whatsappweb.Anchor{ID: at.ID, FromMe: at.FromMe, At: at.At}}
	var past whatsappweb.Past
	err = s.askDevice(ctx, commandOlder, ask, &past)
	if fault.Is(err, fault.ProviderTimeout) {
		return at, false, fault.Wrap(err, fault.ProviderTimeout, "The phone of channel %s gave no answer in time: it is switched off, or has no connection. What is kept here is told without `older`.", ch.ID)
	}
	if err != nil {
		return at, false, err
	}
	added, err := s.chats.Add(ctx, ch, chat, at.Order, past.Messages)
	if err != nil {
		return at, false, err
	}
	there := refs(*rows)
	for _, row := range added {
		if len(*rows) < limit && !slices.Contains(there, messages.Ref{FromMe: row.FromMe, ID: row.ProviderID}) {
			*rows = append(*rows, row)
		}
	}
	if n := len(*rows); n > 0 {
		end = beforeOf((*rows)[n-1])
	}
	if past.Last.ID == "" || past.Last.ID == at.ID && past.Last.FromMe == at.FromMe { // it came no further
		return end, false, nil
	}
	end.At, end.ID, end.FromMe = past.Last.At, past.Last.ID, past.Last.FromMe
	if end.Order == 0 {
		end.Order = cmp.Or(at.Order, chats.Behind(end.At))
	}
	return end, !past.Complete, nil
}

// before is a place among the messages of a chat, with the message that is there;
// zero: the end.
type before struct {
	At     time.Time
	Order  int64
	FromMe bool
	ID     ids.ProviderMessage
}

func beforeOf(m chats.Message) before {
	return before{At: m.Timestamp, Order: m.Order, FromMe: m.FromMe, ID: m.ProviderID}
}

const beforeFormat = "1 %d %d %t %s"

// String writes it for the caller, to whom it means nothing.
func (b before) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, beforeFormat, b.At.UnixMilli(), b.Order, b.FromMe, b.ID))
}

// readBefore reads what String wrote.
func readBefore(text string) (before, error) {
	if text == "" {
		return before{}, nil
	}
	var b before
	var at int64
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		_, err = fmt.Sscanf(string(raw), beforeFormat, &at, &b.Order, &b.FromMe, &b.ID)
	}
	if err != nil || at <= 0 {
		return before{}, fault.Invalid("before", "malformed", "This is no place in a chat. Take nextBefore from an answer about the same chat.")
	}
	b.At = time.UnixMilli(at).UTC()
	return b, nil
}
