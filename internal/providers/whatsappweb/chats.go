package whatsappweb

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

const (
	// mostSent bounds what was sent and that the sink was not told of yet.
	mostSent = 1000
	// tellSentTries is how often the sink is told of the same: the phone has what
	// was sent, too.
	tellSentTries = 5
	// tellLastLimit bounds how long the end of a connection waits for the sink.
	tellLastLimit = 3 * time.Second
)

// tellsChats tells whether the sink is to hear how chats are.
func (c *Conn) tellsChats() bool { return c.options.History > 0 }

// addressesOf are all names of a person that are known, the number first, or the
// group's.
func (c *Conn) addressesOf(jids ...types.JID) []providers.Address {
	var phones, others []providers.Address
	add := func(jid types.JID) {
		a := wire.AddressOf(jid)
		switch {
		case a.IsZero() || hasKey(phones, a) || hasKey(others, a):
		case a.Kind == providers.KindPhone:
			phones = append(phones, a)
		default:
			others = append(others, a)
		}
	}
	for _, jid := range jids {
		add(jid)
	}
	if len(phones)+len(others) == 1 {
		add(c.alias(jids[0].ToNonAD(), types.EmptyJID))
	}
	return append(phones, others...)
}

func hasKey(list []providers.Address, a providers.Address) bool {
	return slices.ContainsFunc(list, func(one providers.Address) bool { return one.Key() == a.Key() })
}

// chatChanged is what an event says that a person did to a chat, on the phone or
// on another device of the account; nil: nothing.
func (c *Conn) chatChanged(e any) []providers.InboundPayload {
	if !c.tellsChats() {
		return nil
	}
	var chat types.JID
	change := providers.ChatChanged{}
	switch e := e.(type) {
	case *events.Archive:
		chat, change.Timestamp, change.Archived = e.JID, e.Timestamp, providers.Bool(e.Action.GetArchived())
	case *events.Pin:
		chat, change.Timestamp, change.Pinned = e.JID, e.Timestamp, providers.Bool(e.Action.GetPinned())
	case *events.Mute:
		until := muteEnd(e.Action.GetMuted(), e.Action.GetMuteEndTimestamp())
		chat, change.Timestamp, change.MutedUntil = e.JID, e.Timestamp, &until
	case *events.MarkChatAsRead:
		chat, change.Timestamp, change.Read = e.JID, e.Timestamp, providers.Bool(e.Action.GetRead())
	case *events.ClearChat:
		chat, change.Timestamp, change.Cleared = e.JID, e.Timestamp, true
	case *events.DeleteChat:
		chat, change.Timestamp, change.Deleted = e.JID, e.Timestamp, true
	case *events.DeleteForMe:
		chat, change.Timestamp = e.ChatJID, e.Timestamp
		change.Removed, change.RemovedOwn = ids.ProviderMessage(e.MessageID), e.IsFromMe
	case *events.Contact:
		name := cmp.Or(e.Action.GetFullName(), e.Action.GetFirstName())
		chat, change.Timestamp, change.Name = e.JID, e.Timestamp, &name
	case *events.Receipt:
		if !e.IsFromMe || e.Type != types.ReceiptTypeRead && e.Type != types.ReceiptTypeReadSelf {
			return nil
		}
		chat, change.Timestamp, change.Read = e.Chat, e.Timestamp, providers.Bool(true)
	}
	if change.Addresses = c.addressesOf(chat); len(change.Addresses) == 0 {
		return nil
	}
	return []providers.InboundPayload{change}
}

// muteEnd is until when a chat is silent, by what its phone says in milliseconds.
func muteEnd(muted bool, end int64) time.Time {
	switch at := time.UnixMilli(end).UTC(); {
	case !muted:
		return time.Time{}
	case end <= 0 || at.After(providers.MutedForGood):
		return providers.MutedForGood
	default:
		return at
	}
}

// sentHere has the sink told soon of a message that went out.
func (c *Conn) sentHere(to person, out providers.Outbound, at time.Time) {
	if !c.tellsChats() {
		return
	}
	m := providers.MessageReceived{ID: out.ProviderID, FromPhone: true, Timestamp: at.UTC(), Content: out.Content, Quote: out.Quote}
	if m.From.Addresses = c.addressesOf(to.chat(), to.phone); len(m.From.Addresses) == 0 {
		return
	}
	m.From.Name = c.nameOf(m.From.Addresses)
	if m.From.Addresses[0].Kind == providers.KindGroup {
		m.Group = &providers.Group{Address: m.From.Addresses[0]}
	}
	if out.Media != nil {
		m.Media = &providers.MediaRef{Mimetype: out.Media.Mimetype, FileName: out.Media.FileName}
	}
	c.sent.put(providers.SentHere{Message: m})
}

// named adds to what was typed on the phone what the device calls those whom it
// was written to: the message itself does not tell.
func (c *Conn) named(payloads []providers.InboundPayload) []providers.InboundPayload {
	for i, p := range payloads {
		if m, ok := p.(providers.MessageReceived); ok && m.FromPhone && m.Group == nil && c.tellsChats() {
			m.From.Name = c.nameOf(m.From.Addresses)
			payloads[i] = m
		}
	}
	return payloads
}

// nameOf is what the device calls somebody; empty where it knows no name.
func (c *Conn) nameOf(names []providers.Address) string {
	for _, a := range names {
		known, err := c.known.GetContact(c.ctx, wire.JIDOf(a))
		if name := cmp.Or(known.FullName, known.FirstName, known.BusinessName, known.PushName); err == nil && name != "" {
			return name
		}
	}
	return ""
}

// changedHere has the sink told soon of what was done to a chat from here.
func (c *Conn) changedHere(chat types.JID, change providers.ChatChanged) {
	if !c.tellsChats() {
		return
	}
	change.Timestamp = c.options.Now()
	if change.Addresses = c.addressesOf(chat); len(change.Addresses) > 0 {
		c.sent.put(change)
	}
}

// tellSent tells the sink what sentHere and changedHere queued. What it goes on
// refusing is left out; what is still there when the connection ends it is told
// once more.
func (c *Conn) tellSent() {
	var left []providers.InboundPayload
	for c.ctx.Err() == nil {
		select {
		case <-c.sent.rung():
			left = c.tellAgain(c.withSettings(c.sent.takeAll()))
		case <-c.ctx.Done():
		}
	}
	c.tellLast(append(left, c.sent.takeAll()...))
}

// tellAgain tells the sink until it takes it or is past hope, and gives what the
// end of the connection kept from being told.
func (c *Conn) tellAgain(payloads []providers.InboundPayload) (left []providers.InboundPayload) {
	for try := 0; len(payloads) > 0; try++ {
		err := c.accept(c.ctx, payloads...)
		switch {
		case err == nil:
			return nil
		case c.ctx.Err() != nil:
			return payloads
		case try == tellSentTries:
			c.logger.Warn("the sink goes on refusing what it is told of chats; they lack it", "payloads", len(payloads), "error", err)
			return nil
		}
		if !c.rest(pause(c.options, try)) {
			return payloads
		}
	}
	return nil
}

// tellLast tells the sink, behind the end of the connection, what went out before
// it: nobody else knows of that. Of a device that is linked no more nothing is kept.
func (c *Conn) tellLast(payloads []providers.InboundPayload) {
	payloads = slices.DeleteFunc(payloads, isDue)
	if len(payloads) == 0 || c.self().IsEmpty() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), tellLastLimit)
	defer cancel()
	if err := c.accept(ctx, payloads...); err != nil {
		c.logger.Warn("the sink refused what was sent last; the chats lack it", "messages", len(payloads), "error", err)
	}
}

// settingsDue stands among what the sink is told soon for how all chats are that
// the phone archived, pinned or muted. The client tells nobody what it read all at
// once, and what is changed while a device moves is told to nobody either.
type settingsDue struct{ providers.InboundPayload }

func isDue(p providers.InboundPayload) bool { _, due := p.(settingsDue); return due }

// chatSettings is where the settings of chats are kept.
type chatSettings interface {
	AllChatSettings(ctx context.Context) (map[types.JID]types.LocalChatSettings, error)
}

// withSettings puts what the device knows of the chats in the place of
// settingsDue.
func (c *Conn) withSettings(payloads []providers.InboundPayload) []providers.InboundPayload {
	if !slices.ContainsFunc(payloads, isDue) {
		return payloads
	}
	payloads = slices.DeleteFunc(payloads, isDue)
	if c.chatSettings == nil || !c.tellsChats() {
		return payloads
	}
	all, err := c.chatSettings.AllChatSettings(c.ctx)
	if err != nil {
		if c.ctx.Err() == nil {
			c.logger.Info("the settings of WhatsApp chats cannot be read", "error", err)
		}
		return payloads
	}
	chats := slices.Collect(maps.Keys(all))
	// A person may have been set under both addresses; the hidden one is newer.
	slices.SortFunc(chats, func(x, y types.JID) int { return cmp.Compare(y.Server, x.Server) })
	for _, chat := range chats {
		change := providers.ChatChanged{
			Addresses: c.addressesOf(chat), Timestamp: c.options.Now(),
			Archived: providers.Bool(all[chat].Archived), Pinned: providers.Bool(all[chat].Pinned), MutedUntil: &time.Time{},
		}
		if until := all[chat].MutedUntil; until.After(providers.MutedForGood) {
			change.MutedUntil = &providers.MutedForGood
		} else if !until.IsZero() {
			change.MutedUntil = &until
		}
		if len(change.Addresses) > 0 {
			payloads = append(payloads, change)
		}
	}
	return payloads
}
