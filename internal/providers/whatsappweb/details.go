package whatsappweb

import (
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
)

// What the operator reads beside a state.
const (
	detailDropped     = "The connection to WhatsApp was lost and is being made anew. Nothing needs to be done."
	detailUnreachable = "WhatsApp cannot be reached; it is tried again. If this lasts, check this server's way to web.whatsapp.com."
	detailNoStore     = "The store of this device's keys does not answer; it is tried again. Check the database."
	detailSilent      = "Nothing was heard from WhatsApp, so the connection is being made anew. Nothing needs to be done."
	detailDeaf        = "WhatsApp answered, but sent nothing for a long time; the connection is being made anew to be sure that nothing is held back."
	detailSlowLogin   = "WhatsApp takes too long to log the device in; it is tried again."
	detailLease       = "The lease of this device ran out before it was renewed; whoever holds it next connects it again."
	detailLoginAgain  = "WhatsApp asked the device to log in again."
	detailReplaced    = "The same device was connected somewhere else; it is connected here again."
	detailContested   = "Somebody else connects with this device's keys again and again. Find the other system that uses a copy of them, stop it, then POST .../connect."
	detailLoggedOut   = "The device was unlinked on the phone or by WhatsApp. POST .../connect and scan the new QR code to link it again."
	detailLocked      = "WhatsApp banned this number, and unlinked its devices. Open WhatsApp on the phone to ask for a review; link the device again after that."
	detailMainGone    = "WhatsApp unlinked the device because the number is locked, or moved to another phone. Open WhatsApp on the phone, then POST .../connect and scan the new QR code."
	detailOutdated    = "WhatsApp refuses this version of the software. Upgrade it; until then it tries again once an hour."
	detailUnlinked    = "The device was unlinked here. POST .../connect to link it again."
	detailQR          = "Scan the QR code with the phone of this number: WhatsApp, linked devices, link a device."
	detailCodesOver   = "Nobody scanned the QR code in time. POST .../connect to get new codes."
	detailPasskey     = "The phone was found; the account's owner must confirm the pairing with a passkey."
	detailPaired      = "The phone is linked; the device is logging in."
)

// The pauses after endings that may pass by themselves.
const (
	againElsewhere = time.Second
	againOutdated  = time.Hour
	againRefused   = 15 * time.Minute
)

// detailStopped tells why a device is no longer ours to use.
func detailStopped(cause error) string {
	switch {
	case errors.Is(cause, devicestore.ErrFenced):
		return "Another server has taken this device over."
	case errors.Is(cause, devicestore.ErrUntrusted):
		return detailLease
	default:
		return "The store of this device's keys failed, so the device was let go; it is opened again. If this lasts, check the database."
	}
}

func detailBanned(b *events.TemporaryBan, now time.Time) string {
	until := "for a time that it does not tell"
	if b.Expire > 0 {
		until = "until " + now.Add(b.Expire).UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("WhatsApp banned this number %s (reason %s). It is connected again after that; send less, and to people who know the number.", until, b.Code)
}

func detailRefused(f *events.ConnectFailure) string {
	text := fmt.Sprintf("WhatsApp refused the login (reason %s).", f.Reason)
	if f.Message != "" {
		text = fmt.Sprintf("WhatsApp refused the login (reason %s, %q).", f.Reason, f.Message)
	}
	return text + " It is tried again in a while; if that does not help, unlink the device and link it anew."
}

func detailWrongNumber(came, want string) string {
	return fmt.Sprintf("The QR code was scanned by %s, but this channel is %s; that phone was unlinked again. POST .../connect and scan with the right phone, or change the channel's identifier.", came, want)
}

func detailPairFailed(err error) string {
	return fmt.Sprintf("The pairing failed: %v. POST .../connect to try again.", err)
}

// againAfterBan is when to open a banned number anew: a little after the ban, or
// in an hour when its end is not told.
func againAfterBan(b *events.TemporaryBan) time.Duration {
	if b.Expire <= 0 {
		return time.Hour
	}
	return b.Expire + 10*time.Second
}
