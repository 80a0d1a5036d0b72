package otelurlr_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/otelurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Measures what the observer adds to a verification.
func BenchmarkVerification(b *testing.B) {
	accepted, refused := verifications(b)
	recorded, span := sdktrace.NewTracerProvider().Tracer("").Start(b.Context(), "POST")
	defer span.End()
	never := sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample()))
	unsampled, _ := never.Tracer("").Start(b.Context(), "POST")

	sdk := func() metric.MeterProvider {
		return sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader()))
	}
	for _, test := range []struct {
		name        string
		ctx         context.Context
		meters      metric.MeterProvider
		observation core.Observation
	}{
		{"accepted", b.Context(), sdk(), accepted},
		{"refused", b.Context(), sdk(), refused},
		{"accepted, in a span that is not sampled", unsampled, sdk(), accepted},
		{"accepted, in a span", recorded, sdk(), accepted},
		{"accepted, without SDK", b.Context(), noop.NewMeterProvider(), accepted},
	} {
		b.Run(test.name, func(b *testing.B) {
			observer, err := otelurlr.New(otelurlr.WithMeterProvider(test.meters))
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				observer.Verification(test.ctx, test.observation)
			}
		})
	}
}

// verifications returns the observations of an authentic and of a forged delivery.
func verifications(t testing.TB) (accepted, refused core.Observation) {
	t.Helper()
	var seen []core.Observation
	observe := func(_ context.Context, o core.Observation) { seen = append(seen, o) }
	v := core.MustVerifier(secret, core.WithObserver(observe))
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)
	_, err := v.Verify(t.Context(), body, core.Sign(secret, body))
	require.NoError(t, err)
	_, err = v.Verify(t.Context(), body, core.Sign("forged", body))
	require.ErrorIs(t, err, core.ErrSignatureMismatch)
	return seen[0], seen[1]
}
