// Package nethttpurlr verifies URLR's webhooks in net/http, and in every router that takes the same
// middleware, such as chi and gorilla/mux.
//
//	mux.Handle("POST /webhooks/urlr", nethttpurlr.Verify(secret)(nethttpurlr.Handler(record)))
//
// and lets each click through once, with a guard of package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	mux.Handle("POST /webhooks/urlr", nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(record))))
//
// Fiber v3 takes handlers of net/http, too. Use package fiberv3urlr there: in Fiber, the Deduplicate of
// this package does not see that a client disconnects, so that clicks count twice.
//
// What is accepted, and every option, is described in package
// [github.com/urlr-community/webhooks-go/core].
package nethttpurlr

import (
	"net/http"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier decides what is accepted. Required.
	Verifier *core.Verifier

	// Skipper, if set, lets a request pass unverified and without an event when it returns true.
	Skipper func(r *http.Request) bool

	// ErrorHandler, if set, answers refused requests. If it sets no status, the answer has that of
	// [core.StatusCode]; if it writes nothing at all, [core.WriteProblem] answers.
	ErrorHandler func(w http.ResponseWriter, r *http.Request, err error)
}

// Verify returns middleware that lets only authentic deliveries pass: signed with secret, the
// secret key of a folder at URLR. Later handlers get the event from [Event] or [core.FromContext],
// and can read the body again. Any other request is answered with application/problem+json and the
// status of [core.StatusCode], at once: where the body of an HTTP/1 request was not read to its
// end, the answer closes the connection.
//
// It panics if the secret is empty or an option impossible: a server that can't verify must not
// start.
func Verify(secret string, opts ...core.Option) func(http.Handler) http.Handler {
	return VerifyWithConfig(Config{Verifier: core.MustVerifier(secret, opts...)})
}

// VerifyWithConfig is like [Verify] with a configuration. It panics without a Verifier.
func VerifyWithConfig(cfg Config) func(http.Handler) http.Handler {
	if cfg.Verifier == nil {
		panic("urlr: Config.Verifier is nil: make one with core.NewVerifier")
	}
	if cfg.Skipper == nil {
		cfg.Skipper = func(*http.Request) bool { return false }
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if cfg.Skipper(r) {
				next.ServeHTTP(w, r)
				return
			}
			e, err := cfg.Verifier.VerifyRequest(r)
			if err != nil {
				cfg.refuse(w, r, err)
				return
			}
			next.ServeHTTP(w, r.WithContext(core.NewContext(r.Context(), e)))
		})
	}
}

// Event returns the event that [Verify] has put into the request's context, or nil where it did not
// run.
func Event(r *http.Request) *core.Event {
	e, _ := core.FromContext(r.Context())
	return e
}

// Handler returns a terminal handler for use behind [Verify]. It answers 204 when h returns nil,
// and otherwise application/problem+json with the status of [core.StatusCode], so that URLR sends
// the delivery again. The error's text is neither answered nor logged; h can log it. Handler panics
// if h is nil.
func Handler(h core.HandlerFunc) http.HandlerFunc {
	if h == nil {
		panic("urlr: Handler needs a core.HandlerFunc, got nil")
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h.Serve(r.Context()); err != nil {
			core.WriteProblem(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}
