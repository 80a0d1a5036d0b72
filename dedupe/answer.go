package dedupe

import (
	"bufio"
	"errors"
	"math"
	"net"
	"net/http"
	"runtime"
	"strconv"
)

// An Answer is an [http.ResponseWriter] that takes note of what becomes of an attempt's answer. It is for adapters.
type Answer struct {
	http.ResponseWriter
	attempt  *Attempt
	status   int
	length   int64 // see BodyLength
	written  int64
	lost     bool
	hijacked bool
}

// NewAnswer returns a writer for handlers, in place of w.
func (a *Attempt) NewAnswer(w http.ResponseWriter) *Answer {
	return &Answer{ResponseWriter: w, attempt: a, length: math.MaxInt64}
}

// IsAcknowledgement reports whether the status is 2xx; without one it is 200, as in net/http. What was sent over a hijacked connection, nobody
// knows: that is none.
func (w *Answer) IsAcknowledgement() bool {
	return !w.hijacked && (w.status == 0 || w.status/100 == 2)
}

// Finish sends what of the answer is buffered, and reports whether that failed, or a flush before, so that the answer is lost.
func (w *Answer) Finish() (lost bool) {
	return !w.hijacked && (w.attempt.FlushFails(w.ResponseWriter) || w.lost)
}

// WriteHeader implements [http.ResponseWriter].
func (w *Answer) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK { // others are informational
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter]. The end of an answer whose length is known is sent at once: from then on, its client may hang up.
func (w *Answer) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.begin(http.StatusOK)
	}
	w.written += int64(len(p))
	isEnd := w.written >= w.length
	if isEnd {
		w.attempt.Answering()
	}
	n, err := w.ResponseWriter.Write(p)
	if isEnd {
		_ = w.flush() // noted
	}
	return n, err
}

// FlushError is for [http.ResponseController].
func (w *Answer) FlushError() error {
	if w.status == 0 {
		w.begin(http.StatusOK)
	}
	if w.written >= w.length {
		w.attempt.Answering()
	}
	return w.flush()
}

// Flush implements [http.Flusher].
func (w *Answer) Flush() { _ = w.FlushError() }

// Hijack implements [http.Hijacker].
func (w *Answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.hijacked = err == nil
	return connection, buffered, err
}

// Unwrap is for [http.ResponseController].
func (w *Answer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *Answer) begin(status int) {
	w.status = status
	w.length = BodyLength(status, w.Header())
}

func (w *Answer) flush() error {
	err := http.NewResponseController(w.ResponseWriter).Flush()
	w.lost = w.lost || isLoss(err)
	return err
}

// BodyLength returns how many bytes complete an answer: [math.MaxInt64] if that is not known, since such an answer ends when the handler
// returns. It is for adapters.
func BodyLength(status int, header http.Header) int64 {
	if status == http.StatusNoContent || status == http.StatusNotModified {
		return 0
	}
	length, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
	if err != nil || length < 0 {
		return math.MaxInt64
	}
	return length
}

// FlushFails sends what of the answer is buffered, and reports whether that fails, so that the answer is lost. It calls
// [Attempt.Answering]. It is for adapters.
func (a *Attempt) FlushFails(w http.ResponseWriter) bool {
	// net/http notices a client that has gone in a goroutine of its own, which a fast handler leaves no time to.
	runtime.Gosched()
	a.Answering()
	return isLoss(http.NewResponseController(w).Flush())
}

// isLoss reports whether an answer is lost for an error of a flush. A writer that can't be flushed tells nothing.
func isLoss(err error) bool { return err != nil && !errors.Is(err, http.ErrNotSupported) }
