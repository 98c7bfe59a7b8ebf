package whatsappweb

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

const (
	// chatsAtOnce is how many chats of a history the sink is given at a time.
	chatsAtOnce = 20
	// toldAtOnce is how many messages of them, unless one chat has more.
	toldAtOnce = 2000
)

// readHistory reads what the phone puts up after a pairing, and what it was asked
// for: the client keeps the names, addresses and secrets that come with it, the
// chats go to the sink or to who asked.
func (c *Conn) readHistory() {
	c.resumeHistory()
	for {
		select {
		case <-c.history.rung():
		case <-c.ctx.Done():
			return
		}
		pieces := c.history.takeAll()
		// Somebody waits for an answer.
		slices.SortStableFunc(pieces, func(a, b historyPiece) int {
			return cmp.Compare(b.notice.GetPeerDataRequestSessionID(), a.notice.GetPeerDataRequestSessionID())
		})
		for _, p := range pieces {
			c.readPiece(p)
		}
	}
}

// readPiece reads and tells one piece of history. What the end of the connection
// breaks off is left to the next owner.
func (c *Conn) readPiece(p historyPiece) {
	if c.until(c.ctx, isOpen) != nil {
		return
	}
	n := p.notice
	history, err := c.client.DownloadHistorySync(c.ctx, n, true)
	if err != nil {
		c.readLater(p, err)
		return
	}
	if !c.tellHistory(n, history) {
		return
	}
	c.historyDone(n)
	if err := c.client.DeleteMedia(c.ctx, whatsmeow.MediaHistory, n.GetDirectPath(), n.GetFileEncSHA256(), n.GetEncHandle()); err != nil {
		c.logger.Debug("deleting WhatsApp history that was read failed", "error", err)
	}
}

// readLater has a piece of history read again after a pause, unless it is gone or
// that failed too often.
func (c *Conn) readLater(p historyPiece, err error) {
	if c.ctx.Err() != nil {
		return
	}
	p.tries++
	if isGone(err) || p.tries == historyTries {
		c.logger.Warn("reading WhatsApp history failed; messages, names and keys that came with it are missing", "tries", p.tries, "error", err)
		c.historyDone(p.notice)
		return
	}
	c.logger.Info("reading WhatsApp history failed; it is tried again", "tries", p.tries, "error", err)
	c.workers.Go(func() {
		if c.rest(pause(c.options, p.tries-1)) {
			c.history.put(p)
		}
	})
}

// toldBy are the kinds of history that tell how chats are.
var toldBy = map[waHistorySync.HistorySync_HistorySyncType]bool{
	waHistorySync.HistorySync_INITIAL_BOOTSTRAP: true, waHistorySync.HistorySync_RECENT: true, waHistorySync.HistorySync_FULL: true,
}

// tellHistory gives a piece of history to who asked for it, else to the sink. An
// answer that nobody waits for any more is dropped. False: the connection ended
// before.
func (c *Conn) tellHistory(n historyNotice, history *waHistorySync.HistorySync) bool {
	if history.GetSyncType() == waHistorySync.HistorySync_ON_DEMAND {
		c.asked.answer(n.GetPeerDataRequestSessionID(), history)
		return true
	}
	if !toldBy[history.GetSyncType()] {
		return true
	}
	c.learnTimers(history)
	if !c.tellsChats() {
		return true
	}
	defer c.sent.put(settingsDue{})
	synced, messages := providers.ChatsSynced{}, 0
	for i, told := range history.GetConversations() {
		if chat, ok := c.chatTold(told); ok {
			synced.Chats, messages = append(synced.Chats, chat), messages+len(chat.Messages)
		}
		if len(synced.Chats) < chatsAtOnce && messages < toldAtOnce && i < len(history.GetConversations())-1 || len(synced.Chats) == 0 {
			continue
		}
		if left := c.tellAgain([]providers.InboundPayload{synced}); len(left) > 0 {
			return false
		}
		synced, messages = providers.ChatsSynced{}, 0
	}
	return true
}

// chatTold reads a chat of a history; false for one that is none of ours.
func (c *Conn) chatTold(told *waHistorySync.Conversation) (providers.Chat, bool) {
	jid, err := types.ParseJID(told.GetID())
	if err != nil || slices.Contains(c.names(), jid.ToNonAD()) {
		return providers.Chat{}, false
	}
	known := []types.JID{jid}
	for _, text := range []string{told.GetPnJID(), told.GetLidJID()} {
		if other, err := types.ParseJID(text); err == nil && !other.IsEmpty() {
			known = append(known, other)
		}
	}
	chat := providers.Chat{
		Addresses: c.addressesOf(known...), Name: cmp.Or(told.GetName(), told.GetDisplayName()), Archived: told.Archived,
		LastMessageAt: providers.UnixTime(int64(max(told.GetLastMsgTimestamp(), told.GetConversationTimestamp()))),
		MarkedUnread:  told.MarkedAsUnread,
	}
	chat.Messages, _ = c.messagesTold(jid, told, c.options.History)
	if told.UnreadCount != nil {
		unread := int(told.GetUnreadCount())
		chat.Unread = &unread
	}
	if told.Pinned != nil {
		chat.Pinned = providers.Bool(told.GetPinned() > 0)
	}
	if told.MuteEndTime != nil {
		until := muteUntil(told.GetMuteEndTime())
		chat.MutedUntil = &until
	}
	return chat, len(chat.Addresses) > 0
}

// muteUntil is until when a chat is silent, by what its phone says in a history:
// seconds, or milliseconds where those would lie beyond any time.
func muteUntil(end uint64) time.Time {
	most := providers.MutedForGood
	switch {
	case end == 0:
		return time.Time{}
	case end <= uint64(most.Unix()):
		return time.Unix(int64(end), 0).UTC()
	case end <= uint64(most.UnixMilli()):
		return time.UnixMilli(int64(end)).UTC()
	default:
		return most
	}
}

// messagesTold reads the newest messages of a chat, newest first. What is about
// another message, or of nobody, or no message at all, is left out; last is what
// was come to, be it left out or not.
func (c *Conn) messagesTold(chat types.JID, told *waHistorySync.Conversation, most int) (messages []providers.ChatMessage, last Anchor) {
	all := told.GetMessages()
	slices.SortStableFunc(all, func(a, b *waHistorySync.HistorySyncMsg) int {
		return cmp.Compare(b.GetMessage().GetMessageTimestamp(), a.GetMessage().GetMessageTimestamp())
	})
	for _, one := range all {
		if len(messages) == most {
			break
		}
		raw := one.GetMessage()
		if id, at := raw.GetKey().GetID(), raw.GetMessageTimestamp(); id != "" && at > 0 {
			last = Anchor{ID: ids.ProviderMessage(id), FromMe: raw.GetKey().GetFromMe(), At: time.Unix(int64(at), 0).UTC()}
		}
		if m, ok := c.messageTold(chat, raw); ok {
			messages = append(messages, m)
		}
	}
	return messages, last
}

func (c *Conn) messageTold(chat types.JID, told *waWeb.WebMessageInfo) (providers.ChatMessage, bool) {
	var read []providers.InboundPayload
	_, err := c.attempt(func() []providers.InboundPayload { // what phones keep may be older than any reader
		e, err := c.client.ParseWebMessage(chat, told)
		if err != nil {
			return nil
		}
		read = wire.ReadMessage(c.withAliases(e), c.names()...)
		return nil
	})
	if err != nil || len(read) == 0 {
		return providers.ChatMessage{}, false
	}
	message, ok := read[0].(providers.MessageReceived)
	return providers.ChatMessage{Message: message, Status: statusTold[told.GetStatus()]}, ok
}

// statusTold are the ticks of a history.
var statusTold = map[waWeb.WebMessageInfo_Status]providers.MessageStatus{
	waWeb.WebMessageInfo_SERVER_ACK: providers.MessageSent, waWeb.WebMessageInfo_DELIVERY_ACK: providers.MessageDelivered,
	waWeb.WebMessageInfo_READ: providers.MessageRead, waWeb.WebMessageInfo_PLAYED: providers.MessagePlayed,
}

// withAliases adds the addresses that the device knows.
func (c *Conn) withAliases(e *events.Message) *events.Message {
	whole := *e
	whole.Info.SenderAlt = c.alias(e.Info.Sender, e.Info.SenderAlt)
	whole.Info.RecipientAlt = c.alias(e.Info.Chat, e.Info.RecipientAlt)
	return &whole
}

// Anchor points at a message of a chat. Without an id it is a time.
type Anchor struct {
	ID     ids.ProviderMessage `bson:"id,omitempty"`
	FromMe bool                `bson:"fromMe,omitempty"`
	At     time.Time           `bson:"at"`
}

// Past is what a phone told of a chat's earlier messages.
type Past struct {
	Messages []providers.ChatMessage `bson:"messages,omitempty"` // newest first
	// Last is the earliest of what the phone told, which may be no message that can
	// be shown; what is asked for next comes before it. Without an id: it told nothing.
	Last Anchor `bson:"last"`
	// Complete: there is nothing earlier, or nothing that the phone gives out.
	Complete bool `bson:"complete,omitempty"`
}

// Older asks the account's phone for what was written in a chat before a message,
// count messages at most. The phone must be on, and have a connection: until then
// there is no answer. A chat that the phone does not have has no past.
func (c *Conn) Older(ctx context.Context, chat providers.Address, before Anchor, count int) (Past, error) {
	if err := c.online(ctx); err != nil {
		return Past{}, err
	}
	of := c.chatOf(ctx, chat)
	if of.IsEmpty() {
		return Past{}, noAddress(chat)
	}
	// Before the phone has spoken to a new device, nothing can be said to it.
	if err := c.awaitKeys(ctx); err != nil {
		return Past{}, c.askError(err)
	}
	request := c.client.BuildHistorySyncRequest(&types.MessageInfo{
		ID: string(before.ID), Timestamp: before.At, MessageSource: types.MessageSource{Chat: of, IsFromMe: before.FromMe},
	}, count)
	id := c.client.GenerateMessageID()
	answered, over := c.asked.expect(id)
	defer over()
	if _, _, err := c.post(ctx, c.self(), request, whatsmeow.SendRequestExtra{ID: id, Peer: true}); err != nil {
		return Past{}, c.askError(fmt.Errorf("ask the phone for earlier messages: %w", err))
	}
	select {
	case history := <-answered:
		return c.pastTold(of, history, count), nil
	case <-ctx.Done():
		return Past{}, context.Cause(ctx)
	case <-c.ctx.Done():
		return Past{}, c.notConnected(errEnded)
	}
}

func (c *Conn) pastTold(chat types.JID, history *waHistorySync.HistorySync, count int) Past {
	past := Past{Complete: true}
	for _, told := range history.GetConversations() {
		jid, err := types.ParseJID(told.GetID())
		if err != nil {
			jid = chat
		}
		messages, last := c.messagesTold(jid, told, count)
		past.Messages = append(past.Messages, messages...)
		if last.ID != "" {
			past.Last = last
		}
		switch told.GetEndOfHistoryTransferType() {
		case waHistorySync.Conversation_COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY, waHistorySync.Conversation_COMPLETE_ON_DEMAND_SYNC_WITH_MORE_MSG_ON_PRIMARY_BUT_NO_ACCESS:
		default:
			past.Complete = len(told.GetMessages()) == 0
		}
	}
	return past
}

// questions are what the phone was asked, by the id of the message that asked.
type questions struct {
	mu   sync.Mutex
	open map[string]chan *waHistorySync.HistorySync
}

func newQuestions() *questions {
	return &questions{open: map[string]chan *waHistorySync.HistorySync{}}
}

// expect gives where the answer comes; over is to be called when nobody waits for
// it any more.
func (q *questions) expect(id string) (answered <-chan *waHistorySync.HistorySync, over func()) {
	one := make(chan *waHistorySync.HistorySync, 1)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open[id] = one
	return one, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.open, id)
	}
}

// answer gives an answer to who waits for it.
func (q *questions) answer(id string, history *waHistorySync.HistorySync) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if one := q.open[id]; one != nil {
		one <- history
		delete(q.open, id)
	}
}
