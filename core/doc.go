// Package core verifies webhooks of URLR, a URL shortener, and decodes them into typed events.
//
// Most programs use it through an adapter, such as package nethttpurlr, ginurlr, echourlr or
// fiberurlr, and only name its types and options:
//
//	verify := ginurlr.Verify(secret, core.WithMaxBodyBytes(16<<10))
//	handle := ginurlr.Handler(func(ctx context.Context, e *core.Event) error {
//		return counter.Add(ctx, e.Link.Code)
//	})
//
// Without a framework, or for a delivery from a queue, use a [Verifier]:
//
//	v, err := core.NewVerifier(secret) // once
//	// ...
//	e, err := v.Verify(ctx, body, signature) // for each delivery
//
// # Options
//
// By default a Verifier accepts one secret, all forms of the body, bodies up to 64 KiB and events
// of any age, and logs nothing.
//
//   - [WithSecrets] accepts more secrets, while one is being rotated
//   - [WithSecretFunc] looks secrets up for each request, for example by folder
//   - [WithForms] accepts fewer forms of the body
//   - [WithMaxBodyBytes] changes the size limit
//   - [WithMaxAge] rejects old events
//   - [WithObserver] reports each verification, for example to [LogObserver]
//
// # Verification
//
// URLR signs each delivery: the x-signature header contains the HMAC-SHA256 of the body (RFC 2104),
// keyed with the secret key of the link's folder, in hexadecimal. A [Verifier] accepts a signature
// of any of three forms of the body, because URLR's documentation has two recipes that differ, and
// because gateways re-encode bodies:
//
//   - [FormRaw], the bytes received
//   - [FormPHP], what PHP's json_encode writes for them, which is what URLR signs
//   - [FormJS], what the documentation's Node recipe computes from them
//
// The event is decoded from exactly the bytes whose MAC matched. A body that two parsers could read
// differently has no canonical form (see [Canonicalize]), so only a signature of the bytes received
// can match.
//
// # Errors
//
// Every refusal wraps one sentinel, such as [ErrSignatureMismatch], and [StatusCode] returns its
// HTTP status. URLR retries a delivery until it gets a 2xx response, so a handler that returns an
// error gets the event again.
//
// # Unfamiliar events
//
// No genuine click is dropped because its fields look unfamiliar. Unknown fields are ignored. An
// event of an unknown type is passed on with its [Event.Raw] bytes. A field of an unexpected type
// keeps its zero value, and [Event.Drift] names it.
package core
