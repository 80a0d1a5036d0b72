package core

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"slices"
)

const (
	// undeclaredBodyBytes is the first size of the buffer for a chunked body: URLR's bodies fit.
	undeclaredBodyBytes = 1 << 10
	// maxTrustedBytes is the most that is allocated for a declared length before the bytes have
	// arrived.
	maxTrustedBytes = 1 << 20
)

// readBody reads r to its end, but never more than one byte beyond limit. The declared length (-1
// if unknown) saves the buffer from growing. What was read before an error is returned with it.
func readBody(r io.Reader, declared, limit int64) ([]byte, error) {
	if declared > limit {
		return nil, ErrBodyTooLarge
	}
	size := min(declared, maxTrustedBytes)
	if declared < 0 {
		size = min(undeclaredBodyBytes, limit)
	}
	most := min(limit, math.MaxInt-1) + 1
	buf := make([]byte, 0, size+1) // one more, so that the end is seen without growing
	for {
		n, err := r.Read(buf[len(buf):min(int64(cap(buf)), most)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) == most:
			return buf, ErrBodyTooLarge
		case err == io.EOF: // a wrapped one tells of a body that ended early
			return buf, nil
		case err != nil:
			return buf, unreadable(err)
		case len(buf) == cap(buf):
			buf = slices.Grow(buf, 1)
		}
	}
}

// takeBody reads the body of r under the limit and puts it back, followed by what was not read. A
// body of which nothing was read stays as it is: net/http answers at once if it still knows that
// nobody has asked for the body.
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

// A replayedBody is a body that has been read, or some of it, and can be read again.
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

// IsComplete reports whether the whole body has been read. Package refusal asks.
func (b *replayedBody) IsComplete() bool { return b.complete }
