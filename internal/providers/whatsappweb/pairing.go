package whatsappweb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
)

var (
	// ErrNotPairing says that a step of a pairing was taken where none is under
	// way.
	ErrNotPairing = errors.New("no pairing is under way on this channel: POST .../connect begins one")
	// ErrOtherNumber says that a pairing was asked for with another number than
	// the channel's.
	ErrOtherNumber = errors.New("that is not this channel's number")
	// ErrUnknownNumber says that WhatsApp has no such number.
	ErrUnknownNumber = errors.New("WhatsApp does not have that number")
)

// The client that phones believe to be linked to.
const (
	clientType = whatsmeow.PairClientChrome
	clientName = "Chrome (Linux)"
)

// passkeyLimit is how long the owner has to confirm, where WhatsApp does not say.
const passkeyLimit = 5 * time.Minute

// PairByCode asks WhatsApp for a code of eight characters, written XXXX-XXXX,
// that the owner of the channel's number enters on the phone in place of
// scanning. It waits for the pairing to begin, for as long as ctx lasts. Where
// none is under way it fails with ErrNotPairing, for another number than the
// channel's with ErrOtherNumber, for one that WhatsApp does not have under these
// digits with ErrUnknownNumber. A phone takes the code for 160 s; one that was
// given behind the last QR code ends with the pairing, which may be sooner.
func (c *Conn) PairByCode(ctx context.Context, number string) (string, error) {
	if !c.self().IsEmpty() {
		return "", fmt.Errorf("pair channel %s by code: it is linked already: %w", c.channel.ID, ErrNotPairing)
	}
	digits, err := phone.Parse(number)
	if err != nil {
		return "", fmt.Errorf("pair channel %s by code: %w", c.channel.ID, err)
	}
	if !phone.Same(digits, c.channel.Identifier) {
		return "", fmt.Errorf("pair channel %s by code: %w", c.channel.ID, ErrOtherNumber)
	}
	err = c.until(ctx, func(s providers.Status) bool { return s == showingQR || s == pairing || s == open })
	if err == nil && c.State().Status != showingQR {
		err = ErrNotPairing
	}
	if err != nil {
		return "", fmt.Errorf("pair channel %s by code: %w", c.channel.ID, errors.Join(err, whenEnded(err)))
	}
	code, err := c.client.PairPhone(ctx, digits, true, clientType, clientName)
	if query := (*whatsmeow.IQError)(nil); errors.As(err, &query) && query.Code == 404 {
		return "", fmt.Errorf("pair channel %s by code: %w: %w", c.channel.ID, ErrUnknownNumber, err)
	}
	if err != nil {
		return "", fmt.Errorf("pair channel %s by code: WhatsApp gave none: %w", c.channel.ID, err)
	}
	c.tell(signal{run: c.codeGiven})
	return code, nil
}

// codeCounts is how long a phone takes a code that is typed.
const codeCounts = 160 * time.Second

// codeGiven keeps the connection, which a code needs, behind the last QR code for
// as long as the code counts. That happens once: who lets a code lapse, too, is
// not waited for.
func (c *Conn) codeGiven() {
	if l := &c.life; c.State().Status == showingQR && !l.codeWaits {
		l.codeUntil = c.options.Now().Add(codeCounts)
	}
}

// waitsForCode lets the time for QR codes run on where a code was given; false:
// none is waited for, or not any more.
func (c *Conn) waitsForCode() bool {
	l := &c.life
	left := l.codeUntil.Sub(c.options.Now())
	if c.State().Status != showingQR || l.codeWaits || left <= 0 {
		return false
	}
	l.codeWaits = true
	l.code.Reset(left)
	return true
}

// whenEnded adds ErrNotPairing where the connection is over.
func whenEnded(err error) error {
	if errors.Is(err, errEnded) {
		return ErrNotPairing
	}
	return nil
}

// AnswerPasskey hands in what the owner's browser answered to the request of a
// PasskeyAsked: a WebAuthn response as JSON. WhatsApp may then ask to compare a
// code, by another PasskeyAsked; ConfirmPasskey says that they are equal.
func (c *Conn) AnswerPasskey(ctx context.Context, response json.RawMessage) error {
	if c.State().Status != pairing || !c.self().IsEmpty() {
		return fmt.Errorf("answer the passkey of channel %s: %w", c.channel.ID, ErrNotPairing)
	}
	var answer types.WebAuthnResponse
	if err := json.Unmarshal(response, &answer); err != nil {
		return fmt.Errorf("answer the passkey of channel %s: it is no WebAuthn response: %w", c.channel.ID, err)
	}
	if err := c.client.SendPasskeyResponse(ctx, &answer); err != nil {
		return fmt.Errorf("answer the passkey of channel %s: WhatsApp did not take it: %w", c.channel.ID, err)
	}
	return nil
}

// ConfirmPasskey says that the code of a PasskeyAsked is the one on the phone.
func (c *Conn) ConfirmPasskey(ctx context.Context) error {
	if c.State().Status != pairing || !c.self().IsEmpty() {
		return fmt.Errorf("confirm the passkey of channel %s: %w", c.channel.ID, ErrNotPairing)
	}
	if err := c.client.SendPasskeyConfirmation(ctx); err != nil {
		return fmt.Errorf("confirm the passkey of channel %s: %w", c.channel.ID, err)
	}
	return nil
}

// mine tells whether a phone that scanned the code is the channel's. It is asked
// before the pairing is confirmed, so that another phone's comes to nothing.
func (c *Conn) mine(jid types.JID) bool { return phone.Same(jid.User, c.channel.Identifier) }

// pairingEvent is what happens on the way to a linked device.
func (c *Conn) pairingEvent(e any) {
	switch e := e.(type) {
	case *events.QR:
		c.tell(signal{trigger: codesCame, codes: e.Codes, detail: detailQR})
	case *events.RotateADVSecret:
		c.tell(signal{run: func() { c.rotate(e.OldSecret, e.NewSecret) }})
	case *events.PairSuccess:
		c.mu.Lock()
		c.own, c.ownLID = e.ID, e.LID
		c.called.business, c.called.platform = e.BusinessName, e.Platform
		c.mu.Unlock()
		c.tell(signal{trigger: paired, detail: detailPaired})
	case *events.PairError:
		if errors.Is(e.Error, whatsmeow.ErrPairRejectedLocally) {
			c.tell(signal{trigger: wrongNumber, detail: detailWrongNumber(e.ID.User, c.channel.Identifier)})
			return
		}
		c.tell(signal{trigger: pairFailed, detail: detailPairFailed(e.Error)})
	case *events.PairPasskeyRequest:
		c.askPasskey(e)
	case *events.PairPasskeyConfirmation:
		c.confirmPasskey(e)
	case *events.PairPasskeyError:
		c.tell(signal{trigger: pairFailed, detail: detailPairFailed(e.Error)})
	case *events.QRScannedWithoutMultidevice:
		c.logger.Info("the QR code was scanned by a phone that cannot link devices; it can be scanned again")
	}
}

func (c *Conn) askPasskey(e *events.PairPasskeyRequest) {
	request, err := json.Marshal(e.PublicKey)
	if err != nil {
		c.tell(signal{trigger: pairFailed, detail: detailPairFailed(err)})
		return
	}
	limit := passkeyLimit
	if t := time.Duration(e.PublicKey.Timeout) * time.Millisecond; t > 0 {
		limit = t
	}
	c.tell(signal{trigger: passkeyAsked, detail: detailPasskey, limit: limit})
	until := c.options.Now().Add(limit)
	c.tell(signal{run: func() { c.reports.put(providers.PasskeyAsked{Request: request, Until: until}) }})
}

// confirmPasskey shows the code to compare, or goes on where WhatsApp wants none
// compared. The client's event comes from a goroutine of its own, which may ask.
func (c *Conn) confirmPasskey(e *events.PairPasskeyConfirmation) {
	if !e.SkipHandoffUX {
		c.reports.put(providers.PasskeyAsked{Code: e.Code, Until: c.options.Now().Add(passkeyLimit)})
		return
	}
	if err := c.client.SendPasskeyConfirmation(c.ctx); err != nil {
		c.tell(signal{trigger: pairFailed, detail: detailPairFailed(err)})
	}
}

// nextCode shows the next QR code for as long as it counts, or ends the pairing
// when there is none, or enough were shown.
func (c *Conn) nextCode() {
	l := &c.life
	if len(l.codes) == 0 || l.shown >= c.options.Codes {
		if !c.waitsForCode() {
			c.step(signal{trigger: codesOver, detail: detailCodesOver})
		}
		return
	}
	counts := c.options.NextCode
	if l.shown == 0 {
		counts = c.options.FirstCode
	}
	l.shown++
	l.current, l.codes = l.codes[0], l.codes[1:]
	l.currentUntil = c.options.Now().Add(counts)
	l.code.Reset(counts)
	c.reports.put(providers.PairingOffered{Code: l.current, Until: l.currentUntil})
}

// rotate puts a new secret into the codes: those with the old one count no more.
func (c *Conn) rotate(from, to string) {
	l := &c.life
	if c.State().Status != showingQR {
		return
	}
	for i := range l.codes {
		l.codes[i] = strings.Replace(l.codes[i], from, to, 1)
	}
	l.current = strings.Replace(l.current, from, to, 1)
	c.reports.put(providers.PairingOffered{Code: l.current, Until: l.currentUntil})
}
