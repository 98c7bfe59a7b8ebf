package whatsappweb

import (
	"context"
	"time"
	"unicode/utf8"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/preview"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// Check refuses what WhatsApp's clients cannot carry, voice notes that phones
// would not play, and, as long as the device is connected, numbers that are not
// on WhatsApp.
func (c *Conn) Check(ctx context.Context, out providers.Outbound) error {
	if err := checkOutbound(ctx, out); err != nil {
		return err
	}
	if out.To.Kind != providers.KindPhone || c.State().Status != open {
		return nil
	}
	p, err := c.find(ctx, out.To.Value)
	if err == nil && p.isNobody() {
		return notOnWhatsApp(out.To)
	}
	// What could not be asked now, the send asks.
	return nil
}

// checkOutbound refuses what needs no connection to be told.
func checkOutbound(ctx context.Context, out providers.Outbound) error {
	if err := wire.Check(out, capabilities.Limits); err != nil {
		return err
	}
	return checkVoice(ctx, out)
}

// checkVoice refuses a voice note that is not Opus in Ogg: phones show it, and
// play nothing.
func checkVoice(ctx context.Context, out providers.Outbound) error {
	if out.Media == nil || out.Media.Open == nil || out.Content.Type != providers.TypeAudio || out.Content.Voice == nil || !*out.Content.Voice {
		return nil
	}
	file, err := out.Media.Open(ctx)
	if err != nil {
		return fileUnavailable(out.Media.ID, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	voice, err := preview.OpusInOgg(file)
	if err != nil {
		return fileUnavailable(out.Media.ID, err)
	}
	if !voice {
		return &providers.SendError{
			Reason: providers.ReasonMediaTypeUnsupported, Field: "asVoice",
			Detail: "A voice note must be Opus in an Ogg file; phones would not play this one. Convert it, or send it without asVoice.",
		}
	}
	return nil
}

// Send hands one message to WhatsApp and waits for its acknowledgement: typing
// first, where the channel shows it, then the file, then the message under the
// id it was given. A repeat under the same id is the same message.
func (c *Conn) Send(ctx context.Context, out providers.Outbound) (providers.Receipt, error) {
	if err := c.untilBack(ctx); err != nil {
		return providers.Receipt{}, c.notConnected(err)
	}
	to, err := c.recipient(ctx, out.To)
	if err != nil {
		return providers.Receipt{}, err
	}
	if err := c.typeFirst(ctx, to.chat(), out.Content); err != nil {
		return providers.Receipt{}, err
	}
	file, err := c.upload(ctx, out)
	if err != nil {
		return providers.Receipt{}, err
	}
	out.To = wire.AddressOf(to.chat()) // as the chat is called that a quote or reaction is in
	message, err := wire.Compose(out, file, c.selfIn(to.chat()))
	if err != nil {
		return providers.Receipt{}, asRefusal(err)
	}
	c.disappearing(ctx, to.chat(), message)
	id := string(out.ProviderID)
	if id == "" {
		id = c.client.GenerateMessageID()
	}
	taken, handed, err := c.post(ctx, to.chat(), message, whatsmeow.SendRequestExtra{ID: id})
	if err != nil {
		return providers.Receipt{}, c.sendError(err, handed)
	}
	out.ProviderID = ids.ProviderMessage(id)
	c.taken()
	c.sentHere(to, out, taken.Timestamp)
	return providers.Receipt{ID: out.ProviderID, Address: wire.AddressOf(to.named()), Timestamp: taken.Timestamp.UTC()}, nil
}

// backMost is how long a send that has begun waits for a connection that was just
// lost; begun anew, it waits without being under way, see Reserve.
const backMost = 5 * time.Second

func (c *Conn) untilBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, backMost)
	defer cancel()
	return c.until(ctx, isOpen)
}

// taken forgets advice that a message which was taken disproves; that strangers
// cannot be written to stays until its time.
func (c *Conn) taken() {
	c.mu.Lock()
	stale := c.advice != "" && c.options.Now().After(c.heldTo)
	c.mu.Unlock()
	if stale {
		c.setAdvice("")
	}
}

// recipient finds whom an address names: persons by asking WhatsApp, when the
// device never met them.
func (c *Conn) recipient(ctx context.Context, to providers.Address) (person, error) {
	if to.Kind != providers.KindPhone {
		jid := wire.JIDOf(to)
		if jid.IsEmpty() {
			return person{}, noAddress(to)
		}
		return person{lid: jid, phone: c.numberOf(jid)}, nil
	}
	p, err := c.find(ctx, to.Value)
	if err != nil {
		return person{}, c.sendError(err, false)
	}
	if p.isNobody() {
		return person{}, notOnWhatsApp(to)
	}
	return p, nil
}

// numberOf is the number of a hidden address, where the device knows it.
func (c *Conn) numberOf(jid types.JID) types.JID {
	if jid.Server != types.HiddenUserServer {
		return types.EmptyJID
	}
	return c.alias(jid, types.EmptyJID)
}

// named is how the recipient is called where their receipts are read, too: by the
// number, where that is known.
func (p person) named() types.JID {
	if !p.phone.IsEmpty() {
		return p.phone
	}
	return p.lid
}

// Typing takes so long for each character, within these bounds.
const (
	typingRune  = 40 * time.Millisecond
	typingLeast = 400 * time.Millisecond
	typingMost  = 3 * time.Second
)

// typingTime is how long somebody would type a text.
func typingTime(text string) time.Duration {
	return min(max(time.Duration(utf8.RuneCountInString(text))*typingRune, typingLeast), typingMost)
}

// typeFirst shows the contact that somebody types the text that comes. Only the
// caller waits meanwhile, not other chats.
func (c *Conn) typeFirst(ctx context.Context, chat types.JID, content providers.Content) error {
	if !c.channel.TypingBeforeText || content.Type != providers.TypeText {
		return nil
	}
	if err := c.client.SendChatPresence(ctx, chat, types.ChatPresenceComposing, types.ChatPresenceMediaText); err != nil {
		return nil // the text matters more
	}
	timer := time.NewTimer(typingTime(content.Text))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.ctx.Done():
		return c.notConnected(errEnded)
	case <-ctx.Done():
		return c.sendError(context.Cause(ctx), false)
	}
}
