package whatsappweb

import (
	"context"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers"
)

// mostLate bounds what waits here for the sink: messages that could not be
// delivered as others are, which are few.
const mostLate = 10_000

// lateNews is what the sink refused of an event that does not come again.
type lateNews struct {
	event    any
	messages []types.MessageID
	payloads []providers.InboundPayload
}

// comesOnce tells whether WhatsApp has the acknowledgement of an event whatever
// becomes of it here: the placeholders of messages, and what the phone repeats of
// such, since the client acknowledges the phone's answer as a whole.
func comesOnce(e any) bool {
	switch e := e.(type) {
	case *events.UndecryptableMessage:
		return true
	case *events.Message:
		return e.UnavailableRequestID != ""
	}
	return false
}

// keepFor keeps what the sink refused of such an event, for storeLate.
func (c *Conn) keepFor(e any, payloads []providers.InboundPayload, err error) {
	_, messages := keyOf(e)
	c.logger.Warn("the sink refused a message that WhatsApp does not deliver again; it is asked until it takes it", "message_ids", messages, "times", 1, "error", err)
	c.late.put(lateNews{event: e, messages: messages, payloads: payloads})
}

// storeLate asks the sink for what it refused of such events, in turn, until it
// takes it or the connection ends.
func (c *Conn) storeLate() {
	for {
		select {
		case <-c.late.rung():
		case <-c.ctx.Done():
			return
		}
		for queue := c.late.takeAll(); len(queue) > 0; queue = queue[1:] {
			if c.acceptAtLast(queue[0]) {
				continue
			}
			for _, left := range queue {
				c.late.put(left)
			}
			return
		}
	}
}

// storeLast asks once more, behind the end of the connection, and tells which
// messages nobody will hear of.
func (c *Conn) storeLast() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), tellLastLimit)
	defer cancel()
	for _, news := range c.late.takeAll() {
		if err := c.accept(ctx, news.payloads...); err != nil {
			c.logger.Error("a message that only its phone shows was never stored, and WhatsApp does not deliver it again; look at the phone",
				"message_ids", news.messages, "error", err)
		}
	}
}

// acceptAtLast repeats until the sink has it; false: the connection ended before.
func (c *Conn) acceptAtLast(news lateNews) bool {
	for tries := 0; ; tries++ {
		if !c.rest(pause(c.options, tries)) {
			return false
		}
		err := c.accept(c.ctx, news.payloads...)
		if err == nil {
			c.learn(news.event, news.payloads)
			return true
		}
		if c.ctx.Err() != nil {
			return false
		}
		c.logger.Warn("the sink refused a message again that WhatsApp does not deliver again; it is asked until it takes it",
			"message_ids", news.messages, "times", tries+2, "error", err)
	}
}
