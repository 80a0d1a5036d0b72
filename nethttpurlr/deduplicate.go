package nethttpurlr

import (
	"net/http"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/track"
)

// Deduplicate returns middleware that passes each click to the next handler once, although URLR
// retries deliveries; see package [github.com/urlr-community/webhooks-go/dedupe]. Mount it after
// [Verify].
//
// The response to a retry of a processed delivery is 204. The response to a delivery that must be
// retried later is 503 with Retry-After.
//
// Deduplicate treats a response as lost if the client disconnects before the response is sent, or
// if writing or flushing the response fails. net/http reports a disconnected client by canceling
// the request's context. Set [dedupe.ConnContext] in the server to have Deduplicate inspect the
// connection, too. To detect failures, Deduplicate flushes the response when the next handler
// returns, unless the response has no body and middleware mounted before Deduplicate may compress
// it.
//
// It panics if g is nil.
func Deduplicate(g *dedupe.Guard) func(http.Handler) http.Handler {
	if g == nil {
		panic("urlr: Deduplicate: nil Guard")
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			attempt, err := g.Begin(r.Context())
			if err != nil {
				core.WriteProblem(w, err)
				return
			}
			writer := track.NewWriter(w, attempt)
			acknowledged, lost := false, false // also if next panics
			defer func() { attempt.End(acknowledged, lost) }()
			if attempt.Skip() {
				writer.WriteHeader(http.StatusNoContent)
			} else {
				next.ServeHTTP(writer, r)
			}
			acknowledged, lost = writer.IsAcknowledgment(), writer.Finish()
		})
	}
}
