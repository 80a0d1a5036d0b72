package otelurlr

import (
	"errors"
	"fmt"
	"reflect"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// scope names this package to the providers.
const scope = "github.com/urlr-community/webhooks-go/otelurlr"

// An Observer measures and traces verifications, de-duplication and handlers. Make one with [New]
// and share it: it is safe for concurrent use. The methods of the zero Observer panic.
type Observer struct {
	instruments
	tracer   trace.Tracer
	known    map[labels]series
	outcomes outcomes
}

// An Option changes an [Observer]. An impossible one makes [New] fail.
type Option func(*settings) error

type settings struct {
	meters  metric.MeterProvider
	tracers trace.TracerProvider
}

// WithMeterProvider sends the metrics to p. Default: the global provider, also if it is set only
// after [New]. A nil p is an error.
func WithMeterProvider(p metric.MeterProvider) Option {
	return func(s *settings) error {
		if isNil(p) {
			return errors.New("urlr: otelurlr.WithMeterProvider needs a provider, got nil: leave the option out to use the global one")
		}
		s.meters = p
		return nil
	}
}

// WithTracerProvider sends the spans of handlers to p. Default: the global provider, also if it is
// set only after [New]. A nil p is an error.
func WithTracerProvider(p trace.TracerProvider) Option {
	return func(s *settings) error {
		if isNil(p) {
			return errors.New("urlr: otelurlr.WithTracerProvider needs a provider, got nil: leave the option out to use the global one")
		}
		s.tracers = p
		return nil
	}
}

// isNil also finds a nil pointer in an interface, such as that of a variable nobody has set.
func isNil(provider any) bool {
	v := reflect.ValueOf(provider)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// New returns an observer. An option with an impossible value is an error, and so is a provider that
// can't make one of the instruments.
func New(opts ...Option) (*Observer, error) {
	s := settings{meters: otel.GetMeterProvider(), tracers: otel.GetTracerProvider()}
	for _, opt := range opts {
		if opt == nil {
			return nil, errors.New("urlr: otelurlr.New got a nil Option: leave it out")
		}
		if err := opt(&s); err != nil {
			return nil, err
		}
	}
	instruments, err := newInstruments(s.meters.Meter(scope))
	if err != nil {
		return nil, fmt.Errorf("urlr: otelurlr.New: %w", err)
	}
	return &Observer{instruments, s.tracers.Tracer(scope), knownSeries(), newOutcomes()}, nil
}

// check panics for an Observer that New did not make.
func (o *Observer) check() {
	if o == nil || o.tracer == nil {
		panic("urlr: this otelurlr.Observer is nil or zero: make one with otelurlr.New, and check its error")
	}
}
