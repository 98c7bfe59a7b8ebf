package app

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// startTraces exports traces where an exporter is set (OTEL_TRACES_EXPORTER or
// an OTLP endpoint), and does nothing elsewhere. The returned function flushes.
func startTraces(ctx context.Context) (func(context.Context) error, error) {
	none := func(context.Context) error { return nil }
	if os.Getenv("OTEL_TRACES_EXPORTER") == "" && os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" && os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" {
		return none, nil
	}
	exporter, err := newExporter(ctx, os.Getenv)
	if err != nil || exporter == nil {
		return none, err
	}
	// OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last: they win.
	process, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithHost(),
		resource.WithAttributes(attribute.String("service.name", "omnichannel"), attribute.String("service.version", Version())), resource.WithFromEnv())
	if err != nil {
		return none, fmt.Errorf("set up traces by the OTEL_ settings: %w", err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(process))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return provider.Shutdown, nil
}

// newExporter makes the exporter that the OTEL_ settings name; nil where that is
// none. It knows those of traces only: the library that chooses among all of
// them brings those of metrics and logs along, six megabytes of memory at rest.
func newExporter(ctx context.Context, env func(string) string) (trace.SpanExporter, error) {
	switch name := cmp.Or(env("OTEL_TRACES_EXPORTER"), "otlp"); name {
	case "none":
		return nil, nil
	case "console":
		return stdouttrace.New()
	case "otlp":
	default:
		return nil, fmt.Errorf("OTEL_TRACES_EXPORTER is %q: there are otlp, console and none", name)
	}
	switch protocol := cmp.Or(env("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), env("OTEL_EXPORTER_OTLP_PROTOCOL"), "http/protobuf"); protocol {
	case "http/protobuf":
		return otlptracehttp.New(ctx)
	case "grpc":
		return otlptracegrpc.New(ctx)
	default:
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL is %q: there are http/protobuf and grpc", protocol)
	}
}
