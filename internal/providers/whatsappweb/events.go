package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// handle is told of every event. False means: not taken in, do not acknowledge
// it. A panic counts as that here; the client would take it for success.
func (c *Conn) handle(e any) (taken bool) {
	if _, gone := e.(*events.Disconnected); gone {
		c.sockets.gone.Add(1)
	}
	if !c.handlers.enter() {
		return false
	}
	defer c.handlers.leave()
	payloads, err := c.read(e)
	if err == nil {
		err = c.noteHistory(e)
	}
	if err == nil && len(payloads) > 0 {
		err = c.accept(c.ctx, payloads...)
	}
	switch {
	case err == nil:
	case comesOnce(e):
		c.keepFor(e, payloads, err)
		return true
	default:
		c.turnDown(e, err)
		return false
	}
	c.troubles.over(e)
	c.learn(e, payloads)
	return true
}

// learn keeps what the connection itself must know of an event that the sink has.
// A panic is told and no more: the event would come again for nothing.
func (c *Conn) learn(e any, payloads []providers.InboundPayload) {
	defer func() {
		if r := recover(); r != nil {
			c.logger.Error("a WhatsApp event was taken in, but not understood here", "event", fmt.Sprintf("%T", e), "panic", r, "stack", string(debug.Stack()))
		}
	}()
	c.undecrypted.came(c.logger, e)
	c.learnNews(e)
	c.unread.note(payloads)
}

var errSinkPanicked = errors.New("the sink panicked")

// refused has the connection reset soon: WhatsApp delivers again what was not
// acknowledged when the device logs in, and only then.
func (c *Conn) refused() {
	l, now := &c.life, c.options.Now()
	if l.resetting {
		return
	}
	if now.Sub(l.refusedAt) > c.options.PauseMost+steady {
		c.troubles.begin()
	}
	l.resetting, l.refusedAt = true, now
	l.reset.Reset(pause(c.options, c.troubles.again()))
}

// ask resets the connection for what the sink refused; while there is none, the
// next login does it. Nothing is wrong with the connection: that it goes makes the
// pause before the next no longer.
func (c *Conn) ask() {
	c.life.resetting = false
	if c.State().Status == open {
		c.life.tries = 0
		c.hang("the sink refused something")
	}
}

// accept gives payloads to the sink, within its limit. A sink that panics has
// refused them.
func (c *Conn) accept(ctx context.Context, payloads ...providers.InboundPayload) (err error) {
	ctx, cancel := context.WithTimeout(ctx, c.options.AcceptLimit)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			c.logger.Error("the sink panicked", "panic", r, "stack", string(debug.Stack()))
			err = errSinkPanicked
		}
	}()
	c.goAhead() // beside the sink
	now := c.options.Now()
	in := make([]providers.Inbound, 0, len(payloads))
	for _, p := range payloads {
		in = append(in, providers.Inbound{Channel: c.channel.ID, ReceivedAt: now, Payload: p, Drop: c.dropping(p)})
	}
	return c.sink.Accept(ctx, in...)
}

// dispatch gives what an event brings for the sink, and lets the rest take its
// effect.
func (c *Conn) dispatch(e any) []providers.InboundPayload {
	switch e := e.(type) {
	case *events.Message:
		return c.message(e)
	case *events.UndecryptableMessage:
		c.undecrypted.met(c.logger, e)
		return wire.ReadUnavailable(e)
	case *events.Receipt:
		whose := *e
		whose.SenderAlt = c.alias(e.Sender, e.SenderAlt)
		return append(wire.ReadReceipt(&whose), c.chatChanged(e)...)
	case *events.Archive, *events.Pin, *events.Mute, *events.MarkChatAsRead, *events.ClearChat, *events.DeleteChat, *events.Contact:
		return c.chatChanged(e)
	case *events.JoinedGroup:
		c.groups.put(e.JID)
		return c.joined(e)
	case *events.GroupInfo:
		c.groups.put(e.JID)
		return c.groupNews(e)
	case *events.Picture:
		if of := wire.AddressOf(e.JID); !of.IsZero() {
			return append([]providers.InboundPayload{providers.PhotoChanged{Of: of}}, c.groupPhoto(e)...)
		}
	case *events.DeleteForMe:
		return append(c.deleted(e), c.chatChanged(e)...)
	case *events.MediaRetry:
		c.retries.answer(e)
	case *events.NotifyAccountReachoutTimelock:
		c.timelock(e)
	case *events.PushNameSetting:
		c.callOwn(e.Action.GetName())
		c.tell(signal{run: c.knowName})
	case *events.AppStateSyncComplete:
		c.sent.put(settingsDue{})
		if e.Name == appstate.WAPatchCriticalBlock { // the name is in it, and the client has just read it here
			c.callOwn(c.device.PushName)
			c.tell(signal{run: c.knowName})
		}
	case *events.QR, *events.RotateADVSecret, *events.PairSuccess, *events.PairError, *events.PairPasskeyRequest,
		*events.PairPasskeyConfirmation, *events.PairPasskeyError, *events.QRScannedWithoutMultidevice:
		c.pairingEvent(e)
	case *events.Connected, *events.Disconnected, *events.ManualLoginReconnect, *events.LoggedOut, *events.StreamReplaced,
		*events.TemporaryBan, *events.ClientOutdated, *events.ConnectFailure, *events.CATRefreshError, *events.StreamError, *events.KeepAliveTimeout:
		c.tell(c.connectionSignal(e))
	default:
		c.logger.Debug("a WhatsApp event is of no use here", "event", fmt.Sprintf("%T", e))
	}
	return nil
}

// message leaves out what the account's own devices say among themselves.
func (c *Conn) message(e *events.Message) []providers.InboundPayload {
	if e.Info.Category == "peer" {
		return nil
	}
	return c.named(wire.ReadMessage(c.withAliases(c.revealed(e)), c.names()...))
}

// alias is somebody's other address: the one that WhatsApp gave, else the one
// that the device knows. A message that the phone had to repeat comes without.
func (c *Conn) alias(of, given types.JID) types.JID {
	if !given.IsEmpty() {
		return given
	}
	var found types.JID
	var err error
	switch of.Server {
	case types.HiddenUserServer:
		found, err = c.device.LIDs.GetPNForLID(c.ctx, of)
	case types.DefaultUserServer:
		found, err = c.device.LIDs.GetLIDForPN(c.ctx, of)
	}
	if err != nil { // the store failed: this device is about to stop
		return given
	}
	return found
}

// connectionSignal translates what the client says of its connection.
func (c *Conn) connectionSignal(e any) signal {
	switch e := e.(type) {
	case *events.Connected:
		return signal{run: c.loggedIn}
	case *events.Disconnected:
		return signal{trigger: dropped, detail: detailDropped}
	case *events.ManualLoginReconnect:
		return signal{trigger: loginAgain, detail: detailLoginAgain}
	case *events.LoggedOut:
		return loggedOutSignal(e)
	case *events.StreamReplaced:
		return signal{trigger: replaced, detail: detailReplaced}
	case *events.TemporaryBan:
		return signal{trigger: banned, detail: detailBanned(e, c.options.Now()), again: againAfterBan(e)}
	case *events.ClientOutdated:
		return signal{trigger: outdated, detail: detailOutdated, again: againOutdated}
	case *events.ConnectFailure:
		return signal{trigger: refused, detail: detailRefused(e), again: againRefused}
	case *events.CATRefreshError:
		return signal{trigger: refused, detail: detailRefused(&events.ConnectFailure{Reason: events.ConnectFailureCATInvalid}), again: againRefused}
	case *events.KeepAliveTimeout:
		return signal{run: c.look}
	case *events.StreamError:
		return signal{trigger: unwell, detail: fmt.Sprintf("WhatsApp ended the connection (stream error %q); it is being made anew.", e.Code)}
	default:
		return signal{run: func() {}}
	}
}

// loggedOutSignal tells apart who unlinked the device.
func loggedOutSignal(e *events.LoggedOut) signal {
	switch {
	case e.OnConnect && e.Reason == events.ConnectFailureUnknownLogout:
		return signal{trigger: locked, detail: detailLocked}
	case e.OnConnect && e.Reason == events.ConnectFailureMainDeviceGone:
		return signal{trigger: loggedOut, detail: detailMainGone}
	default:
		return signal{trigger: loggedOut, detail: detailLoggedOut}
	}
}

// loggedIn is the step to open and what belongs to it.
func (c *Conn) loggedIn() {
	if !c.client.IsConnected() {
		return // told late: that connection is gone again
	}
	first := c.life.openedAt.IsZero()
	c.step(signal{trigger: opened})
	if c.life.ended || !first {
		return
	}
	c.trace.fresh()
	// By chance a little more for each, so that not all are made anew at once.
	c.life.deafness = c.options.Deafness + rand.N(c.options.Deafness/4+1)
	c.life.present = false
	c.showPresence()
	if !c.life.synced {
		c.life.synced = true
		c.sent.put(settingsDue{})
		c.groups.put(types.EmptyJID)
	}
}

// timelock keeps until when WhatsApp holds back messages to strangers.
func (c *Conn) timelock(e *events.NotifyAccountReachoutTimelock) {
	until := e.TimeEnforcementEnds.Time
	if !e.IsActive {
		until = time.Time{}
	}
	c.mu.Lock()
	c.heldTo = until
	c.mu.Unlock()
	text := ""
	if e.IsActive {
		text = heldBack(until)
	}
	c.setAdvice(text)
}

// heldBack is what the operator reads of a timelock.
func heldBack(until time.Time) string {
	when := "for now"
	if !until.IsZero() {
		when = "until " + until.UTC().Format(time.RFC3339)
	}
	return "WhatsApp lets this number write only to people who wrote to it first, " + when + ". Answer those; do not repeat the others before."
}
