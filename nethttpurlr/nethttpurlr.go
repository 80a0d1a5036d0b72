// Package nethttpurlr verifies URLR webhooks in net/http, and in routers with the same kind of
// middleware, such as chi and gorilla/mux.
//
//	verify := nethttpurlr.Verify(os.Getenv("URLR_WEBHOOK_SECRET"))
//	mux.Handle("POST /webhooks/urlr", verify(nethttpurlr.Handler(record)))
//
// To count each click once, create a guard with package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	deduplicate := nethttpurlr.Deduplicate(guard)
//	mux.Handle("POST /webhooks/urlr", verify(deduplicate(nethttpurlr.Handler(record))))
//
// # Options
//
// Verify takes the options of package [github.com/urlr-community/webhooks-go/core], which also
// describes what is accepted. [VerifyWithConfig] can skip requests and customize the response to a
// refused one.
//
// # Fiber v3
//
// Fiber v3 also accepts net/http handlers, but use package fiberv3urlr there: in Fiber, the
// Deduplicate of this package can't detect that a client disconnects, so clicks would count twice.
package nethttpurlr

import (
	"net/http"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier verifies the requests. It is required.
	Verifier *core.Verifier

	// Skipper, if not nil, makes Verify pass on a request unverified, without an event, if it
	// returns true.
	Skipper func(r *http.Request) bool

	// ErrorHandler, if not nil, responds to refused requests. The default status is that of
	// [core.StatusCode]. If ErrorHandler writes nothing, [core.WriteProblem] responds.
	ErrorHandler func(w http.ResponseWriter, r *http.Request, err error)
}

// Verify returns middleware that passes on only authentic deliveries: those signed with secret, the
// secret key of a folder in URLR. Later handlers get the event from [Event] or [core.FromContext],
// and can read the body again.
//
// The response to any other request is application/problem+json with the status of
// [core.StatusCode]. It is sent without waiting for the rest of the body. If the body of an HTTP/1
// request was not read to its end, the response closes the connection.
//
// Verify panics if the secret is empty or an option is invalid: a server that can't verify must not
// start.
func Verify(secret string, opts ...core.Option) func(http.Handler) http.Handler {
	return VerifyWithConfig(Config{Verifier: core.MustVerifier(secret, opts...)})
}

// VerifyWithConfig is like [Verify] with a configuration. It panics if cfg.Verifier is nil.
func VerifyWithConfig(cfg Config) func(http.Handler) http.Handler {
	if cfg.Verifier == nil {
		panic("urlr: VerifyWithConfig: nil Verifier")
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

// Event returns the event that [Verify] has stored in the request's context, or nil if Verify did
// not run.
func Event(r *http.Request) *core.Event {
	e, _ := core.FromContext(r.Context())
	return e
}

// Handler returns a terminal handler that calls h with the event. Mount it after [Verify]. The
// response is 204 if h returns nil. Otherwise it is application/problem+json with the status of
// [core.StatusCode], so that URLR retries. The text of h's error is neither sent nor logged; log it
// in h. Handler panics if h is nil.
func Handler(h core.HandlerFunc) http.HandlerFunc {
	if h == nil {
		panic("urlr: Handler: nil HandlerFunc")
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h.Serve(r.Context()); err != nil {
			core.WriteProblem(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}
