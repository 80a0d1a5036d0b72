package core

import (
	"errors"
	"net/http"

	"github.com/urlr-community/webhooks-go/internal/problem"
)

// Why a delivery is refused, or has to be sent again. Every error of this package wraps one of these, except those of
// [NewVerifier] and [Canonicalize]. None holds a secret, a computed MAC or the body.
var (
	// ErrNoSignature: the request has no x-signature header. Status 401.
	ErrNoSignature = errors.New("urlr: no signature: send the x-signature header, and let no proxy remove it")

	// ErrMalformedSignature: the signature is not 64 hexadecimal digits, or the header came more than once. Status 401.
	ErrMalformedSignature = errors.New("urlr: malformed signature: send x-signature once, as 64 hexadecimal digits without a prefix")

	// ErrSignatureMismatch: no accepted secret gives this signature for any accepted form of the body. Status 401.
	ErrSignatureMismatch = errors.New("urlr: signature mismatch: check that the secret is the one of the link's folder, and that nothing between URLR and here changes the body")

	// ErrExpired: the event's timestamp is outside of what [WithMaxAge] allows, or not readable. Status 403.
	ErrExpired = errors.New("urlr: event expired")

	// ErrBodyTooLarge: the body is over the limit of [WithMaxBodyBytes]. The rest of it was not read. Status 413.
	ErrBodyTooLarge = errors.New("urlr: body too large: raise the limit with WithMaxBodyBytes if URLR really sends this much")

	// ErrBodyUnreadable: the body could not be read to its end; the client went away, or its encoding is broken. Status 400.
	ErrBodyUnreadable = errors.New("urlr: body unreadable: send the whole body again")

	// ErrMalformedEvent: the signature is authentic, but the body is not a JSON object with a string "event", has
	// duplicate names or is not valid UTF-8. Status 422.
	ErrMalformedEvent = errors.New("urlr: malformed event")

	// ErrSecretUnavailable: the [SecretFunc] failed. This is not the sender's fault: the delivery is to be sent again. Status 503.
	ErrSecretUnavailable = errors.New("urlr: secret unavailable: the SecretFunc failed")

	// ErrNotVerified: no event of Verify is in the request's context. That is a mistake in the set-up of the routes, so the answer says so.
	// Status 500.
	ErrNotVerified = errors.New("urlr: not verified: mount Verify before Deduplicate and Handler, and pass the request's context: c.Request.Context() in Gin, c.UserContext() in Fiber v2, c in Fiber v3")

	// ErrUnavailable is for handlers to wrap: a dependency is down, and the delivery is to be sent again. Status 503, with a
	// Retry-After header.
	ErrUnavailable = errors.New("urlr: unavailable: a dependency of the handler is down")
)

// reasons has the name of each sentinel, in the order in which they are looked for: an error that also
// says that this side is at fault is no refusal, whatever else it wraps.
var reasons = [...]struct {
	sentinel error
	name     string
	refusal  bool // the sender is at fault
}{
	{ErrSecretUnavailable, "ErrSecretUnavailable", false},
	{ErrUnavailable, "ErrUnavailable", false},
	{ErrNotVerified, "ErrNotVerified", false},
	{ErrNoSignature, "ErrNoSignature", true},
	{ErrMalformedSignature, "ErrMalformedSignature", true},
	{ErrSignatureMismatch, "ErrSignatureMismatch", true},
	{ErrExpired, "ErrExpired", true},
	{ErrBodyTooLarge, "ErrBodyTooLarge", true},
	{ErrBodyUnreadable, "ErrBodyUnreadable", true},
	{ErrMalformedEvent, "ErrMalformedEvent", true},
}

// Reason returns the name of the sentinel that err wraps, such as "ErrSignatureMismatch", "unforeseen"
// if it wraps none, and "" for nil. It is a label for metrics and logs.
func Reason(err error) string {
	if err == nil {
		return ""
	}
	for _, r := range reasons {
		if errors.Is(err, r.sentinel) {
			if _, ok := errors.AsType[handlerError](err); ok && r.refusal {
				break
			}
			return r.name
		}
	}
	return "unforeseen"
}

// StatusCode returns the HTTP status that answers a delivery with this outcome: 204 for nil, the status that each sentinel
// states, and 500 for any other error.
func StatusCode(err error) int {
	if err == nil {
		return http.StatusNoContent
	}
	return problem.For(Reason(err)).Status
}
