// Package fault holds the one error type that crosses a room's door. A fault
// answers what a caller may see: which kind, in which words, about which
// field. It knows no HTTP status and no title; the edge (package web) does.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Code names a kind of failure. It is stable: callers compare it.
type Code string

// The kinds of failure there are; what each means stands in openapi.yaml.
const (
	NumberNotOnWhatsApp      Code = "number_not_on_whatsapp"
	WhatsAppConnectionClosed Code = "whatsapp_connection_closed"
	InvalidNumber            Code = "invalid_number"
	D360InvalidToken         Code = "d360_invalid_token"
	D360InvalidMessage       Code = "d360_invalid_message"
	D360RateLimited          Code = "d360_rate_limited"
	D360InternalError        Code = "d360_internal_error"
	D360AccountBlocked       Code = "d360_account_blocked"
	RecipientUnavailable     Code = "recipient_unavailable"
	MalformedRequest         Code = "malformed_request"
	ValidationFailed         Code = "validation_failed"
	MethodNotAllowed         Code = "method_not_allowed"
	PayloadTooLarge          Code = "payload_too_large"
	UnsupportedMediaType     Code = "unsupported_media_type"
	Unauthenticated          Code = "unauthenticated"
	Forbidden                Code = "forbidden"
	NotFound                 Code = "not_found"
	ContactExists            Code = "contact_exists"
	SessionFinished          Code = "session_finished"
	IdempotencyKeyReused     Code = "idempotency_key_reused"
	Conflict                 Code = "conflict"
	CapabilityUnsupported    Code = "capability_unsupported"
	ReplyWindowClosed        Code = "reply_window_closed"
	MediaUnavailable         Code = "media_unavailable"
	MediaTooLarge            Code = "media_too_large"
	MediaTypeUnsupported     Code = "media_type_unsupported"
	ChannelAmbiguous         Code = "channel_ambiguous"
	RateLimited              Code = "rate_limited"
	CursorExpired            Code = "cursor_expired"
	ProviderTimeout          Code = "provider_timeout"
	ProviderUnavailable      Code = "provider_unavailable"
	Internal                 Code = "internal"
)

// Field is what is wrong with one field of a request, by its JSON name
// (nested fields with dots, list elements by index: `buttons.0.value`).
type Field struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Error is a failure that its caller may be told about. Detail is for people:
// what happened, to which id, and what to do. Err is for the log only.
type Error struct {
	Code         Code
	Detail       string
	Fields       []Field
	ProviderCode string         // the provider's own code, where it said one
	RetryAfter   time.Duration  // when another try makes sense; 0: not said
	Extra        map[string]any // further members of the problem document, such as an existing id
	Err          error
}

// Error gives the code, the detail and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: %s", e.Code, e.Detail)
	}
	return fmt.Sprintf("%s: %s: %v", e.Code, e.Detail, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes a failure of a kind with a formatted detail.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// Wrap makes a failure of a kind with a cause that goes to the log only.
func Wrap(err error, code Code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, args...), Err: err}
}

// Invalid makes a validation_failed about one field.
func Invalid(field, code, format string, args ...any) *Error {
	message := fmt.Sprintf(format, args...)
	return &Error{
		Code:   ValidationFailed,
		Detail: fmt.Sprintf("Field %q: %s", field, message),
		Fields: []Field{{Field: field, Code: code, Message: message}},
	}
}

// Missing makes the not_found of one resource.
func Missing(what string, id fmt.Stringer) *Error {
	return New(NotFound, "There is no %s %s here. Check the id and the account.", what, id)
}

// On names the field of the request's body that the fault is about.
func (e *Error) On(field, code string) *Error {
	e.Fields = append(e.Fields, Field{Field: field, Code: code, Message: e.Detail})
	return e
}

// With adds a further member to the problem document and gives the error back.
func (e *Error) With(name string, value any) *Error {
	if e.Extra == nil {
		e.Extra = map[string]any{}
	}
	e.Extra[name] = value
	return e
}

// CodeOf gives the kind of an error: its fault's, or Internal for any other.
func CodeOf(err error) Code {
	var f *Error
	if errors.As(err, &f) {
		return f.Code
	}
	return Internal
}

// Is tells whether an error is a fault of this kind.
func Is(err error, code Code) bool {
	var f *Error
	return errors.As(err, &f) && f.Code == code
}
