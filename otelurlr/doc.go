// Package otelurlr records OpenTelemetry metrics and traces for URLR's webhooks.
//
//	observer, err := otelurlr.New() // uses the global providers
//	verify := ginurlr.Verify(secret, core.WithObserver(observer.Verification))
//	guard := dedupe.New(store, dedupe.WithObserver(observer.Deduplication))
//	handle := ginurlr.Handler(observer.Handler(record))
//	r.POST("/webhooks/urlr", verify, ginurlr.Deduplicate(guard), handle)
//
// It works the same way with net/http, Echo and Fiber. Each of the three methods is optional. The
// package depends on the OpenTelemetry API only; your program chooses the SDK and the exporters.
//
// # Metrics
//
//	urlr.webhook.verify.duration    histogram, s   time to read and verify the body of a delivery
//	urlr.webhook.request.body.size  histogram, By  bytes of the body that were read
//	urlr.webhook.process.duration   histogram, s   time that the handler took
//	urlr.webhook.deduplications     counter        outcomes of the guard
//
// # Attributes
//
//	error.type                 core.Reason of the error, or "panic"; absent without an error
//	urlr.webhook.form          form that matched: "raw", "php" or "js"; absent if none did
//	urlr.webhook.secret.index  index of the secret that matched, at most 15; absent if none did
//	urlr.webhook.event.type    "link_clicked", or "other"; absent without an event
//	urlr.webhook.outcome       dedupe.Outcome, such as "processed"
//
// The verify duration has all but the outcome. The process duration has the error type and the
// event type, the body size has the error type, and the counter has the outcome. Every attribute
// takes its values from a fixed set, and no value comes from a request, so a sender can't add
// series.
//
// # Traces
//
// Mount your server's instrumentation, such as otelhttp, before Verify. The request's span then
// gets the attributes of the verification and these:
//
//	urlr.webhook.outcome         what the guard did with the delivery
//	urlr.webhook.store.duration  seconds that the guard's store took; absent with dedupe.Memory
//	urlr.webhook.credit.kept     true if the answer may have been lost
//
// Each handler call gets its own span, urlr.webhook.process, with the attributes of the process
// duration. The handler runs in the context of that span.
//
// Error messages are never recorded. To record one, call RecordError on the span in your handler.
//
// # Dashboard
//
// The file dashboard.json in this package's folder is a Grafana dashboard. It expects the names
// that OpenTelemetry's Prometheus exporter writes by default. The program in examples/metrics
// serves them.
package otelurlr
