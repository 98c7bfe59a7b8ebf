package whatsappweb

import (
	"context"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
)

// post hands a message to WhatsApp under an id and waits for its acknowledgement;
// handed tells whether the connection had it, be there an error or not.
//
// The client sends one message at a time. It also asks the phone that way for what
// it could not decrypt, and reads nothing meanwhile. So messages of ours wait here
// for their turn, where that question does not stand behind them.
func (c *Conn) post(ctx context.Context, to types.JID, m *waE2E.Message, extra whatsmeow.SendRequestExtra) (taken whatsmeow.SendResponse, handed bool, err error) {
	select {
	case c.turn <- struct{}{}:
	case <-c.ctx.Done():
		return taken, false, errEnded
	case <-ctx.Done():
		return taken, false, context.Cause(ctx)
	}
	defer func() { <-c.turn }()
	out := c.trace.watch(extra.ID)
	extra.Timeout = c.options.AckLimit
	taken, err = c.client.SendMessage(ctx, to, m, extra)
	return taken, out(), err
}
