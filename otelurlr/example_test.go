package otelurlr_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/otelurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func ExampleNew() {
	reader := sdkmetric.NewManualReader() // a program has one that exports
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))

	observer, err := otelurlr.New(otelurlr.WithMeterProvider(provider))
	if err != nil {
		log.Fatal(err)
	}
	record := func(context.Context, *core.Event) error { return nil } // writes to the database
	verify := nethttpurlr.Verify(secret, core.WithObserver(observer.Verification))
	guard := dedupe.New(dedupe.NewMemory(), dedupe.WithObserver(observer.Deduplication))
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr",
		verify(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(observer.Handler(record)))))

	mux.ServeHTTP(httptest.NewRecorder(), urlrtest.NewRequest("/webhooks/urlr", secret, urlrtest.NewEvent()))

	var collected metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &collected); err != nil {
		log.Fatal(err)
	}
	for _, m := range collected.ScopeMetrics[0].Metrics {
		fmt.Println(m.Name, m.Unit)
	}
	// Unordered output:
	// urlr.webhook.verify.duration s
	// urlr.webhook.process.duration s
	// urlr.webhook.request.body.size By
	// urlr.webhook.deduplications {outcome}
}
