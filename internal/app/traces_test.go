package app_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/cirrus/omnichannel/internal/app"
)

// environment answers as a process's does.
func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for _, pair := range pairs {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

func TestTheSettingsChooseTheExporter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ env, exporter, err string }{
		{"OTEL_TRACES_EXPORTER=none", "<nil>", ""},
		{"OTEL_TRACES_EXPORTER=console", "*stdouttrace.Exporter", ""},
		{"OTEL_TRACES_EXPORTER=otlp", "*otlptrace.Exporter", ""},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318", "*otlptrace.Exporter", ""},
		{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "*otlptrace.Exporter", ""},
		{"OTEL_TRACES_EXPORTER=zipkin", "<nil>", "otlp, console and none"},
		{"OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "<nil>", "http/protobuf and grpc"},
	} {
		exporter, err := app.NewExporter(t.Context(), environment(c.env))
		if got := fmt.Sprintf("%T", exporter); got != c.exporter || c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %s, %v", c.env, got, err)
		}
	}
}

// export makes one span end and waits until the exporter has done with it.
func export(exporter trace.SpanExporter) {
	provider := trace.NewTracerProvider(trace.WithSyncer(exporter))
	_, span := provider.Tracer("t").Start(context.Background(), "s")
	span.End()
}

// The collector hears of a span by the protocol that was chosen.
func TestACollectorHearsOfASpan(t *testing.T) {
	heard := make(chan string, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what is cut off is short
		heard <- fmt.Sprintf("%s %v", r.URL.Path, len(body) > 0)
	}))
	t.Cleanup(collector.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	exporter := must(app.NewExporter(t.Context(), environment()))
	export(exporter)
	if got := <-heard; got != "/v1/traces true" {
		t.Errorf("over HTTP the collector heard %s", got)
	}

	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	t.Cleanup(func() { listener.Close() })
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"+listener.Addr().String())
	t.Setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1000")
	exporter = must(app.NewExporter(t.Context(), environment("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc")))
	done := make(chan struct{})
	go func() { export(exporter); close(done) }()
	conn := must(listener.Accept())
	preface := make([]byte, 14)
	if _, err := io.ReadFull(conn, preface); err != nil || string(preface) != "PRI * HTTP/2.0" {
		t.Errorf("over gRPC the collector heard %q, %v", preface, err)
	}
	conn.Close()
	<-done
}
