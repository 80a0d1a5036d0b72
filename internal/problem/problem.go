// Package problem has the answers to deliveries that were refused or not processed.
package problem

import "net/http"

// A Problem is such an answer, with the members of RFC 9457, section 3.1. It depends on the reason
// alone, so no error's text reaches the sender.
type Problem struct {
	Type   string `json:"type"`   // "about:blank": the status says it all (RFC 9457, section 4.2.1)
	Title  string `json:"title"`  // the status in words
	Status int    `json:"status"` // what core.StatusCode returns
	Detail string `json:"detail"` // one sentence for the operator of the sender

	// RetryAfter is the value of the Retry-After header in seconds, or "" if there is none. URLR does
	// not document its intervals, nor that it reads the header; other senders may.
	RetryAfter string `json:"-"`
}

// For returns the answer for an error with this core.Reason.
func For(reason string) Problem {
	p, ok := problems[reason]
	if !ok {
		p = Problem{Status: http.StatusInternalServerError, Detail: "The event could not be processed. Send the delivery again later."}
	}
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	return p
}

var problems = map[string]Problem{
	"ErrNoSignature": {
		Status: http.StatusUnauthorized,
		Detail: "The x-signature header is missing.",
	},
	"ErrMalformedSignature": {
		Status: http.StatusUnauthorized,
		Detail: "The x-signature header must be sent once, as 64 hexadecimal digits.",
	},
	"ErrSignatureMismatch": {
		Status: http.StatusUnauthorized,
		Detail: "The signature does not match the body. Check the secret at both ends, and that nothing on the way changes the body.",
	},
	"ErrExpired": {
		Status: http.StatusForbidden,
		Detail: "The event's timestamp is missing, unreadable or outside of the accepted time.",
	},
	"ErrBodyTooLarge": {
		Status: http.StatusRequestEntityTooLarge,
		Detail: "The body is over the accepted size.",
	},
	"ErrBodyUnreadable": {
		Status: http.StatusBadRequest,
		Detail: "The body could not be read to its end.",
	},
	"ErrMalformedEvent": {
		Status: http.StatusUnprocessableEntity,
		Detail: "The body must be a JSON object with an event type and without duplicate names.",
	},
	"ErrSecretUnavailable": {
		Status: http.StatusServiceUnavailable,
		Detail: "The signature can't be checked at the moment. Send the delivery again later.",
	},
	"ErrUnavailable": {
		Status:     http.StatusServiceUnavailable,
		Detail:     "The event can't be processed at the moment. Send the delivery again later.",
		RetryAfter: "10",
	},
	"ErrNotVerified": {
		Status: http.StatusInternalServerError,
		Detail: "The receiver is not set up correctly.",
	},
}
