package track

import (
	"bufio"
	"math"
	"net"
	"net/http"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// A Writer is an [http.ResponseWriter] that tracks the response to an attempt.
type Writer struct {
	http.ResponseWriter
	response   Response
	status     int
	length     int64 // see BodyLength
	written    int64
	isHijacked bool
}

// NewWriter returns a Writer that writes to w.
func NewWriter(w http.ResponseWriter, a *dedupe.Attempt) *Writer {
	return &Writer{ResponseWriter: w, response: NewResponse(a), length: math.MaxInt64}
}

// HasBegun reports whether the response was started or the connection was hijacked.
func (w *Writer) HasBegun() bool { return w.isHijacked || w.status != 0 }

// IsAcknowledgment reports whether the status is 2xx. The default is 200, as in net/http. A
// hijacked connection is not an acknowledgment, since its status is unknown.
func (w *Writer) IsAcknowledgment() bool {
	return !w.isHijacked && (w.status == 0 || w.status/100 == 2)
}

// Finish sends the rest of the response, and reports whether the response is lost.
func (w *Writer) Finish() (isLost bool) {
	return !w.isHijacked && w.response.Finish(w.ResponseWriter, w.written > 0)
}

// WriteHeader implements [http.ResponseWriter].
func (w *Writer) WriteHeader(status int) {
	if status >= http.StatusOK { // others are informational
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter]. If p completes a body of declared length, it is sent at
// once: from then on, the client may disconnect.
func (w *Writer) Write(p []byte) (int, error) {
	w.begin(http.StatusOK)
	w.written += int64(len(p))
	if w.isComplete() {
		w.response.Ending()
	}
	n, err := w.ResponseWriter.Write(p)
	if w.isComplete() {
		_ = w.response.Send(w.ResponseWriter, true) // it tracks the error
	}
	return n, err
}

// FlushError is called by [http.ResponseController].
func (w *Writer) FlushError() error {
	w.begin(http.StatusOK)
	return w.response.Send(w.ResponseWriter, w.isComplete())
}

// Flush implements [http.Flusher].
func (w *Writer) Flush() { _ = w.FlushError() }

// Hijack implements [http.Hijacker].
func (w *Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.isHijacked = err == nil
	return connection, buffered, err
}

// Unwrap is called by [http.ResponseController].
func (w *Writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *Writer) begin(status int) {
	if w.status == 0 {
		w.status = status
		w.length = BodyLength(status, w.Header())
	}
}

func (w *Writer) isComplete() bool { return w.written >= w.length }
