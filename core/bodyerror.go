package core

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
)

// A bodyError tells why a body could not be read. It shows nothing of its cause, since servers
// quote what they had buffered in their errors, which may be the next request of the connection.
// errors.Is and errors.As find the cause.
type bodyError struct{ sentinel, cause error }

// unreadable returns the error for what reading a body failed with. A reader that enforces a limit
// of its own returns an [http.MaxBytesError], or wraps ErrBodyTooLarge.
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
		return text + "; it did not arrive in time"
	case errors.Is(e.cause, context.Canceled):
		return text + "; the request was canceled"
	case errors.Is(e.cause, io.ErrUnexpectedEOF):
		return text + "; it ended early"
	default:
		return text
	}
}

func (e *bodyError) Unwrap() error { return e.sentinel }

// Is implements the interface of [errors.Is].
func (e *bodyError) Is(target error) bool { return errors.Is(e.cause, target) }

// As implements the interface of [errors.As].
func (e *bodyError) As(target any) bool { return errors.As(e.cause, target) }
