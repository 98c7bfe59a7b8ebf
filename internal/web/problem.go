package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/cirrus/omnichannel/internal/fault"
)

// internalDetail is all that a caller learns of an error we did not foresee.
const internalDetail = "Something went wrong on our side. Nothing more can be said here; quote the requestId to whoever runs this server."

// statusClientGone is what the access log shows when the caller hung up before
// the answer; nobody receives it.
const statusClientGone = 499

// Fail answers a request with the problem document of an error, and logs what
// the caller may not see.
func Fail(c *gin.Context, err error) {
	c.Abort()
	if errors.Is(err, context.Canceled) && c.Request.Context().Err() != nil {
		c.Status(statusClientGone)
		return
	}
	f := faultOf(err)
	status := StatusOf(f.Code)
	log := slog.With("request_id", RequestID(c), "operation", routeOf(c).OperationID, "code", string(f.Code))
	switch {
	case status >= http.StatusInternalServerError:
		log.ErrorContext(c, "request failed", "error", err)
	case f.Err != nil:
		log.InfoContext(c, "request refused", "error", err)
	}
	if f.RetryAfter > 0 {
		c.Header("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
	}
	if f.Code == fault.Unauthenticated {
		c.Header("WWW-Authenticate", `Bearer realm="omnichannel"`)
	}
	body, err := json.Marshal(problem(f, status, RequestID(c), c.GetHeader("Accept-Language")))
	if err != nil { // an Extra that is no JSON: a mistake of ours
		body = []byte(`{"type":"about:blank","title":"Erro interno","status":500,"code":"internal"}`)
		status = http.StatusInternalServerError
	}
	c.Data(status, "application/problem+json; charset=utf-8", body)
}

// faultOf finds the fault in an error; anything else is internal, with a fixed
// text.
func faultOf(err error) *fault.Error {
	var f *fault.Error
	switch {
	case errors.As(err, &f) && f.Code != fault.Internal:
		return f
	default:
		return &fault.Error{Code: fault.Internal, Detail: internalDetail, Err: err}
	}
}

// problem builds the document of RFC 9457.
func problem(f *fault.Error, status int, requestID, acceptLanguage string) map[string]any {
	doc := map[string]any{}
	for name, value := range f.Extra {
		doc[name] = value
	}
	doc["type"] = "/docs#problem-" + string(f.Code)
	doc["title"] = titleOf(f.Code, acceptLanguage)
	doc["status"] = status
	doc["code"] = string(f.Code)
	doc["detail"] = f.Detail
	doc["requestId"] = requestID
	if len(f.Fields) > 0 {
		doc["errors"] = f.Fields
	}
	if f.ProviderCode != "" {
		doc["providerCode"] = f.ProviderCode
	}
	return doc
}
