package providers

import "github.com/cirrus/omnichannel/internal/fault"

// reasonCodes is the one table from a Reason to the code that a caller sees,
// be it in the answer to a send or in a message's `error.code`.
var reasonCodes = map[Reason]fault.Code{
	ReasonUnknown:               fault.D360InternalError,
	ReasonInvalidToken:          fault.D360InvalidToken,
	ReasonInvalidMessage:        fault.D360InvalidMessage,
	ReasonRateLimited:           fault.D360RateLimited,
	ReasonProviderInternal:      fault.D360InternalError,
	ReasonAccountBlocked:        fault.D360AccountBlocked,
	ReasonRecipientUnavailable:  fault.RecipientUnavailable,
	ReasonNotOnWhatsApp:         fault.NumberNotOnWhatsApp,
	ReasonInvalidNumber:         fault.InvalidNumber,
	ReasonReplyWindowClosed:     fault.ReplyWindowClosed,
	ReasonMediaUnavailable:      fault.MediaUnavailable,
	ReasonMediaTooLarge:         fault.MediaTooLarge,
	ReasonMediaTypeUnsupported:  fault.MediaTypeUnsupported,
	ReasonCapabilityUnsupported: fault.CapabilityUnsupported,
	ReasonConnectionClosed:      fault.WhatsAppConnectionClosed,
	ReasonTimeout:               fault.ProviderTimeout,
	ReasonUnavailable:           fault.ProviderUnavailable,
}

// Code is the reason's stable code on the wire. A Reason outside of the list
// is the careful fault.D360InternalError.
func (r Reason) Code() fault.Code {
	if code, ok := reasonCodes[r]; ok {
		return code
	}
	return fault.D360InternalError
}
