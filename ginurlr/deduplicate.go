package ginurlr

import (
	"bufio"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// Deduplicate returns middleware, to be mounted behind [Verify], that lets each click reach the next handlers once, although URLR
// sends deliveries again; see package [github.com/urlr-community/webhooks-go/dedupe]. A retry of something already processed is
// answered with 204. A delivery that has to come back is answered with 503 and Retry-After.
//
// An answer counts as lost if the request's context is done before the answer is written, which net/http sees when the client
// closes the connection, or if it can't be written or flushed. To see that, the answer is flushed when the handlers return; not if
// they have attached an error and written nothing, since then other middleware is going to answer, and not with a 2xx status.
//
// It panics if g is nil.
func Deduplicate(g *dedupe.Guard) gin.HandlerFunc {
	if g == nil {
		panic("urlr: Deduplicate needs a Guard, got nil: make one with dedupe.New")
	}
	return func(c *gin.Context) {
		attempt, err := g.Begin(c.Request.Context())
		if err != nil {
			c.Abort()
			answer(c, err)
			return
		}
		acknowledged, lost := false, false // also if a handler panics
		defer func() { attempt.End(acknowledged, lost) }()
		writer := &answerWriter{ResponseWriter: c.Writer, attempt: attempt}
		c.Writer = writer
		if attempt.Skip() {
			c.AbortWithStatus(http.StatusNoContent)
		} else {
			c.Next()
		}
		if writer.hijacked {
			return // nobody knows what was answered
		}
		if len(c.Errors) > 0 && !c.Writer.Written() {
			status := c.Writer.Status() // 200 is what it is unless somebody sets it
			acknowledged = status/100 == 2 && status != http.StatusOK
			return
		}
		c.Writer.WriteHeaderNow()
		lost = attempt.FlushFails(unwrap(writer.ResponseWriter))
		acknowledged = c.Writer.Status()/100 == 2
	}
}

// An answerWriter takes note of what becomes of the answer while handlers run.
type answerWriter struct {
	gin.ResponseWriter
	attempt  *dedupe.Attempt
	hijacked bool
}

// Flush implements [http.Flusher].
func (w *answerWriter) Flush() {
	w.attempt.Answering()
	w.ResponseWriter.Flush()
}

// Unwrap is for [http.ResponseController].
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack implements [http.Hijacker].
func (w *answerWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffered, err := w.ResponseWriter.Hijack()
	w.hijacked = err == nil
	return connection, buffered, err
}

// unwrap returns the writer that Gin's wraps: Gin's own Flush reports no error.
func unwrap(w http.ResponseWriter) http.ResponseWriter {
	if wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
		return wrapper.Unwrap()
	}
	return w
}
