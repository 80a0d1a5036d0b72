// Package answer is what the adapters over net/http share to learn what becomes of an answer.
package answer

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// An Answer is what is known of the answer to an attempt.
type Answer struct {
	attempt *dedupe.Attempt
	isSent  bool // completely
	isLost  bool
}

// New returns what is known of the answer to an attempt: nothing.
func New(a *dedupe.Attempt) Answer { return Answer{attempt: a} }

// Ending tells that the end of the answer is about to be written.
func (a *Answer) Ending() { a.attempt.Answering() }

// Send flushes w. If the answer is complete with what was written to it, the client may disconnect
// from then on.
func (a *Answer) Send(w http.ResponseWriter, isComplete bool) error {
	if isComplete {
		a.Ending()
	}
	err := flush(w)
	switch {
	case a.isSent: // whatever happens then, the client has its answer
	case err == nil, isComplete && isStreamReset(err):
		a.isSent = isComplete
	case !errors.Is(err, http.ErrNotSupported):
		a.isLost = true
	}
	return err
}

// Finish sends what of a complete answer has not been sent, and reports whether that failed, or
// failed before, so that the answer is lost. A compressing writer would add to an answer without a
// body, so such an answer is left to the server.
func (a *Answer) Finish(w http.ResponseWriter, hasBody bool) (isLost bool) {
	if a.isSent {
		return a.isLost
	}
	if !hasBody && mayBeCompressed(w.Header()) || errors.Is(a.Send(w, true), http.ErrNotSupported) {
		a.Ending()
		a.attempt.Buffered()
	}
	return a.isLost
}

// flush flushes w. A writer that panics because it can't be flushed returns http.ErrNotSupported,
// as others do.
func flush(w http.ResponseWriter) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", http.ErrNotSupported, p)
		}
	}()
	return http.NewResponseController(w).Flush()
}

// isStreamReset reports whether an error tells that a client reset its stream of HTTP/2. At
// Answering it had not, so it has most likely read the answer and closed it. Servers of net/http
// and of golang.org/x/net/http2 have errors each, with the same messages: one for a write, and one for
// a flush with nothing left to write.
func isStreamReset(err error) bool {
	return strings.HasPrefix(err.Error(), "stream error: ") || err.Error() == "http2: stream closed"
}

// mayBeCompressed reports whether a middleware negotiates the encoding of the answer.
func mayBeCompressed(header http.Header) bool {
	if header.Get("Content-Encoding") != "" {
		return true
	}
	for _, vary := range header.Values("Vary") {
		if strings.Contains(strings.ToLower(vary), "accept-encoding") {
			return true
		}
	}
	return false
}

// BodyLength returns how many bytes of body complete an answer: [math.MaxInt64] if that is not
// known, since such an answer ends when the handler returns.
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
