package ginurlr

import (
	"bufio"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/track"
)

// Deduplicate returns middleware that passes each click to the next handlers once, although URLR
// retries deliveries; see package [github.com/urlr-community/webhooks-go/dedupe]. Mount it after
// [Verify].
//
// The response to a retry of a processed delivery is 204. The response to a delivery that must be
// retried later is 503 with Retry-After.
//
// Deduplicate treats a response as lost if the client disconnects before the response is sent, or
// if writing or flushing the response fails. net/http reports a disconnected client by canceling
// the request's context. Set [dedupe.ConnContext] in the server to have Deduplicate inspect the
// connection, too. To detect failures, Deduplicate flushes the response when the handlers return,
// unless
//
//   - the response has no body and middleware mounted before Deduplicate may compress it
//   - the handlers attached an error and wrote nothing. Then other middleware is expected to
//     respond with a status other than 2xx, and the delivery counts as failed. If none does, Gin
//     sends 200, but the delivery still counts as failed. So if an error is only a warning, write
//     the response in the handler.
//
// It panics if g is nil.
func Deduplicate(g *dedupe.Guard) gin.HandlerFunc {
	if g == nil {
		panic("urlr: Deduplicate: nil Guard")
	}
	return func(c *gin.Context) {
		attempt, err := g.Begin(c.Request.Context())
		if err != nil {
			c.Abort()
			respond(c, err)
			return
		}
		acknowledged, lost := false, false // also if a handler panics
		defer func() { attempt.End(acknowledged, lost) }()
		writer := &trackingWriter{ResponseWriter: c.Writer, response: track.NewResponse(attempt)}
		c.Writer = writer
		if attempt.Skip() {
			c.AbortWithStatus(http.StatusNoContent)
		} else {
			c.Next()
		}
		if writer.isHijacked {
			return // the response is unknown
		}
		if len(c.Errors) > 0 && !c.Writer.Written() {
			status := c.Writer.Status() // 200 unless a handler has set it
			acknowledged = status/100 == 2 && status != http.StatusOK
			return
		}
		c.Writer.WriteHeaderNow()
		acknowledged = c.Writer.Status()/100 == 2
		lost = writer.response.Finish(unwrap(writer.ResponseWriter), c.Writer.Size() > 0)
	}
}

// A trackingWriter tracks the response while handlers run.
type trackingWriter struct {
	gin.ResponseWriter
	response   track.Response
	isHijacked bool
}

// Write implements [http.ResponseWriter]. If p completes a body of declared length, it is sent at
// once: from then on, the client may disconnect.
func (w *trackingWriter) Write(p []byte) (int, error) {
	return w.write(len(p), func() (int, error) { return w.ResponseWriter.Write(p) })
}

// WriteString implements [gin.ResponseWriter].
func (w *trackingWriter) WriteString(s string) (int, error) {
	return w.write(len(s), func() (int, error) { return w.ResponseWriter.WriteString(s) })
}

func (w *trackingWriter) write(n int, write func() (int, error)) (int, error) {
	if !w.isCompleteWith(n) {
		return write()
	}
	w.response.Ending()
	n, err := write()
	_ = w.response.Send(unwrap(w.ResponseWriter), true) // it tracks the error
	return n, err
}

// Flush implements [http.Flusher].
func (w *trackingWriter) Flush() {
	w.WriteHeaderNow()
	_ = w.response.Send(unwrap(w.ResponseWriter), w.isCompleteWith(0)) // it tracks the error
}

// isCompleteWith reports whether n more bytes complete the response.
func (w *trackingWriter) isCompleteWith(n int) bool {
	return int64(max(w.Size(), 0)+n) >= track.BodyLength(w.Status(), w.Header())
}

// Unwrap is called by [http.ResponseController].
func (w *trackingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack implements [http.Hijacker].
func (w *trackingWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffered, err := w.ResponseWriter.Hijack()
	w.isHijacked = err == nil
	return connection, buffered, err
}

// unwrap returns the writer that Gin's wraps, because Gin's Flush returns no error.
func unwrap(w http.ResponseWriter) http.ResponseWriter {
	if wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
		return wrapper.Unwrap()
	}
	return w
}
