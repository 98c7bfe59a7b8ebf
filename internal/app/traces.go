package app

import (
	"context"
	"fmt"
	"os"

	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
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
	exporter, err := autoexport.NewSpanExporter(ctx)
	if err != nil {
		return none, fmt.Errorf("set up traces by the OTEL_ settings: %w", err)
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
