package core

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
)

// A bodyError says why a body could not be read. Its text leaves the cause out, because servers
// quote buffered bytes in their errors, and those may belong to the connection's next request.
// errors.Is and errors.As still find the cause.
type bodyError struct{ sentinel, cause error }

// unreadable wraps an error from reading a body. A reader with a limit of its own returns an
// [http.MaxBytesError] or wraps [ErrBodyTooLarge].
func unreadable(cause error) error {
	_, isLimit := errors.AsType[*http.MaxBytesError](cause)
	if isLimit || errors.Is(cause, ErrBodyTooLarge) {
		return &bodyError{ErrBodyTooLarge, cause}
	}
	return &bodyError{ErrBodyUnreadable, cause}
}

func (e *bodyError) Error() string {
	text := e.sentinel.Error()
	timeout, isNetwork := errors.AsType[net.Error](e.cause)
	switch {
	case isNetwork && timeout.Timeout():
		return text + ": timeout"
	case errors.Is(e.cause, context.Canceled):
		return text + ": request canceled"
	case errors.Is(e.cause, io.ErrUnexpectedEOF):
		return text + ": unexpected EOF"
	default:
		return text
	}
}

func (e *bodyError) Unwrap() error { return e.sentinel }

// Is is called by [errors.Is].
func (e *bodyError) Is(target error) bool { return errors.Is(e.cause, target) }

// As is called by [errors.As].
func (e *bodyError) As(target any) bool { return errors.As(e.cause, target) }
