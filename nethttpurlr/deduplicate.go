package nethttpurlr

import (
	"net/http"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// Deduplicate returns middleware, to be mounted behind [Verify], that lets each click reach the next handler once, although URLR
// sends deliveries again; see package [github.com/urlr-community/webhooks-go/dedupe]. A retry of something already processed is
// answered with 204. A delivery that has to come back is answered with 503 and Retry-After.
//
// An answer counts as lost if the request's context is done before the answer is written, which net/http sees when the client
// closes the connection, or if it can't be written or flushed. To see that, the answer is flushed when the next handler returns.
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
			answer := attempt.NewAnswer(w)
			acknowledged, lost := false, false // also if next panics
			defer func() { attempt.End(acknowledged, lost) }()
			if attempt.Skip() {
				answer.WriteHeader(http.StatusNoContent)
			} else {
				next.ServeHTTP(answer, r)
			}
			acknowledged, lost = answer.IsAcknowledgement(), answer.Finish()
		})
	}
}
