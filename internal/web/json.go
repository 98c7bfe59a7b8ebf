package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"

	"github.com/gin-gonic/gin"

	"github.com/cirrus/omnichannel/internal/fault"
)

// Statuser is an answer that knows its own status, where a route has more than
// one success.
type Statuser interface{ HTTPStatus() int }

// None is the request of a route that reads nothing, or an answer without a body.
type None struct{}

// JSON makes a handler of a function from a request struct to an answer. The
// request's fields are filled from the path (`path:"sessionId"`), the query
// (`query:"page"`), headers (`header:"Last-Event-ID"`) and the JSON body (`json:"text"`), then validated once
// (`validate:"..."`). A field with both path and json may stand in the body
// too and must then agree with the path.
func JSON[Req, Resp any](handle func(context.Context, *Req) (Resp, error)) gin.HandlerFunc {
	plan := planOf(reflect.TypeFor[Req]())
	return func(c *gin.Context) {
		var req Req
		if err := plan.fill(c, reflect.ValueOf(&req).Elem()); err != nil {
			Fail(c, err)
			return
		}
		resp, err := handle(c.Request.Context(), &req)
		if err != nil {
			Fail(c, err)
			return
		}
		Answer(c, resp)
	}
}

// Raw makes a handler of a function that writes its own answer, or fails.
func Raw(handle func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := handle(c); err != nil {
			Fail(c, err)
		}
	}
}

// Answer writes a success: the route's status, or the answer's own.
func Answer(c *gin.Context, resp any) {
	status := routeOf(c).success()
	if s, ok := resp.(Statuser); ok {
		status = s.HTTPStatus()
	}
	if _, none := resp.(None); none {
		c.Status(http.StatusNoContent)
		return
	}
	body, err := json.Marshal(resp)
	if err != nil {
		Fail(c, err)
		return
	}
	c.Data(status, "application/json; charset=utf-8", body)
}

// ReadBody reads a request's body up to the route's limit. A body that says
// beforehand that it is larger is not read at all.
func ReadBody(c *gin.Context) ([]byte, error) {
	limit := routeOf(c).bodyLimit()
	if c.Request.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	body := bytes.NewBuffer(make([]byte, 0, max(0, int(c.Request.ContentLength))+bytes.MinRead)) // all at once
	_, err := body.ReadFrom(c.Request.Body)
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, tooLarge(limit)
	case errors.Is(err, ErrTooSlow):
		return nil, fault.Wrap(err, fault.MalformedRequest, "The body came too slowly, and was not awaited to its end.")
	case err != nil:
		return nil, fault.Wrap(err, fault.MalformedRequest, "The body ended before it was complete.")
	}
	return body.Bytes(), nil
}

func tooLarge(limit int64) error {
	return fault.New(fault.PayloadTooLarge, "The body is larger than the %d bytes that this route takes.", limit)
}
