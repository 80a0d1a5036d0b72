// Package ginurlr verifies URLR webhooks in Gin.
//
//	verify := ginurlr.Verify(os.Getenv("URLR_WEBHOOK_SECRET"))
//	r.POST("/webhooks/urlr", verify, ginurlr.Handler(record))
//
// To count each click once, create a guard with package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	r.POST("/webhooks/urlr", verify, ginurlr.Deduplicate(guard), ginurlr.Handler(record))
//
// # Options
//
// Verify takes the options of package [github.com/urlr-community/webhooks-go/core], which also
// describes what is accepted. [VerifyWithConfig] can skip requests and customize the response to a
// refused one.
//
// # Versions
//
// This module requires Gin v1.10.0 or later. Earlier versions require a version of golang.org/x/net
// whose HTTP/2 server, enabled by UseH2C, can be overloaded (GO-2023-2102, GO-2024-2687). No known
// vulnerability of v1.10.0 affects this package. The tests pass with that version and the latest.
package ginurlr

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier verifies the requests. It is required.
	Verifier *core.Verifier

	// Skipper, if not nil, makes Verify pass on a request unverified, without an event, if it
	// returns true.
	Skipper func(c *gin.Context) bool

	// ErrorHandler, if not nil, responds to refused requests. When it is called, the chain is
	// aborted and the status is that of [core.StatusCode]. If ErrorHandler neither writes nor
	// changes the status, [core.WriteProblem] responds, unless ErrorHandler attaches an error (see
	// [gin.Context.Error]), so that other middleware can respond.
	ErrorHandler func(c *gin.Context, err error)
}

// Verify returns middleware that passes on only authentic deliveries: those signed with secret, the
// secret key of a folder in URLR. Later handlers get the event from [Event], or from
// [core.FromContext] with the request's context, and can read the body again.
//
// Verify aborts any other request. The response is application/problem+json with the status of
// [core.StatusCode]. It is sent without waiting for the rest of the body. If the body of an HTTP/1
// request was not read to its end, the response closes the connection. Verify attaches the error to
// the context; see [gin.Context.Error]. Its text is the detail in the response; errors.Is and
// errors.As find the reason.
//
// Verify panics if the secret is empty or an option is invalid: a server that can't verify must not
// start.
func Verify(secret string, opts ...core.Option) gin.HandlerFunc {
	return VerifyWithConfig(Config{Verifier: core.MustVerifier(secret, opts...)})
}

// VerifyWithConfig is like [Verify] with a configuration. It panics if cfg.Verifier is nil.
func VerifyWithConfig(cfg Config) gin.HandlerFunc {
	if cfg.Verifier == nil {
		panic("urlr: VerifyWithConfig: nil Verifier")
	}
	if cfg.Skipper == nil {
		cfg.Skipper = func(*gin.Context) bool { return false }
	}
	return func(c *gin.Context) {
		if cfg.Skipper(c) {
			return
		}
		e, err := verify(c, cfg.Verifier)
		if err != nil {
			c.Abort()
			cfg.refuse(c, err)
			return
		}
		c.Request = c.Request.WithContext(core.NewContext(c.Request.Context(), e))
	}
}

// Event returns the event that [Verify] has stored in the request's context, or nil if Verify did
// not run.
func Event(c *gin.Context) *core.Event {
	e, _ := core.FromContext(c.Request.Context())
	return e
}

// Handler returns a terminal handler that calls h with the event. Mount it after [Verify]. The
// response is 204 if h returns nil. Otherwise it is application/problem+json with the status of
// [core.StatusCode], so that URLR retries.
//
// Handler attaches the error to the context; see [gin.Context.Error]. Its text is the detail in the
// response, so that no middleware, such as [gin.ErrorLogger], responds with the text of h's error.
// Log that in h. errors.Is and errors.As find h's error. Handler panics if h is nil.
func Handler(h core.HandlerFunc) gin.HandlerFunc {
	if h == nil {
		panic("urlr: Handler: nil HandlerFunc")
	}
	return func(c *gin.Context) {
		if err := h.Serve(c.Request.Context()); err != nil {
			respond(c, err)
			return
		}
		c.Status(http.StatusNoContent)
	}
}
