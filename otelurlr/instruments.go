package otelurlr

import (
	"errors"

	"go.opentelemetry.io/otel/metric"
)

type instruments struct {
	verifyDuration  metric.Float64Histogram
	processDuration metric.Float64Histogram
	bodySize        metric.Int64Histogram
	deduplications  metric.Int64Counter
}

// durationBounds are in seconds. A verification takes microseconds, or as long as a slow sender
// takes to send the body. A handler takes microseconds to enqueue, and milliseconds to write to a
// database.
var durationBounds = []float64{
	0.000_001, 0.000_002_5, 0.000_005,
	0.000_01, 0.000_025, 0.000_05,
	0.000_1, 0.000_25, 0.000_5,
	0.001, 0.002_5, 0.005,
	0.01, 0.025, 0.05,
	0.1, 0.25, 0.5,
	1, 2.5, 5, 10,
}

// sizeBounds are in bytes. URLR's bodies have a few hundred bytes. The first bucket counts requests
// refused before their body was read; the last bound is [core.DefaultMaxBodyBytes].
var sizeBounds = []float64{0, 128, 256, 512, 1 << 10, 2 << 10, 4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10}

func newInstruments(m metric.Meter) (i instruments, err error) {
	var errs [4]error
	i.verifyDuration, errs[0] = m.Float64Histogram("urlr.webhook.verify.duration",
		metric.WithUnit("s"), metric.WithExplicitBucketBoundaries(durationBounds...),
		metric.WithDescription("Time to read and verify the body of a delivery."))
	i.processDuration, errs[1] = m.Float64Histogram("urlr.webhook.process.duration",
		metric.WithUnit("s"), metric.WithExplicitBucketBoundaries(durationBounds...),
		metric.WithDescription("Time that the handler took for an event."))
	i.bodySize, errs[2] = m.Int64Histogram("urlr.webhook.request.body.size",
		metric.WithUnit("By"), metric.WithExplicitBucketBoundaries(sizeBounds...),
		metric.WithDescription("Bytes of the body of a delivery that were read."))
	i.deduplications, errs[3] = m.Int64Counter("urlr.webhook.deduplications",
		metric.WithUnit("{outcome}"),
		metric.WithDescription("Outcomes of the guard that handles each click once."))
	return i, errors.Join(errs[:]...)
}
