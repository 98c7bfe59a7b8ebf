package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	spans "go.opentelemetry.io/otel/trace"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/web"
)

// TestARequestIsOneSpan sets the process's exporter, so it runs before the
// parallel tests go on.
func TestARequestIsOneSpan(t *testing.T) {
	exporter := tracetest.NewInMemoryExporter()
	provider, propagator := otel.GetTracerProvider(), otel.GetTextMapPropagator()
	otel.SetTracerProvider(trace.NewTracerProvider(trace.WithSyncer(exporter)))
	otel.SetTextMapPropagator(propagation.TraceContext{})
	t.Cleanup(func() {
		otel.SetTracerProvider(provider)
		otel.SetTextMapPropagator(propagator)
	})
	var inHandler spans.SpanContext
	engine := engineOf(web.Route{Method: http.MethodGet, Path: "/things/{id}", OperationID: "getThing", Handler: web.Raw(func(c *gin.Context) error {
		inHandler = spans.SpanContextFromContext(c.Request.Context())
		switch c.Param("id") {
		case "broken":
			return fault.New(fault.Internal, "x")
		case "panic":
			panic("x")
		case "none":
			return fault.New(fault.NotFound, "x")
		}
		c.String(http.StatusOK, "fine")
		return nil
	})})
	const caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	for _, c := range []struct {
		path, name string
		status     int
		failed     bool
	}{
		{"/things/1", "getThing", 200, false}, {"/things/none", "getThing", 404, false}, {"/things/broken", "getThing", 500, true},
		{"/things/panic", "getThing", 500, true}, {"/nothing", "request", 404, false},
	} {
		exporter.Reset()
		a := do(engine, http.MethodGet, c.path+"?token=hunter2", "", "Traceparent", caller, "Authorization", "Bearer hunter2")
		kept := exporter.GetSpans()
		if len(kept) != 1 {
			t.Fatalf("%s: %d spans", c.path, len(kept))
		}
		span := kept[0]
		said := map[string]string{}
		for _, attribute := range span.Attributes {
			said[string(attribute.Key)] = attribute.Value.String()
		}
		if span.Name != c.name || said["http.response.status_code"] != fmt.Sprint(c.status) || (span.Status.Code == codes.Error) != c.failed ||
			said["request_id"] != a.header.Get("X-Request-Id") || said["http.request.method"] != "GET" || span.SpanKind != spans.SpanKindServer {
			t.Errorf("%s: %s %v %v", c.path, span.Name, said, span.Status)
		}
		if span.Parent.SpanID().String() != "00f067aa0ba902b7" || span.SpanContext.TraceID().String() != "4bf92f3577b34da6a3ce929d0e0e4736" {
			t.Errorf("%s leaves the caller's trace: %v", c.path, span.SpanContext)
		}
		if c.name == "getThing" && (inHandler.SpanID() != span.SpanContext.SpanID() || said["http.route"] != "/things/{id}") {
			t.Errorf("%s: the handler sees %v, route %s", c.path, inHandler, said["http.route"])
		}
		if text := fmt.Sprintf("%+v", span); strings.Contains(text, "hunter2") || strings.Contains(text, "things/none") {
			t.Errorf("%s shows %s", c.path, text)
		}
	}
	exporter.Reset()
	do(engine, http.MethodGet, "/things/1", "", "Traceparent", "nonsense")
	if kept := exporter.GetSpans(); len(kept) != 1 || kept[0].Parent.IsValid() {
		t.Errorf("a malformed parent: %+v", kept)
	}
}
