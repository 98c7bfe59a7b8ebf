package messages

import (
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/cirrus/omnichannel/internal/providers"
)

// newTracer makes this room's spans; without an exporter they cost next to
// nothing.
func newTracer() trace.Tracer { return otel.Tracer("github.com/cirrus/omnichannel/internal/messages") }

// describe says in an attempt's span which message it was about, and by which
// stable code it failed; never what the message says or to whom it goes.
func describe(span trace.Span, row Message, err error) {
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.String("message_id", row.ID.String()), attribute.String("channel_id", row.Channel.String()))
	if err != nil {
		span.SetStatus(codes.Error, string(providers.AsSendError(err).Reason.Code()))
	}
}
