// Package fibers is shared by the adapters for Fiber v2 and Fiber v3. It imports neither Fiber nor
// fasthttp, since the adapters need different versions.
package fibers

import "errors"

// A Refusal is an error for Fiber's error handlers. They respond with its text, so that is the
// public one. Only errors.Is and errors.As find the cause.
type Refusal struct {
	Public error // Fiber's error, which determines the status
	Cause  error
}

// Error implements error.
func (r *Refusal) Error() string { return r.Public.Error() }

// Unwrap returns Fiber's error first, so that it takes precedence over any that the cause wraps.
func (r *Refusal) Unwrap() []error { return []error{r.Public, r.Cause} }

// A ParsedForm is the body of a request that Fiber has parsed as a form. Its original bytes are
// lost, so reading it fails.
type ParsedForm struct{}

var errParsedForm = errors.New("urlr: Fiber parsed the body as a form; set DisablePreParseMultipartForm")

// Read implements [io.Reader].
func (ParsedForm) Read([]byte) (int, error) { return 0, errParsedForm }
