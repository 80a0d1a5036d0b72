// Package core verifies the webhooks of URLR, a URL shortener, and decodes them into typed events. It knows no web framework;
// the adapters beside it mount it in net/http, Gin, Echo and Fiber.
//
// # Verification
//
// URLR signs each delivery: the x-signature header has the HMAC-SHA256 of the body (RFC 2104), keyed with the secret key of the
// link's folder, in hexadecimal. A [Verifier] accepts it over any of three forms of the body, because URLR's documentation has
// two recipes that differ, and because gateways re-encode bodies on their way:
//
//   - [FormRaw], the bytes received
//   - [FormPHP], what PHP's json_encode writes for them, which is what URLR signs
//   - [FormJS], what the documentation's Node recipe computes from them
//
// The event is decoded from exactly the bytes whose MAC matched. Where two parsers could read a body differently, it has no
// canonical form (see [Canonicalize]), and only the bytes received can match.
//
// # Errors
//
// Every refusal wraps one sentinel, such as [ErrSignatureMismatch], and [StatusCode] has its HTTP status. URLR sends a delivery
// again until it is answered with a 2xx status, so a handler returns an error to get the event once more.
//
// # Tolerance
//
// An authentic event is not lost for its shape. Unknown fields are ignored, an unknown type of event is passed on with its
// [Event.Raw] bytes, and a field of another type than documented keeps its zero value and is named by [Event.Drift].
package core
