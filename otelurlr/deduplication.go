package otelurlr

import (
	"context"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// outcomes holds the precomputed options for counting each outcome.
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

// Deduplication counts an outcome of a [dedupe.Guard] and sets attributes on the span in ctx. Pass
// it to [dedupe.WithObserver]. Outcomes that this version doesn't know count as "other".
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

// describe sets the attributes of d on the request's span.
func describe(span trace.Span, d dedupe.Observation) {
	switch d.What {
	case dedupe.CreditEvicted: // the credit belongs to another delivery
	case dedupe.CreditKept: // follows the outcome, which stays
		span.SetAttributes(creditKeptKey.Bool(true))
	default:
		span.SetAttributes(outcomeKey.String(string(d.What)))
		if d.Duration > 0 {
			span.SetAttributes(storeDurationKey.Float64(d.Duration.Seconds()))
		}
	}
}
