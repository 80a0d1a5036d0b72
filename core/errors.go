package core

import (
	"errors"
	"net/http"

	"github.com/urlr-community/webhooks-go/internal/problem"
)

// Every error returned for a delivery wraps one of these sentinels. Their texts are short;
// [LogObserver] logs advice with them. No error contains a secret, a computed MAC, a signature or
// the body.
var (
	// ErrNoSignature means that the request has no x-signature header. Check that URLR sent it, and
	// that no proxy removes the header. Status 401.
	ErrNoSignature = errors.New("urlr: no signature")

	// ErrMalformedSignature means that the x-signature header is not 64 hexadecimal digits, or
	// occurs more than once. Status 401.
	ErrMalformedSignature = errors.New("urlr: malformed signature")

	// ErrSignatureMismatch means that no accepted secret gives this signature for any accepted form
	// of the body. Check that the secret is that of the link's folder, and that nothing between
	// URLR and the server changes the body. Package diagnose finds the cause. Status 401.
	ErrSignatureMismatch = errors.New("urlr: signature mismatch")

	// ErrExpired means that the event's timestamp is outside [WithMaxAge], missing or unreadable.
	// Check the server's clock, and that the age leaves room for retries. Status 403.
	ErrExpired = errors.New("urlr: event expired")

	// ErrBodyTooLarge means that the body is larger than [WithMaxBodyBytes]. The rest of it was not
	// read. Status 413.
	ErrBodyTooLarge = errors.New("urlr: body too large")

	// ErrBodyUnreadable means that the body could not be read to its end: the client disconnected
	// or was too slow, or the encoding is broken. Status 400.
	ErrBodyUnreadable = errors.New("urlr: body unreadable")

	// ErrMalformedEvent means that the signature is authentic, but the body is not a JSON object
	// with a string "event", has duplicate names or is not valid UTF-8. Status 422.
	ErrMalformedEvent = errors.New("urlr: malformed event")

	// ErrSecretUnavailable means that the [SecretFunc] failed. That is not the sender's fault, and
	// URLR should retry. Status 503.
	ErrSecretUnavailable = errors.New("urlr: secret unavailable")

	// ErrNotVerified means that the context carries no event. Mount Verify before Deduplicate and
	// Handler, and pass the request's context: see [FromContext]. Status 500.
	ErrNotVerified = errors.New("urlr: no verified event in context")

	// ErrUnavailable is for handlers to wrap: a dependency is down, and URLR should retry. Status
	// 503, with a Retry-After header.
	ErrUnavailable = errors.New("urlr: unavailable")
)

// A detailedError adds a detail to a sentinel.
type detailedError struct {
	sentinel     error
	detail, hint string // see [LogObserver]
}

func (e *detailedError) Error() string { return e.sentinel.Error() + ": " + e.detail }

func (e *detailedError) Unwrap() error { return e.sentinel }

// hint returns advice for the operator of the server, or "".
func hint(err error) string {
	reason := Reason(err)
	if e, ok := errors.AsType[*detailedError](err); ok && e.hint != "" && Reason(e.sentinel) == reason {
		return e.hint
	}
	return problem.For(reason).Hint
}

// reasons holds the name of each sentinel. Faults of this side come first: an error that wraps one
// is not a refusal, whatever else it wraps.
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

// Reason returns the name of the sentinel that err wraps, such as "ErrSignatureMismatch", as a
// label for metrics and logs. It returns "unforeseen" if err wraps none, and "" if err is nil.
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

// StatusCode returns the HTTP status of the response to a delivery that ended with err: 204 for
// nil, the status documented at the sentinel that err wraps, and 500 for any other error.
func StatusCode(err error) int {
	if err == nil {
		return http.StatusNoContent
	}
	return problem.For(Reason(err)).Status
}
