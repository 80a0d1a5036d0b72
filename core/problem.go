package core

import (
	"encoding/json"
	"net/http"
)

// retryAfter is in seconds. URLR does not document its intervals, nor that it looks at the header;
// other senders may.
const retryAfter = "10"

// A Problem is the answer to a delivery that was refused or not processed, with the members of RFC
// 9457, section 3.1. It depends on the error's sentinel alone, so no error text reaches the sender.
type Problem struct {
	Type   string `json:"type"`   // "about:blank": the status says it all (RFC 9457, section 4.2.1)
	Title  string `json:"title"`  // the status in words
	Status int    `json:"status"` // StatusCode of the error
	Detail string `json:"detail"` // one sentence for the operator of the sender
}

// NewProblem returns the answer for err, which must not be nil.
func NewProblem(err error) Problem {
	c := classify(err)
	return Problem{Type: "about:blank", Title: http.StatusText(c.status), Status: c.status, Detail: c.detail}
}

// RetryAfter returns the value of the Retry-After header that answers err, in seconds, or "" where
// none belongs.
func RetryAfter(err error) string {
	if classify(err).sentinel == ErrUnavailable { //nolint:errorlint // a class has the sentinel itself
		return retryAfter
	}
	return ""
}

// WriteProblem answers with [NewProblem] of err, as application/problem+json.
func WriteProblem(w http.ResponseWriter, err error) {
	p := NewProblem(err)
	h := w.Header()
	h.Del("Content-Length") // of an answer that somebody thought better of
	h.Del("Content-Encoding")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if s := RetryAfter(err); s != "" {
		h.Set("Retry-After", s)
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a client that has gone away needs no answer
}
