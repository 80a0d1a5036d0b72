// Package fibers has what the adapters for Fiber v2 and for Fiber v3 share. It imports neither Fiber
// nor fasthttp, since each adapter needs versions of its own.
package fibers

import "errors"

// A Refusal is an error for Fiber's error handlers. Since they answer with its text, that is the
// public one; the cause is to be found with errors.Is and errors.As alone.
type Refusal struct {
	Public error // Fiber's, which decides the status
	Cause  error
}

// Error implements error.
func (r *Refusal) Error() string { return r.Public.Error() }

// Unwrap is for errors.Is and errors.As. Whatever the cause wraps, Fiber's error comes first.
func (r *Refusal) Unwrap() []error { return []error{r.Public, r.Cause} }

// A ParsedForm is a body that Fiber has parsed as a form, which loses its bytes: to get a body like
// it, Fiber would have to write the form.
type ParsedForm struct{}

var errParsedForm = errors.New("urlr: Fiber has parsed the body as a form: set DisablePreParseMultipartForm")

// Read implements [io.Reader].
func (ParsedForm) Read([]byte) (int, error) { return 0, errParsedForm }
