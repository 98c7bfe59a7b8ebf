package whatsappweb

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// chatTimers is where it is kept after how long the messages of chats disappear.
type chatTimers interface {
	ChatTimer(ctx context.Context, chat types.JID) (devicestore.Timer, error)
	PutChatTimers(ctx context.Context, timers map[types.JID]devicestore.Timer) error
}

// learnTimer keeps what a message tells of its chat's timer.
func (c *Conn) learnTimer(e *events.Message) {
	seconds, setAt, told := wire.ReadTimer(e)
	if !told {
		return
	}
	chat := e.Info.Chat.ToNonAD()
	c.putTimers(map[types.JID]devicestore.Timer{chat: {Seconds: seconds, SetAt: setAt, At: laterOf(setAt, e.Info.Timestamp)}})
	if setting := e.Message.GetProtocolMessage().GetType() == waE2E.ProtocolMessage_EPHEMERAL_SETTING; setting && chat.Server == types.GroupServer {
		c.standings.change(chat, func(s *standing) { s.timer = &seconds })
	}
}

// laterOf is when a timer was set, where that was said, else when it was met.
func laterOf(setAt, met time.Time) time.Time {
	if setAt.IsZero() {
		return met
	}
	return setAt
}

// learnTimers keeps what a history tells of the timers of chats.
func (c *Conn) learnTimers(history *waHistorySync.HistorySync) {
	timers := map[types.JID]devicestore.Timer{}
	for _, told := range history.GetConversations() {
		jid, err := types.ParseJID(told.GetID())
		if err != nil || told.GetEphemeralExpiration() == 0 {
			continue
		}
		t := devicestore.Timer{Seconds: told.GetEphemeralExpiration()}
		if at := told.GetEphemeralSettingTimestamp(); at > 0 {
			t.SetAt = time.Unix(at, 0)
			t.At = t.SetAt
		}
		timers[jid.ToNonAD()] = t
	}
	c.putTimers(timers)
}

func (c *Conn) putTimers(timers map[types.JID]devicestore.Timer) {
	if c.timers == nil || len(timers) == 0 {
		return
	}
	if err := c.timers.PutChatTimers(c.ctx, timers); err != nil && c.ctx.Err() == nil {
		c.logger.Warn("the timers of WhatsApp chats were not kept; messages may go out without them", "chats", len(timers), "error", err)
	}
}

// timerOf is after how long messages disappear in a chat: what the group says of
// itself, else what is kept. Zero: they do not, or it is not known.
func (c *Conn) timerOf(ctx context.Context, chat types.JID) devicestore.Timer {
	var t devicestore.Timer
	if c.timers != nil {
		var err error
		if t, err = c.timers.ChatTimer(ctx, chat); err != nil && ctx.Err() == nil && c.ctx.Err() == nil {
			c.logger.Warn("the timer of a WhatsApp chat cannot be read; the message goes out without it", "error", err)
		}
	}
	if now := c.standings.get(chat).timer; now != nil && *now != t.Seconds {
		t = devicestore.Timer{Seconds: *now}
	}
	return t
}

// disappearing marks what goes to a chat with a timer.
func (c *Conn) disappearing(ctx context.Context, chat types.JID, m *waE2E.Message) {
	if t := c.timerOf(ctx, chat); t.Seconds > 0 {
		wire.Disappear(m, t.Seconds, t.SetAt)
	}
}
