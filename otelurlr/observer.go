package otelurlr

import (
	"errors"
	"fmt"
	"reflect"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// scope is the name of the instrumentation scope.
const scope = "github.com/urlr-community/webhooks-go/otelurlr"

// An Observer records metrics and traces. Create one with [New] and share it: it is safe for
// concurrent use. The methods of a nil or zero Observer panic.
type Observer struct {
	instruments
	tracer   trace.Tracer
	known    map[labels]series
	outcomes outcomes
}

// An Option configures an [Observer].
type Option func(*settings) error

type settings struct {
	meters  metric.MeterProvider
	tracers trace.TracerProvider
}

// WithMeterProvider records metrics with p. The default is the global provider, even if the program
// sets it after calling [New]. If p is nil, New returns an error.
func WithMeterProvider(p metric.MeterProvider) Option {
	return func(s *settings) error {
		if isNil(p) {
			return errNil("WithMeterProvider")
		}
		s.meters = p
		return nil
	}
}

// WithTracerProvider creates the handlers' spans with p. The default is the global provider, even
// if the program sets it after calling [New]. If p is nil, New returns an error.
func WithTracerProvider(p trace.TracerProvider) Option {
	return func(s *settings) error {
		if isNil(p) {
			return errNil("WithTracerProvider")
		}
		s.tracers = p
		return nil
	}
}

func errNil(option string) error {
	return fmt.Errorf("urlr: otelurlr.%s needs a provider, got nil: leave the option out to use the global one", option)
}

// isNil reports whether provider is nil or holds a nil pointer.
func isNil(provider any) bool {
	v := reflect.ValueOf(provider)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// New returns an Observer. It returns an error if an option is invalid or if the meter provider
// can't create an instrument.
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

// check panics if New didn't create o.
func (o *Observer) check() {
	if o == nil || o.tracer == nil {
		panic("urlr: this otelurlr.Observer is nil or zero: create it with otelurlr.New, and check the error")
	}
}
