package d360

import (
	"context"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// SendTyping shows the typing indicator, which hangs on the contact's newest
// message and marks it read; WhatsApp hides it after 25 s or with the next
// message. There is no way to end it before, so Paused does nothing.
func (c *Conn) SendTyping(ctx context.Context, to providers.Address, last ids.ProviderMessage, state providers.TypingState) error {
	if state == providers.Paused {
		return nil
	}
	return c.mark(ctx, to, last, &typingMark{Type: "text"})
}

// MarkRead marks the newest of them, and with it all before it.
func (c *Conn) MarkRead(ctx context.Context, to providers.Address, messages ...providers.ReadMark) error {
	if len(messages) == 0 {
		return nil
	}
	return c.mark(ctx, to, messages[0].ID, nil)
}

func (c *Conn) mark(ctx context.Context, to providers.Address, last ids.ProviderMessage, typing *typingMark) error {
	if to.Kind == providers.KindGroup {
		return incapable("groups", "messages of a group cannot be marked.")
	}
	if last == "" {
		return invalid("", "The contact has not written yet: 360dialog can only mark a message that came in.")
	}
	_, err := c.postJSON(ctx, "messages", readRequest{
		MessagingProduct: "whatsapp",
		Status:           "read",
		MessageID:        string(last),
		Typing:           typing,
	})
	if err != nil {
		return repeatable(err)
	}
	return nil
}
