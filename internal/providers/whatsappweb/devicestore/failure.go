package devicestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/cirrus/omnichannel/internal/ids"
)

var (
	// ErrFenced says that another owner has opened the device since.
	ErrFenced = errors.New("the device has another owner now: stop its client here")
	// ErrUntrusted says that the lease of the device ran out before it was
	// renewed.
	ErrUntrusted = errors.New("the device's lease can no longer be trusted: stop its client here")
	// ErrClosed says that the holding was closed.
	ErrClosed = errors.New("the device was closed here")
	// ErrNotPaired says that a device was used that was never saved.
	ErrNotPaired = errors.New("the device is not paired yet: pair it first")
)

// stopped is the error of a holding that goes on no more. It also is
// context.Canceled, which the client takes as "neither answer nor acknowledge".
type stopped struct {
	channel ids.Channel
	fence   int64
	cause   error
}

// Error tells which device stopped, and why.
func (s *stopped) Error() string {
	return fmt.Sprintf("the store of device %s stopped under fence %d: %v", s.channel, s.fence, s.cause)
}

// Unwrap gives why it stopped.
func (s *stopped) Unwrap() error { return s.cause }

// Is makes it a context.Canceled.
func (s *stopped) Is(target error) bool { return target == context.Canceled }
