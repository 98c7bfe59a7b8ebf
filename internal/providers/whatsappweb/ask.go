package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/store"
)

// RefusedError says that WhatsApp answered a question, or a wish to change
// something, with no.
type RefusedError struct {
	Code int // WhatsApp's own: 403, 404, …; those of HTTP, roughly
	Err  error
}

// Error implements error.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("WhatsApp refused it with %d: %v", e.Code, e.Err)
}

// Unwrap gives what the client said of it.
func (e *RefusedError) Unwrap() error { return e.Err }

// UnseenError says that WhatsApp did what was asked, and that only the look at what
// came of it failed.
type UnseenError struct{ Err error }

// Error implements error.
func (e *UnseenError) Error() string { return fmt.Sprintf("it was done, and then: %v", e.Err) }

// Unwrap gives why it cannot be seen.
func (e *UnseenError) Unwrap() error { return e.Err }

// comingBack is how long what is asked waits for a connection that is being
// made, unless it has a limit of its own.
const comingBack = 20 * time.Second

// online waits until the connection is open.
func (c *Conn) online(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, comingBack)
	defer cancel()
	if err := c.until(ctx, isOpen); err != nil {
		return c.notConnected(err)
	}
	return nil
}

// refusalCodes are the client's errors that stand for an answer of WhatsApp's
// but do not carry its code.
var refusalCodes = []struct {
	err  error
	code int
}{
	{whatsmeow.ErrNotInGroup, 403},
	{whatsmeow.ErrGroupInviteLinkUnauthorized, 401},
	{whatsmeow.ErrGroupNotFound, 404},
	{whatsmeow.ErrInviteLinkInvalid, 406},
	{whatsmeow.ErrInviteLinkRevoked, 410},
}

// askError tells what a failed question means: a *RefusedError where WhatsApp
// said no, a *providers.SendError where there was no connection to ask over, the
// context's error where the answer did not come in time. Any other error is as
// it came.
func (c *Conn) askError(err error) error {
	var query *whatsmeow.IQError
	var network net.Error
	var cut *whatsmeow.DisconnectedError // also of a question that the client asked again
	if err == nil {
		return nil
	}
	for _, known := range refusalCodes {
		if errors.Is(err, known.err) {
			return &RefusedError{Code: known.code, Err: err}
		}
	}
	switch {
	case errors.As(err, &query) && query.Code != 0:
		return &RefusedError{Code: query.Code, Err: err}
	case errors.Is(err, whatsmeow.ErrNotConnected), errors.Is(err, whatsmeow.ErrNotLoggedIn), errors.Is(err, socket.ErrSocketClosed),
		errors.Is(err, store.ErrDeviceDeleted), c.ctx.Err() != nil:
		return c.notConnected(err)
	case errors.Is(err, whatsmeow.ErrIQTimedOut), errors.As(err, &cut),
		errors.As(err, &network) && network.Timeout():
		// It went out, and nobody knows what became of it.
		return fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
	}
	return err
}
