package ginurlr

import (
	"bufio"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/dedupe"
	answers "github.com/urlr-community/webhooks-go/internal/answer"
)

// Deduplicate returns middleware that lets each click reach the next handlers once, although URLR
// sends deliveries again; see package [github.com/urlr-community/webhooks-go/dedupe]. Mount it
// after [Verify]. A retry of something already processed is answered with 204, a delivery that has
// to come back with 503 and Retry-After.
//
// An answer counts as lost if the client disconnects before the answer is sent, or if the answer
// can't be written or flushed. net/http notices a disconnected client when it cancels the request's
// context; with [dedupe.ConnContext], Deduplicate also looks at the connection. To notice a
// failure, it flushes the answer when the handlers return, with two exceptions. If the answer has
// no body and a middleware that compresses is mounted before, it does not flush. And if the
// handlers have attached an error and written nothing, other middleware is going to answer, and not
// with a 2xx status. (If none does, Gin answers 200, and the delivery counts as not acknowledged
// nevertheless: write the answer where an error is only a warning.)
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
		writer := &answerWriter{ResponseWriter: c.Writer, answer: answers.New(attempt)}
		c.Writer = writer
		if attempt.Skip() {
			c.AbortWithStatus(http.StatusNoContent)
		} else {
			c.Next()
		}
		if writer.isHijacked {
			return // nobody knows what was answered
		}
		if len(c.Errors) > 0 && !c.Writer.Written() {
			status := c.Writer.Status() // 200 is what it is unless somebody sets it
			acknowledged = status/100 == 2 && status != http.StatusOK
			return
		}
		c.Writer.WriteHeaderNow()
		acknowledged = c.Writer.Status()/100 == 2
		lost = writer.answer.Finish(unwrap(writer.ResponseWriter), c.Writer.Size() > 0)
	}
}

// An answerWriter takes note of what becomes of the answer while handlers run.
type answerWriter struct {
	gin.ResponseWriter
	answer     answers.Answer
	isHijacked bool
}

// Write implements [http.ResponseWriter]. It sends the end of an answer whose length is known at
// once: from then on, the client may disconnect.
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
	w.answer.Ending()
	n, err := write()
	_ = w.answer.Send(unwrap(w.ResponseWriter), true) // noted
	return n, err
}

// Flush implements [http.Flusher].
func (w *answerWriter) Flush() {
	w.WriteHeaderNow()
	_ = w.answer.Send(unwrap(w.ResponseWriter), w.isCompleteWith(0)) // noted
}

// isCompleteWith reports whether the answer is complete with n more bytes.
func (w *answerWriter) isCompleteWith(n int) bool {
	return int64(max(w.Size(), 0)+n) >= answers.BodyLength(w.Status(), w.Header())
}

// Unwrap is for [http.ResponseController].
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack implements [http.Hijacker].
func (w *answerWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffered, err := w.ResponseWriter.Hijack()
	w.isHijacked = err == nil
	return connection, buffered, err
}

// unwrap returns the writer that Gin's wraps: Gin's own Flush reports no error.
func unwrap(w http.ResponseWriter) http.ResponseWriter {
	if wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
		return wrapper.Unwrap()
	}
	return w
}
