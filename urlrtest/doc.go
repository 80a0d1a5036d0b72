// Package urlrtest simulates URLR in tests of webhook receivers.
//
//	w := httptest.NewRecorder()
//	handler.ServeHTTP(w, urlrtest.NewRequest("/webhooks/urlr", secret, urlrtest.NewEvent()))
//
// [NewEvent] and [Body] produce events and the exact bytes URLR sends for them in each documented
// generation. [NewRequest] returns a signed request for net/http/httptest, for Fiber's app.Test or
// for a real client. A [Sender] delivers over HTTP, retries what is not acknowledged, and injects
// faults: lost and late responses, wrong signatures, re-encoded bodies, and twins, which are two
// clicks with identical deliveries.
package urlrtest
