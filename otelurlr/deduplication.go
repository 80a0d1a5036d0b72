package otelurlr

import (
	"context"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// outcomes are the options that count each outcome.
type outcomes map[dedupe.Outcome][]metric.AddOption

func newOutcomes() outcomes {
	all := outcomes{}
	for _, what := range []dedupe.Outcome{
		dedupe.Processed, dedupe.Failed, dedupe.Skipped, dedupe.ToldToWait,
		dedupe.CreditKept, dedupe.CreditEvicted, dedupe.StoreFailed, dedupe.GaveUp, other,
	} {
		all[what] = []metric.AddOption{metric.WithAttributes(outcomeKey.String(string(what)))}
	}
	return all
}

// Deduplication counts what a [dedupe.Guard] did, and adds it to the span of ctx. Pass it to
// [dedupe.WithObserver]. An outcome that this version does not know counts as "other".
func (o *Observer) Deduplication(ctx context.Context, d dedupe.Observation) {
	o.check()
	count, ok := o.outcomes[d.What]
	if !ok {
		d.What = other
		count = o.outcomes[other]
	}
	o.deduplications.Add(ctx, 1, count...)
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		describe(span, d)
	}
}

// describe adds to a span what the guard did with its delivery.
func describe(span trace.Span, d dedupe.Observation) {
	switch d.What {
	case dedupe.CreditEvicted: // it is another delivery's
	case dedupe.CreditKept: // comes after the outcome
		span.SetAttributes(creditKeptKey.Bool(true))
	default:
		span.SetAttributes(outcomeKey.String(string(d.What)))
		if d.Duration > 0 {
			span.SetAttributes(storeDurationKey.Float64(d.Duration.Seconds()))
		}
	}
}
