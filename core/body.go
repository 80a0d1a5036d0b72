package core

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"slices"
)

const (
	// undeclaredBodyBytes is the initial buffer size for a chunked body. URLR's bodies fit.
	undeclaredBodyBytes = 1 << 10
	// maxTrustedBytes is the most memory allocated for a declared length before the bytes arrive.
	maxTrustedBytes = 1 << 20
)

// readBody reads r to its end, or to one byte beyond limit. The declared length, -1 if unknown,
// sizes the buffer. On error, readBody also returns what it has read.
func readBody(r io.Reader, declared, limit int64) ([]byte, error) {
	if declared > limit {
		return nil, ErrBodyTooLarge
	}
	size := min(declared, maxTrustedBytes)
	if declared < 0 {
		size = min(undeclaredBodyBytes, limit)
	}
	most := min(limit, math.MaxInt-1) + 1
	buf := make([]byte, 0, size+1) // one more byte, to see the end without growing
	for {
		n, err := r.Read(buf[len(buf):min(int64(cap(buf)), most)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) == most:
			return buf, ErrBodyTooLarge
		case err == io.EOF: // a wrapped EOF means that the body ended early
			return buf, nil
		case err != nil:
			return buf, unreadable(err)
		case len(buf) == cap(buf):
			buf = slices.Grow(buf, 1)
		}
	}
}

// takeBody reads the body of r, up to limit, and replaces it with one that can be read again,
// followed by whatever was left unread. If it read nothing, it leaves r.Body alone: net/http
// responds at once only if it knows that nobody has started reading.
func takeBody(r *http.Request, limit int64) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := readBody(r.Body, r.ContentLength, limit)
	if err != nil && len(body) == 0 {
		return nil, err
	}
	again := &replayedBody{rest: r.Body, complete: err == nil}
	again.read.Reset(body)
	r.Body = again
	return body, err
}

// A replayedBody replays what was read of a body, then reads the rest.
type replayedBody struct {
	read     bytes.Reader
	rest     io.ReadCloser
	complete bool // there is no rest
}

func (b *replayedBody) Read(p []byte) (int, error) {
	n, err := b.read.Read(p)
	if err == nil || b.complete {
		return n, err
	}
	return b.rest.Read(p)
}

func (b *replayedBody) Close() error { return b.rest.Close() }

// IsComplete reports whether the body was read to its end. Package refusal uses it.
func (b *replayedBody) IsComplete() bool { return b.complete }
