// Package otelurlr measures and traces the receiving of URLR's webhooks with OpenTelemetry.
//
//	observer, err := otelurlr.New() // with the global providers
//	verify := ginurlr.Verify(secret, core.WithObserver(observer.Verification))
//	guard := dedupe.New(store, dedupe.WithObserver(observer.Deduplication))
//	r.POST("/webhooks/urlr", verify, ginurlr.Deduplicate(guard), ginurlr.Handler(observer.Handler(record)))
//
// It works the same way with the adapters for net/http, Echo and Fiber. Leave out the parts you
// don't need. The package uses the OpenTelemetry API only: which SDK and which exporters a program
// has is up to the program.
//
// # Metrics
//
//	urlr.webhook.verify.duration    histogram, seconds   how long it took to read and verify a body
//	urlr.webhook.request.body.size  histogram, bytes     how much of the body was read
//	urlr.webhook.process.duration   histogram, seconds   how long the handler took
//	urlr.webhook.deduplications     counter              what the guard did
//
// # Attributes
//
//	error.type                 core.Reason of the error, or "panic"; absent if there was no error
//	urlr.webhook.form          form whose signature matched: "raw", "php" or "js"; absent if none did
//	urlr.webhook.secret.index  index of the secret that matched, as an int; 15 stands for 15 and above
//	urlr.webhook.event.type    "link_clicked", or "other"; absent if there is no event
//	urlr.webhook.outcome       dedupe.Outcome: "processed", "skipped", ...
//
// Every metric but the last has error.type. urlr.webhook.process.duration also has the event type;
// urlr.webhook.verify.duration has that, the form and the secret index; urlr.webhook.deduplications
// has the outcome alone. Each attribute has a fixed set of values, and nothing in a request becomes
// one, so nobody who can reach the endpoint can add series.
//
// # Traces
//
// The span of the request, which the instrumentation of the HTTP server starts, gets the attributes
// of its verification and of its de-duplication: urlr.webhook.outcome, urlr.webhook.credit.kept if
// the answer may have been lost, and urlr.webhook.store.duration, the seconds that the guard's store
// took. Each call of the handler is a span of its own, urlr.webhook.process, in whose context the
// handler runs. Mount the instrumentation of the server before Verify.
//
// Neither spans nor metrics contain the text of an error: a handler that wants it in its span calls
// RecordError.
//
// # Dashboard
//
// dashboard.json, in the folder of this package, is a dashboard for Grafana. It expects the names
// that OpenTelemetry's exporter for Prometheus gives the metrics by default.
package otelurlr
