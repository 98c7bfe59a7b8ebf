package whatsappweb

import (
	"cmp"
	"context"
	"slices"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// knowName takes note that the client knows the account's name, which showing
// oneself needs. The client changes it in its own time, so it is not looked at.
func (c *Conn) knowName() {
	c.life.named = true
	c.showPresence()
}

// showPresence shows the number online, or not, as the channel wants it, once on
// each connection.
func (c *Conn) showPresence() {
	if c.State().Status != open || c.life.present || !c.life.named {
		return
	}
	if err := c.show(); err != nil {
		c.logger.Info("showing the WhatsApp presence failed", "error", err)
	}
}

// show shows the number as somebody wished last, else as the channel wants it.
// What could not be shown is at the next login.
func (c *Conn) show() error {
	presence := c.life.wished
	if presence == "" {
		presence = types.PresenceUnavailable
		if c.channel.SendPresence {
			presence = types.PresenceAvailable
		}
	}
	err := c.client.SendPresence(c.ctx, presence)
	c.life.present = err == nil
	return err
}

// chatStates are what phones show of whoever answers.
var chatStates = map[providers.TypingState]struct {
	state types.ChatPresence
	media types.ChatPresenceMedia
}{
	providers.Typing:    {types.ChatPresenceComposing, types.ChatPresenceMediaText},
	providers.Recording: {types.ChatPresenceComposing, types.ChatPresenceMediaAudio},
	providers.Paused:    {types.ChatPresencePaused, types.ChatPresenceMediaText},
}

// SendTyping shows the contact or group that somebody types, records, or does
// so no more. WhatsApp needs no message for it.
func (c *Conn) SendTyping(ctx context.Context, to providers.Address, _ ids.ProviderMessage, state providers.TypingState) error {
	show, known := chatStates[state]
	if !known {
		return &providers.SendError{Reason: providers.ReasonInvalidMessage, Field: "state", Detail: "The state must be typing, recording or paused."}
	}
	chat, err := c.reach(ctx, to)
	if err != nil {
		return err
	}
	if err := c.client.SendChatPresence(ctx, chat, show.state, show.media); err != nil {
		return c.sendError(err, false)
	}
	return nil
}

// MarkRead shows their authors that messages were read, all of one author in one
// receipt. What came while this connection was there is marked in the chat that
// it came in, whatever the chat is called now.
func (c *Conn) MarkRead(ctx context.Context, to providers.Address, messages ...providers.ReadMark) error {
	chat, err := c.reach(ctx, to)
	if err != nil {
		return err
	}
	asked := make([]ChatMark, 0, len(messages))
	for _, m := range messages {
		asked = append(asked, ChatMark{ID: m.ID, Author: m.Author})
	}
	heard := slices.DeleteFunc(c.unread.of(chat, c.alias(chat, types.EmptyJID)), func(m mark) bool {
		return !slices.ContainsFunc(messages, func(asked providers.ReadMark) bool { return string(asked.ID) == m.message })
	})
	if err := c.showRead(ctx, append(heard, marksOf(chat, asked)...)); err != nil {
		return c.sendError(err, false)
	}
	c.changedHere(chat, providers.ChatChanged{Read: providers.Bool(true)})
	return nil
}

// Revoke deletes a message of ours for everyone in the chat.
func (c *Conn) Revoke(ctx context.Context, to providers.Address, id ids.ProviderMessage) error {
	chat, err := c.reach(ctx, to)
	if err != nil {
		return err
	}
	revoke := c.client.BuildRevoke(chat, types.EmptyJID, string(id))
	if _, handed, err := c.post(ctx, chat, revoke, whatsmeow.SendRequestExtra{ID: c.client.GenerateMessageID()}); err != nil {
		return c.sendError(err, handed)
	}
	c.changedHere(chat, providers.ChatChanged{Revoked: id})
	return nil
}

// reach waits until the connection is open and gives the chat that an address
// names, without asking WhatsApp for it.
func (c *Conn) reach(ctx context.Context, to providers.Address) (types.JID, error) {
	if err := c.online(ctx); err != nil {
		return types.EmptyJID, err
	}
	chat := c.chatOf(ctx, to)
	if chat.IsEmpty() {
		return types.EmptyJID, noAddress(to)
	}
	return chat, nil
}

// mostMarks bounds the read marks that wait for a connection. A later one of the
// same chat says as much as an earlier one, so that the newest are kept.
const mostMarks = 1000

// MarkProcessed shows the contact soon that the message was taken in, where the
// channel wants that. Marks of one chat that come close together are one.
func (c *Conn) MarkProcessed(m providers.MessageReceived) {
	if c.channel.MarkReadOnProcess && !m.FromPhone && m.ID != "" && len(m.From.Addresses) > 0 {
		c.marks.put(markOf(m))
	}
}

// conversation is whose messages one receipt can mark.
type conversation struct{ chat, sender types.JID }

// mark is a message that is to be shown as read.
type mark struct {
	in      conversation
	message types.MessageID
}

// markOf is how a receipt must name a message: by the address that it came from,
// which depends on the chat.
func markOf(m providers.MessageReceived) mark {
	author := wire.JIDOf(cmp.Or(m.From.As, hidden(m.From.Addresses)))
	in := conversation{chat: author}
	if m.Group != nil {
		in = conversation{chat: wire.JIDOf(m.Group.Address), sender: author}
	}
	return mark{in: in, message: string(m.ID)}
}

// markProcessed sends what MarkProcessed queued.
func (c *Conn) markProcessed() {
	for {
		select {
		case <-c.marks.rung():
		case <-c.ctx.Done():
			return
		}
		gather := time.NewTimer(c.options.Gather)
		select {
		case <-gather.C:
		case <-c.ctx.Done():
			gather.Stop()
			return
		}
		if c.until(c.ctx, isOpen) != nil {
			return
		}
		for who, messages := range byConversation(c.marks.takeAll()) {
			if err := c.client.MarkRead(c.ctx, messages, c.options.Now(), who.chat, who.sender); err != nil && c.ctx.Err() == nil {
				c.logger.Info("marking WhatsApp messages as read failed", "messages", len(messages), "error", err)
			}
		}
	}
}

// hidden is the address that phones know most persons' messages by.
func hidden(names []providers.Address) providers.Address {
	for _, a := range names {
		if a.Kind == providers.KindLID {
			return a
		}
	}
	return names[0]
}

func byConversation(marks []mark) map[conversation][]types.MessageID {
	by := map[conversation][]types.MessageID{}
	for _, m := range marks {
		by[m.in] = append(by[m.in], m.message)
	}
	return by
}
