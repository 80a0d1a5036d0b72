package otelurlr

import (
	"context"
	"errors"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/urlr-community/webhooks-go/core"
)

const (
	spanName = "urlr.webhook.process"
	panicked = "panic" // used instead of a core.Reason
)

// Handler returns a handler that calls h in a span of its own and records how long h takes. If h
// returns an error, the span's status is Error and error.type is the [core.Reason] for the answer.
// If h panics, error.type is "panic", and the panic continues. Handler panics if h is nil.
func (o *Observer) Handler(h core.HandlerFunc) core.HandlerFunc {
	o.check()
	if h == nil {
		panic("urlr: Observer.Handler needs a core.HandlerFunc, got nil")
	}
	return func(ctx context.Context, e *core.Event) error {
		start := time.Now()
		ctx, span := o.tracer.Start(ctx, spanName)
		reason := panicked // until h returns
		defer func() {
			o.endProcess(ctx, span, time.Since(start), labels{reason, 0, -1, typeOf(e)})
		}()
		err := h(ctx, e)
		reason = reasonOf(err)
		return err
	}
}

func (o *Observer) endProcess(ctx context.Context, span trace.Span, took time.Duration, l labels) {
	s := o.seriesOf(l)
	o.processDuration.Record(ctx, took.Seconds(), s.record...)
	span.SetAttributes(s.attributes...)
	if l.reason != "" {
		span.SetStatus(codes.Error, l.reason)
	}
	span.End()
}

var errUnforeseen = errors.New("unforeseen")

// reasonOf returns the reason that matches the answer: an error from a handler is never answered as
// a refusal, whatever it wraps.
func reasonOf(err error) string {
	if err != nil && core.StatusCode(err) < http.StatusInternalServerError {
		err = errUnforeseen
	}
	return core.Reason(err)
}
