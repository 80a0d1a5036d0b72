package answer

import (
	"bufio"
	"math"
	"net"
	"net/http"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// A Writer is the [http.ResponseWriter] of an attempt. It takes note of what becomes of the answer.
type Writer struct {
	http.ResponseWriter
	answer     Answer
	status     int
	length     int64 // see BodyLength
	written    int64
	isHijacked bool
}

// NewWriter returns the writer of an attempt, in place of w.
func NewWriter(w http.ResponseWriter, a *dedupe.Attempt) *Writer {
	return &Writer{ResponseWriter: w, answer: New(a), length: math.MaxInt64}
}

// HasBegun reports whether somebody has written to it, or taken the connection over.
func (w *Writer) HasBegun() bool { return w.isHijacked || w.status != 0 }

// IsAcknowledgement reports whether the status is 2xx; without one it is 200, as in net/http.
// Nobody knows what was sent over a hijacked connection: that is no acknowledgement.
func (w *Writer) IsAcknowledgement() bool {
	return !w.isHijacked && (w.status == 0 || w.status/100 == 2)
}

// Finish sends what of the answer has not been sent, and reports whether the answer is lost.
func (w *Writer) Finish() (isLost bool) {
	return !w.isHijacked && w.answer.Finish(w.ResponseWriter, w.written > 0)
}

// WriteHeader implements [http.ResponseWriter].
func (w *Writer) WriteHeader(status int) {
	if status >= http.StatusOK { // others are informational
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter]. It sends the end of an answer whose length is known at
// once: from then on, the client may disconnect.
func (w *Writer) Write(p []byte) (int, error) {
	w.begin(http.StatusOK)
	w.written += int64(len(p))
	if w.isComplete() {
		w.answer.Ending()
	}
	n, err := w.ResponseWriter.Write(p)
	if w.isComplete() {
		_ = w.answer.Send(w.ResponseWriter, true) // noted
	}
	return n, err
}

// FlushError is for [http.ResponseController].
func (w *Writer) FlushError() error {
	w.begin(http.StatusOK)
	return w.answer.Send(w.ResponseWriter, w.isComplete())
}

// Flush implements [http.Flusher].
func (w *Writer) Flush() { _ = w.FlushError() }

// Hijack implements [http.Hijacker].
func (w *Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.isHijacked = err == nil
	return connection, buffered, err
}

// Unwrap is for [http.ResponseController].
func (w *Writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *Writer) begin(status int) {
	if w.status == 0 {
		w.status = status
		w.length = BodyLength(status, w.Header())
	}
}

func (w *Writer) isComplete() bool { return w.written >= w.length }
