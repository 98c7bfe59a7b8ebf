package web

import (
	"context"
	"net/http"
	"reflect"

	"github.com/gin-gonic/gin"
)

// Stream is an answer that goes on: Server-Sent Events. A client that takes
// them too slowly is cut off (Paced), which ends its request's context.
type Stream struct{ c *gin.Context }

// Streaming makes a handler of a function that reads its request as JSON does
// and answers by a stream, for as long as it runs. An error before the first
// Send is answered as a problem; one after it only ends the stream.
func Streaming[Req any](handle func(context.Context, *Req, *Stream) error) gin.HandlerFunc {
	plan := planOf(reflect.TypeFor[Req]())
	return func(c *gin.Context) {
		var req Req
		err := plan.fill(c, reflect.ValueOf(&req).Elem())
		if err == nil {
			err = handle(c.Request.Context(), &req, &Stream{c})
		}
		if err != nil && !c.Writer.Written() {
			Fail(c, err)
		}
	}
}

// Send hands text to the client at once. It fails when the client is gone.
func (s *Stream) Send(text []byte) error {
	if !s.c.Writer.Written() {
		header := s.c.Writer.Header()
		header.Set("Content-Type", "text/event-stream")
		header.Set("Cache-Control", "no-store")
		header.Set("X-Accel-Buffering", "no") // proxies hold nothing back
		s.c.Status(http.StatusOK)
	}
	if _, err := s.c.Writer.Write(text); err != nil {
		return err
	}
	s.c.Writer.Flush()
	return s.c.Request.Context().Err()
}

// Allowed asks again whether the caller may read the stream: a key may have
// been revoked since.
func (s *Stream) Allowed(ctx context.Context) error {
	again, ok := s.c.Value(againKey).(func(context.Context) error)
	if !ok {
		return nil // a route without keys
	}
	return again(ctx)
}
