package core

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
)

const (
	// undeclaredBodyBytes is the first size of the buffer for a chunked body: URLR's bodies fit.
	undeclaredBodyBytes = 1 << 10
	// maxTrustedBytes is the most that is allocated for a declared length before the bytes have arrived.
	maxTrustedBytes = 1 << 20
)

// readBody reads r to its end, but never more than one byte beyond limit. The declared length (-1 if unknown) saves the
// buffer from growing. What was read before an error is returned with it.
func readBody(r io.Reader, declared, limit int64) ([]byte, error) {
	if declared > limit {
		return nil, ErrBodyTooLarge
	}
	size := min(declared, maxTrustedBytes)
	if declared < 0 {
		size = min(undeclaredBodyBytes, limit)
	}
	limit = min(limit, math.MaxInt64-1)
	r = &io.LimitedReader{R: r, N: limit + 1}
	buf := make([]byte, 0, size+1) // one more, so that the end is seen without growing
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > limit:
			return buf, ErrBodyTooLarge
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil:
			return buf, unreadable(err)
		case len(buf) == cap(buf):
			buf = append(buf, 0)[:len(buf)]
		}
	}
}

func unreadable(err error) error {
	sentinel := ErrBodyUnreadable
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		sentinel = ErrBodyTooLarge
	}
	return fmt.Errorf("%w: %w", sentinel, err)
}

// takeBody reads the body of r under the limit and puts it back, followed by what was not read.
func takeBody(r *http.Request, limit int64) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	original := r.Body
	body, err := readBody(original, r.ContentLength, limit)
	var again io.Reader = bytes.NewReader(body)
	if err != nil {
		again = io.MultiReader(again, original)
	}
	r.Body = replayedBody{again, original}
	return body, err
}

// A replayedBody is a body that has been read and can be read again.
type replayedBody struct {
	io.Reader
	io.Closer
}
