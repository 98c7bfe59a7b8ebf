package d360

import (
	"fmt"
	"net/http"
)

// refusal is one row of the table of Meta's error codes: the HTTP status it
// comes with when it answers a request, and its title, which is also the title
// of the error inside a failed status.
type refusal struct {
	status int
	title  string
}

// refusals holds every code that the sandbox can answer with. Throttling codes
// come with 400 here, as they mostly do; a fault can give any of them another
// status.
var refusals = map[int]refusal{
	0:      {http.StatusUnauthorized, "AuthException"},
	1:      {http.StatusInternalServerError, "API Unknown"},
	2:      {http.StatusServiceUnavailable, "API Service"},
	3:      {http.StatusForbidden, "API Method"},
	4:      {http.StatusBadRequest, "API Too Many Calls"},
	10:     {http.StatusForbidden, "Permission Denied"},
	33:     {http.StatusBadRequest, "Parameter value is not valid"},
	100:    {http.StatusBadRequest, "Invalid parameter"},
	190:    {http.StatusUnauthorized, "Access token has expired"},
	200:    {http.StatusForbidden, "API Permission"},
	299:    {http.StatusForbidden, "API Permission"},
	368:    {http.StatusForbidden, "Temporarily blocked for policies violations"},
	2500:   {http.StatusNotFound, "Unknown path components"},
	80007:  {http.StatusBadRequest, "Rate limit issues"},
	130429: {http.StatusBadRequest, "Rate limit hit"},
	130472: {http.StatusBadRequest, "User's number is part of an experiment"},
	130497: {http.StatusForbidden, "Business account is restricted from messaging users in this country"},
	131000: {http.StatusInternalServerError, "Something went wrong"},
	131005: {http.StatusForbidden, "Access denied"},
	131008: {http.StatusBadRequest, "Required parameter is missing"},
	131009: {http.StatusBadRequest, "Parameter value is not valid"},
	131016: {http.StatusInternalServerError, "Service unavailable"},
	131021: {http.StatusBadRequest, "Recipient cannot be sender"},
	131026: {http.StatusBadRequest, "Message undeliverable"},
	131031: {http.StatusForbidden, "Account has been locked"},
	131042: {http.StatusBadRequest, "Business eligibility payment issue"},
	131045: {http.StatusInternalServerError, "Incorrect certificate"},
	131047: {http.StatusBadRequest, "Re-engagement message"},
	131048: {http.StatusBadRequest, "Spam rate limit hit"},
	131049: {http.StatusBadRequest, "Message not delivered to maintain healthy ecosystem engagement"},
	131050: {http.StatusBadRequest, "User has stopped marketing messages"},
	131051: {http.StatusBadRequest, "Unsupported message type"},
	131052: {http.StatusBadRequest, "Media download error"},
	131053: {http.StatusBadRequest, "Media upload error"},
	131056: {http.StatusBadRequest, "(Business Account, Consumer Account) pair rate limit hit"},
	131057: {http.StatusInternalServerError, "Business account is in maintenance mode"},
	131062: {http.StatusBadRequest, "Business-scoped user id is not supported for this message"},
	132000: {http.StatusBadRequest, "Number of parameters does not match the expected number of params"},
	132001: {http.StatusNotFound, "Template name does not exist in the translation"},
	132005: {http.StatusBadRequest, "Template hydrated text too long"},
	132007: {http.StatusBadRequest, "Template format character policy violated"},
	132008: {http.StatusBadRequest, "Template parameter value is malformed"},
	132012: {http.StatusBadRequest, "Parameter format does not match format in the created template"},
	132015: {http.StatusBadRequest, "Template is paused"},
	132016: {http.StatusBadRequest, "Template is disabled"},
	132068: {http.StatusBadRequest, "Flow is in blocked state"},
	132069: {http.StatusBadRequest, "Flow is in throttled state"},
	133016: {http.StatusBadRequest, "Account register deregister rate limit exceeded"},
	137000: {http.StatusBadRequest, "Recipient identity key hash mismatch"},
	139100: {http.StatusBadRequest, "Failed to block some users"},
}

// Shape is one of the four forms in which an error body arrives.
type Shape string

// The four shapes. Meta's own is an object under "error"; the hub's an object
// under "meta"; the hub's newer one a string under "error"; the legacy one a
// list under "errors".
const (
	ShapeMeta   Shape = "meta"
	ShapeHub    Shape = "hub"
	ShapeString Shape = "string"
	ShapeLegacy Shape = "legacy"
)

// apiError is a refused call, on its way to becoming a body of some shape.
type apiError struct {
	status     int
	code       int
	subcode    int
	title      string
	details    string
	shape      Shape
	transient  bool
	retryAfter int
	// usageMinutes, when positive, adds X-Business-Use-Case-Usage with this time
	// to wait.
	usageMinutes int
	// beside holds what stands next to "error" in the body.
	beside map[string]any
}

// refuse makes the error of a code, with its status and title from the table.
func refuse(code int, format string, args ...any) *apiError {
	row, known := refusals[code]
	if !known {
		row = refusal{http.StatusBadRequest, "Unknown error"}
	}
	return &apiError{status: row.status, code: code, title: row.title, details: fmt.Sprintf(format, args...), shape: ShapeMeta}
}

// hubError is an error of 360dialog itself, not of Meta.
func hubError(status int, text string) *apiError {
	return &apiError{status: status, title: text, shape: ShapeHub}
}

func (e *apiError) withShape(shape Shape) *apiError {
	if shape != "" {
		e.shape = shape
	}
	return e
}

// body renders the error in its shape; trace is the request's trace id.
func (e *apiError) body(trace string) map[string]any {
	switch e.shape {
	case ShapeHub:
		return map[string]any{"meta": map[string]any{"success": false, "http_code": e.status, "developer_message": e.text()}}
	case ShapeString:
		return map[string]any{"error": e.text()}
	case ShapeLegacy:
		return map[string]any{
			"errors": []any{map[string]any{"code": e.code, "title": e.title, "details": e.details}},
			"meta":   map[string]any{"api_status": "stable", "version": "2.57.2"},
		}
	}
	return e.metaBody(trace)
}

func (e *apiError) metaBody(trace string) map[string]any {
	inner := map[string]any{"message": e.text(), "type": "OAuthException", "code": e.code, "fbtrace_id": trace}
	if e.details != "" {
		inner["error_data"] = map[string]any{"messaging_product": "whatsapp", "details": e.details}
	}
	if e.subcode != 0 {
		inner["error_subcode"] = e.subcode
	}
	if e.transient {
		inner["is_transient"] = true
	}
	out := map[string]any{"error": inner}
	for name, v := range e.beside {
		out[name] = v
	}
	return out
}

func (e *apiError) text() string {
	if e.code == 0 && e.shape != ShapeMeta {
		return e.title
	}
	return fmt.Sprintf("(#%d) %s", e.code, e.title)
}

// statusError is the same error as it stands inside a failed status.
func (e *apiError) statusError() map[string]any {
	out := map[string]any{
		"code": e.code, "title": e.title, "message": e.title,
		"href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
	}
	if e.details != "" {
		out["error_data"] = map[string]any{"details": e.details}
	}
	return out
}
