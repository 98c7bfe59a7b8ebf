package d360

import (
	"fmt"

	"github.com/cirrus/omnichannel/internal/providers"
)

// invalid is our own refusal of a message that the provider would refuse.
func invalid(field, format string, args ...any) *providers.SendError {
	return refuse(providers.ReasonInvalidMessage, field, format, args...)
}

func refuse(reason providers.Reason, field, format string, args ...any) *providers.SendError {
	return &providers.SendError{Reason: reason, Field: field, Detail: fmt.Sprintf(format, args...)}
}

// incapable is the refusal of what 360dialog cannot do; capability is a name
// of CONTRACT's capabilities.
func incapable(capability, what string) *providers.SendError {
	return refuse(providers.ReasonCapabilityUnsupported, "", "Provider d360 does not have the capability %q: %s", capability, what)
}
