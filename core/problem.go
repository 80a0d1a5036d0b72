package core

import (
	"encoding/json"
	"net/http"

	"github.com/urlr-community/webhooks-go/internal/problem"
)

// WriteProblem replies to a delivery that ended with err, which must not be nil, with its
// [StatusCode] and an application/problem+json document (RFC 9457). For [ErrUnavailable] it also
// sets Retry-After. The document depends only on the [Reason] of err, so the error's text never
// reaches the sender.
func WriteProblem(w http.ResponseWriter, err error) {
	p := problem.For(Reason(err))
	h := w.Header()
	h.Del("Content-Length") // an abandoned response may have set these
	h.Del("Content-Encoding")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.RetryAfter != "" {
		h.Set("Retry-After", p.RetryAfter)
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // fails only if the client has disconnected
}
