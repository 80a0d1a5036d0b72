// Package track is shared by the adapters for frameworks based on net/http. It tracks whether the
// response to an attempt was sent:
//
//	w := track.NewWriter(w, attempt)
//	next.ServeHTTP(w, r)
//	attempt.End(w.IsAcknowledgment(), w.Finish())
//
// Adapters with their own response writer use a [Response].
package track

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// A Response tracks the response to an attempt.
type Response struct {
	attempt *dedupe.Attempt
	isSent  bool // completely
	isLost  bool
}

// NewResponse returns the Response of an attempt.
func NewResponse(a *dedupe.Attempt) Response { return Response{attempt: a} }

// Ending must be called before the end of the response is written.
func (r *Response) Ending() { r.attempt.Answering() }

// Send flushes w. If isComplete is set, what was written completes the response, and the client may
// disconnect from then on.
func (r *Response) Send(w http.ResponseWriter, isComplete bool) error {
	if isComplete {
		r.Ending()
	}
	err := flush(w)
	switch {
	case r.isSent: // the client already has the response
	case err == nil, isComplete && isStreamReset(err):
		r.isSent = isComplete
	case !errors.Is(err, http.ErrNotSupported):
		r.isLost = true
	}
	return err
}

// Finish sends the rest of a complete response. It reports whether sending failed, now or earlier,
// so that the response is lost. Flushing a compressing writer would add a body to a response
// without one, so Finish leaves such a response to the server.
func (r *Response) Finish(w http.ResponseWriter, hasBody bool) (isLost bool) {
	if r.isSent {
		return r.isLost
	}
	if !hasBody && mayBeCompressed(w.Header()) || errors.Is(r.Send(w, true), http.ErrNotSupported) {
		r.Ending()
		r.attempt.Buffered()
	}
	return r.isLost
}

// flush flushes w. It returns http.ErrNotSupported for a writer that panics because it can't be
// flushed.
func flush(w http.ResponseWriter) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", http.ErrNotSupported, p)
		}
	}()
	return http.NewResponseController(w).Flush()
}

// isStreamReset reports whether an error means that the client reset its HTTP/2 stream. It had not
// at Answering, so it most likely read the response and then closed the stream. net/http and
// golang.org/x/net/http2 have different errors with the same messages: one for a write, and one for
// a flush with nothing left to write.
func isStreamReset(err error) bool {
	return strings.HasPrefix(err.Error(), "stream error: ") || err.Error() == "http2: stream closed"
}

// mayBeCompressed reports whether middleware negotiates the encoding of the response.
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

// BodyLength returns the length of a complete body in bytes. It returns [math.MaxInt64] if the
// length is not declared, since such a response ends when the handler returns.
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
