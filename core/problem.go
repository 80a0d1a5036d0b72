package core

import (
	"encoding/json"
	"net/http"

	"github.com/urlr-community/webhooks-go/internal/problem"
)

// WriteProblem answers a delivery that ended with err, which must not be nil: with [StatusCode] and an
// application/problem+json document (RFC 9457) that depends on the error's sentinel alone, so no error
// text reaches the sender. For [ErrUnavailable], it also sets Retry-After.
func WriteProblem(w http.ResponseWriter, err error) {
	p := problem.For(Reason(err))
	h := w.Header()
	h.Del("Content-Length") // of an answer that somebody thought better of
	h.Del("Content-Encoding")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.RetryAfter != "" {
		h.Set("Retry-After", p.RetryAfter)
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a disconnected client needs no answer
}
