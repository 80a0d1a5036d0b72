package nethttpurlr

import (
	"bufio"
	"net"
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
			answer := &answer{ResponseWriter: w, attempt: attempt}
			acknowledged, lost := false, false // also if next panics
			defer func() { attempt.End(acknowledged, lost) }()
			if attempt.Skip() {
				answer.WriteHeader(http.StatusNoContent)
			} else {
				next.ServeHTTP(answer, r)
			}
			if answer.hijacked {
				return // nobody knows what was answered
			}
			lost = attempt.FlushFails(w)
			acknowledged = answer.isAcknowledgement()
		})
	}
}

// An answer takes note of its status.
type answer struct {
	http.ResponseWriter
	attempt  *dedupe.Attempt
	status   int
	hijacked bool
}

// isAcknowledgement reports whether the status is 2xx, as net/http has it if a handler sets none.
func (a *answer) isAcknowledgement() bool { return a.status == 0 || a.status/100 == 2 }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK { // others are informational
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(p)
}

// Flush implements http.Flusher.
func (a *answer) Flush() {
	a.attempt.Answering()
	_ = http.NewResponseController(a.ResponseWriter).Flush()
}

// Hijack implements http.Hijacker.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffered, err := http.NewResponseController(a.ResponseWriter).Hijack()
	a.hijacked = err == nil
	return connection, buffered, err
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
