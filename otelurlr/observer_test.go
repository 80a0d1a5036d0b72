package otelurlr_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/otelurlr"
)

const secret = "whsec_test"

// A telemetry is an Observer with the SDK's providers.
type telemetry struct {
	*otelurlr.Observer
	reader *sdkmetric.ManualReader
	spans  *tracetest.SpanRecorder
	tracer trace.Tracer // of the server
}

func newTelemetry(t testing.TB) *telemetry {
	t.Helper()
	reader, spans := sdkmetric.NewManualReader(), tracetest.NewSpanRecorder()
	tracers := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	observer, err := otelurlr.New(
		otelurlr.WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))),
		otelurlr.WithTracerProvider(tracers))
	require.NoError(t, err)
	return &telemetry{observer, reader, spans, tracers.Tracer("server")}
}

// collect returns the current metrics.
func collect(t testing.TB, reader *sdkmetric.ManualReader) []metricdata.Metrics {
	t.Helper()
	var data metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(t.Context(), &data))
	var all []metricdata.Metrics
	for _, scope := range data.ScopeMetrics {
		assert.Equal(t, "github.com/urlr-community/webhooks-go/otelurlr", scope.Scope.Name)
		all = append(all, scope.Metrics...)
	}
	return all
}

// A point is a series, with the count and the sum of its measurements.
type point struct {
	metric     string
	attributes attribute.Set
	count      int
	sum        float64
}

func (p point) String() string {
	return p.metric + "{" + p.attributes.Encoded(attribute.DefaultEncoder()) + "}"
}

func points(t testing.TB, reader *sdkmetric.ManualReader) []point {
	t.Helper()
	var all []point
	for _, m := range collect(t, reader) {
		switch data := m.Data.(type) {
		case metricdata.Histogram[float64]:
			for _, p := range data.DataPoints {
				all = append(all, point{m.Name, p.Attributes, int(p.Count), p.Sum})
			}
		case metricdata.Histogram[int64]:
			for _, p := range data.DataPoints {
				all = append(all, point{m.Name, p.Attributes, int(p.Count), float64(p.Sum)})
			}
		case metricdata.Sum[int64]:
			for _, p := range data.DataPoints {
				all = append(all, point{m.Name, p.Attributes, int(p.Value), float64(p.Value)})
			}
		default:
			t.Fatalf("%s is a %T", m.Name, m.Data)
		}
	}
	return all
}

// counts returns the number of measurements of each series.
func (tel *telemetry) counts(t testing.TB) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, p := range points(t, tel.reader) {
		counts[p.String()] = p.count
	}
	return counts
}

func TestInstruments(t *testing.T) {
	tel := newTelemetry(t)
	tel.Verification(t.Context(), core.Observation{})
	tel.Deduplication(t.Context(), dedupe.Observation{})
	require.NoError(t, tel.Handler(nothing)(t.Context(), nil))

	units := map[string]string{}
	for _, m := range collect(t, tel.reader) {
		units[m.Name] = m.Unit
		assert.NotEmpty(t, m.Description, m.Name)
		switch data := m.Data.(type) {
		case metricdata.Histogram[float64]: // fine enough for microseconds and milliseconds
			bounds := data.DataPoints[0].Bounds
			assert.Subset(t, bounds, []float64{0.000001, 0.0000025, 0.000005, 0.00001, 0.001, 0.0025, 0.005, 0.01, 1})
			assert.IsIncreasing(t, bounds)
		case metricdata.Histogram[int64]:
			assert.Contains(t, data.DataPoints[0].Bounds, float64(core.DefaultMaxBodyBytes))
		case metricdata.Sum[int64]:
			assert.True(t, data.IsMonotonic)
		}
	}
	assert.Equal(t, map[string]string{
		"urlr.webhook.verify.duration":   "s",
		"urlr.webhook.process.duration":  "s",
		"urlr.webhook.request.body.size": "By",
		"urlr.webhook.deduplications":    "{outcome}",
	}, units)
}

func nothing(context.Context, *core.Event) error { return nil }

func TestNewRefuses(t *testing.T) {
	var noMeters *sdkmetric.MeterProvider
	var noTracers *sdktrace.TracerProvider
	for name, test := range map[string]struct {
		opt  otelurlr.Option
		want string
	}{
		"nil option":            {nil, "leave it out"},
		"nil meter provider":    {otelurlr.WithMeterProvider(nil), "leave the option out"},
		"unset meter provider":  {otelurlr.WithMeterProvider(noMeters), "leave the option out"},
		"nil tracer provider":   {otelurlr.WithTracerProvider(nil), "leave the option out"},
		"unset tracer provider": {otelurlr.WithTracerProvider(noTracers), "leave the option out"},
		"broken meter provider": {otelurlr.WithMeterProvider(broken{}), "no room"},
	} {
		observer, err := otelurlr.New(test.opt)
		assert.ErrorContains(t, err, "urlr: ", name)
		assert.ErrorContains(t, err, test.want, name)
		assert.Nil(t, observer, name)
	}
}

// broken can't create counters.
type broken struct{ noop.MeterProvider }

func (broken) Meter(string, ...metric.MeterOption) metric.Meter { return brokenMeter{} }

type brokenMeter struct{ noop.Meter }

func (brokenMeter) Int64Counter(string, ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	return noop.Int64Counter{}, errors.New("no room for a counter")
}

// Ignoring the error from New shows at the first delivery, or at setup with Handler.
func TestObserverNotFromNew(t *testing.T) {
	for _, observer := range []*otelurlr.Observer{nil, {}} {
		for name, use := range map[string]func(){
			"Verification":  func() { observer.Verification(t.Context(), core.Observation{}) },
			"Deduplication": func() { observer.Deduplication(t.Context(), dedupe.Observation{}) },
			"Handler":       func() { observer.Handler(nothing) },
		} {
			assert.PanicsWithValue(t,
				"urlr: this otelurlr.Observer is nil or zero: create it with otelurlr.New, and check the error",
				use, name)
		}
	}
}

// Programs often register routes before they set their providers.
func TestGlobalProvidersSetLater(t *testing.T) {
	meters, tracers := otel.GetMeterProvider(), otel.GetTracerProvider()
	defer func() {
		otel.SetMeterProvider(meters)
		otel.SetTracerProvider(tracers)
	}()
	observer, err := otelurlr.New()
	require.NoError(t, err)
	handler := observer.Handler(nothing)

	reader, spans := sdkmetric.NewManualReader(), tracetest.NewSpanRecorder()
	otel.SetMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)))
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)))
	observer.Verification(t.Context(), core.Observation{})
	observer.Deduplication(t.Context(), dedupe.Observation{})
	require.NoError(t, handler(t.Context(), nil))
	assert.Len(t, points(t, reader), 4)
	assert.Len(t, spans.Ended(), 1)
}
