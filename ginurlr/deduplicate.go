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
// they have attached an error and written nothing, since then other middleware is going to answer, and not with a 2xx status. (If none does,
// Gin answers 200, and the delivery counts as not acknowledged nevertheless: write the answer where an error is only a warning.)
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
		lost = attempt.FlushFails(unwrap(writer.ResponseWriter)) || writer.lost
		acknowledged = c.Writer.Status()/100 == 2
	}
}

// An answerWriter takes note of what becomes of the answer while handlers run.
type answerWriter struct {
	gin.ResponseWriter
	attempt  *dedupe.Attempt
	lost     bool // before the handlers returned
	hijacked bool
}

// Write implements [http.ResponseWriter]. The end of an answer whose length is known is sent at once: from then on, its client may hang up.
func (w *answerWriter) Write(p []byte) (int, error) {
	return w.write(len(p), func() (int, error) { return w.ResponseWriter.Write(p) })
}

// WriteString implements [gin.ResponseWriter].
func (w *answerWriter) WriteString(s string) (int, error) {
	return w.write(len(s), func() (int, error) { return w.ResponseWriter.WriteString(s) })
}

func (w *answerWriter) write(n int, write func() (int, error)) (int, error) {
	if !w.isCompleteWith(n) {
		return write()
	}
	w.attempt.Answering()
	n, err := write()
	w.lost = w.attempt.FlushFails(unwrap(w.ResponseWriter)) || w.lost
	return n, err
}

// Flush implements [http.Flusher].
func (w *answerWriter) Flush() {
	if w.isCompleteWith(0) {
		w.attempt.Answering()
	}
	w.ResponseWriter.Flush()
}

// isCompleteWith reports whether the answer is complete with n more bytes.
func (w *answerWriter) isCompleteWith(n int) bool {
	return int64(max(w.Size(), 0)+n) >= dedupe.BodyLength(w.Status(), w.Header())
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
