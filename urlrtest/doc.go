// Package urlrtest behaves like URLR, for the tests of whoever receives its webhooks.
//
// [NewEvent] and [Body] make the events and the exact bytes that URLR sends in each documented generation, [NewRequest] a signed
// request for net/http/httptest, for Fiber's app.Test or for a real client. A [Sender] delivers over HTTP and sends again what is
// not acknowledged, and injects faults on purpose: lost and late answers, twins, re-encoded bodies, wrong signatures.
package urlrtest
