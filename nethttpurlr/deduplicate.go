package nethttpurlr

import (
	"net/http"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/answer"
)

// Deduplicate returns middleware that lets each click reach the next handler once, although URLR
// sends deliveries again; see package [github.com/urlr-community/webhooks-go/dedupe]. Mount it
// after [Verify]. A retry of something already processed is answered with 204, a delivery that has
// to come back with 503 and Retry-After.
//
// An answer counts as lost if the client disconnects before the answer is sent, or if the answer
// can't be written or flushed. net/http notices a disconnected client when it cancels the request's
// context; with [dedupe.ConnContext], Deduplicate also looks at the connection. To notice a
// failure, it flushes the answer when the next handler returns, unless the answer has no body and a
// middleware that compresses is mounted before.
//
// It panics if g is nil.
func Deduplicate(g *dedupe.Guard) func(http.Handler) http.Handler {
	if g == nil {
		panic("urlr: Deduplicate needs a Guard, got nil: make one with dedupe.New")
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			attempt, err := g.Begin(r.Context())
			if err != nil {
				core.WriteProblem(w, err)
				return
			}
			writer := answer.NewWriter(w, attempt)
			acknowledged, lost := false, false // also if next panics
			defer func() { attempt.End(acknowledged, lost) }()
			if attempt.Skip() {
				writer.WriteHeader(http.StatusNoContent)
			} else {
				next.ServeHTTP(writer, r)
			}
			acknowledged, lost = writer.IsAcknowledgement(), writer.Finish()
		})
	}
}
