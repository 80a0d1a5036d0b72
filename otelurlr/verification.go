package otelurlr

import (
	"context"

	"go.opentelemetry.io/otel/trace"

	"github.com/urlr-community/webhooks-go/core"
)

// Verification records the duration and the body size of a verification, and sets attributes on the
// span in ctx. Pass it to [core.WithObserver].
func (o *Observer) Verification(ctx context.Context, v core.Observation) {
	o.check()
	s := o.seriesOf(labelsOf(&v))
	o.verifyDuration.Record(ctx, v.Duration.Seconds(), s.record...)
	o.bodySize.Record(ctx, int64(v.BodyBytes), s.recordSize...)
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		span.SetAttributes(s.attributes...)
	}
}
