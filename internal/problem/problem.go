// Package problem holds the responses to deliveries that were refused or not processed.
package problem

import "net/http"

// A Problem is a response with the members of RFC 9457, section 3.1. It depends only on the reason,
// so that no error's text reaches the sender.
type Problem struct {
	Type   string `json:"type"`   // "about:blank": the status says it all (RFC 9457, section 4.2.1)
	Title  string `json:"title"`  // the text of the status
	Status int    `json:"status"` // the HTTP status
	Detail string `json:"detail"` // one sentence for the operator of the sender

	// RetryAfter is the value of the Retry-After header in seconds, or "" for no header. URLR
	// documents neither its intervals nor that it reads the header, but other senders may read it.
	RetryAfter string `json:"-"`

	// Hint is advice for the operator of the receiver. It is never sent. It is "" for an unknown
	// reason.
	Hint string `json:"-"`
}

// For returns the problem for a reason, as returned by core.Reason.
func For(reason string) Problem {
	p, ok := problems[reason]
	if !ok {
		p = Problem{
			Status: http.StatusInternalServerError,
			Detail: "The event could not be processed. Send the delivery again later.",
		}
	}
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	return p
}

var problems = map[string]Problem{
	"ErrNoSignature": {
		Status: http.StatusUnauthorized,
		Detail: "The x-signature header is missing.",
		Hint:   "Check that URLR sent the request, and that no proxy removes the x-signature header.",
	},
	"ErrMalformedSignature": {
		Status: http.StatusUnauthorized,
		Detail: "The x-signature header must be sent once, as 64 hexadecimal digits.",
		Hint:   "Check that URLR sent the request, and that no proxy changes or repeats the x-signature header.",
	},
	"ErrSignatureMismatch": {
		Status: http.StatusUnauthorized,
		Detail: "The signature does not match the body. " +
			"Check the secret, and that nothing changes the body in transit.",
		Hint: "Check that the secret is that of the link's folder, " +
			"and that nothing between URLR and this server changes the body.",
	},
	"ErrExpired": {
		Status: http.StatusForbidden,
		Detail: "The event's timestamp is missing, unreadable or outside the accepted range.",
		Hint:   "Check this server's clock, and that WithMaxAge leaves room for retries.",
	},
	"ErrBodyTooLarge": {
		Status: http.StatusRequestEntityTooLarge,
		Detail: "The body is too large.",
		Hint:   "If URLR sends bodies this large, raise WithMaxBodyBytes and any limit before Verify.",
	},
	"ErrBodyUnreadable": {
		Status: http.StatusBadRequest,
		Detail: "The body could not be read to its end.",
		Hint:   "If this recurs, check the timeouts and body limits of this server and of the proxies in front of it.",
	},
	"ErrMalformedEvent": {
		Status: http.StatusUnprocessableEntity,
		Detail: "The body must be a JSON object with an event type and no duplicate names.",
		Hint:   "The signature is valid, but the body is not an event. Check whether URLR has changed its format.",
	},
	"ErrSecretUnavailable": {
		Status: http.StatusServiceUnavailable,
		Detail: "The signature can't be verified at the moment. Send the delivery again later.",
		Hint:   "Check the SecretFunc and what it depends on.",
	},
	"ErrUnavailable": {
		Status:     http.StatusServiceUnavailable,
		Detail:     "The event can't be processed at the moment. Send the delivery again later.",
		RetryAfter: "10",
		Hint:       "Check what the handler depends on.",
	},
	"ErrNotVerified": {
		Status: http.StatusInternalServerError,
		Detail: "The receiver is not set up correctly: Verify must run before Deduplicate and Handler.",
		Hint:   "Mount Verify, with a Verifier from core.NewVerifier, before Deduplicate and Handler.",
	},
}
