package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// traced puts each request into one span, named after its operation, which
// continues the caller's trace where it sent one. It says what the access log
// says: no query, no header and no body. Without an exporter nothing is kept.
func traced() gin.HandlerFunc {
	tracer := otel.Tracer("github.com/cirrus/omnichannel/internal/web")
	return func(c *gin.Context) {
		ctx := otel.GetTextMapPropagator().Extract(c.Request.Context(), propagation.HeaderCarrier(c.Request.Header))
		ctx, span := tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		c.Request = c.Request.WithContext(ctx)
		c.Next()
		if !span.IsRecording() {
			return
		}
		// The route is known only now.
		status, route := c.Writer.Status(), routeOf(c)
		if route.OperationID != "" {
			span.SetName(route.OperationID)
		}
		span.SetAttributes(
			attribute.String("http.request.method", clip(c.Request.Method)), attribute.String("http.route", route.Path),
			attribute.Int("http.response.status_code", status), attribute.String("request_id", RequestID(c)),
		)
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, http.StatusText(status))
		}
	}
}
