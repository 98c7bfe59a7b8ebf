package wire

import (
	"fmt"

	"github.com/cirrus/omnichannel/internal/providers"
)

// refuse is our own refusal: certainly not sent.
func refuse(reason providers.Reason, field, format string, args ...any) *providers.SendError {
	return &providers.SendError{Reason: reason, Field: field, Detail: fmt.Sprintf(format, args...)}
}

func invalid(field, format string, args ...any) *providers.SendError {
	return refuse(providers.ReasonInvalidMessage, field, format, args...)
}

// incapable refuses what a linked device cannot send; capability is a name of
// CONTRACT's capabilities, or a type of content.
func incapable(capability, what string) *providers.SendError {
	return refuse(providers.ReasonCapabilityUnsupported, "", "Provider whatsappweb does not have the capability %q: %s", capability, what)
}
