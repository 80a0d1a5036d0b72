// Package echov5urlr verifies URLR webhooks in Echo v5.
//
//	verify := echov5urlr.Verify(os.Getenv("URLR_WEBHOOK_SECRET"))
//	e.POST("/webhooks/urlr", echov5urlr.Handler(record), verify)
//
// To count each click once, create a guard with package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	deduplicate := echov5urlr.Deduplicate(guard)
//	e.POST("/webhooks/urlr", echov5urlr.Handler(record), verify, deduplicate)
//
// # Options
//
// Verify takes the options of package [github.com/urlr-community/webhooks-go/core], which also
// describes what is accepted. [VerifyWithConfig] can skip requests and customize the response to a
// refused one.
//
// # Errors
//
// Verify, Deduplicate and Handler return an [*echo.HTTPError] for the application's error handler.
// [echo.DefaultHTTPErrorHandler] responds with its message, [echo.ProblemDetailsHTTPErrorHandler]
// with application/problem+json. The status is always that of [core.StatusCode]: the error of a
// [core.HandlerFunc] can't change it, even if it wraps another [*echo.HTTPError]. Error handlers
// that expose errors add [core.Reason], never the text of the cause. Find the cause with
// [errors.Is] and [errors.As], and log the errors of a HandlerFunc within it.
//
// # Versions
//
// This module requires Echo v5.4.3 or later. [echo.ProblemError] was added in v5.4.0, which also
// fixed vulnerabilities, as did v5.4.1. One of them affects webhook receivers: within BodyDump, the
// end of a body beyond BodyLimit was dropped (GO-2026-6844). No known vulnerability of v5.4.3
// affects this package. The tests pass with that version and the latest.
package echov5urlr

import (
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier verifies the requests. It is required.
	Verifier *core.Verifier

	// Skipper, if not nil, makes Verify pass on a request unverified, without an event, if it
	// returns true.
	Skipper func(c *echo.Context) bool

	// ErrorHandler, if not nil, responds to refused requests, or returns an error for the
	// application's error handler. The default status of its response is that of [core.StatusCode].
	// If it neither responds nor returns an error, Verify returns its own error.
	ErrorHandler func(c *echo.Context, err error) error
}

// Verify returns middleware that passes on only authentic deliveries: those signed with secret, the
// secret key of a folder in URLR. Later handlers get the event from [Event], or from
// [core.FromContext] with the request's context, and can read the body again.
//
// For any other request, Verify returns an [*echo.HTTPError] that wraps the reason, for the
// application's error handler. It does not wait for the rest of the body. If the body of an HTTP/1
// request was not read to its end, the response closes the connection.
//
// Verify panics if the secret is empty or an option is invalid: a server that can't verify must not
// start.
func Verify(secret string, opts ...core.Option) echo.MiddlewareFunc {
	return VerifyWithConfig(Config{Verifier: core.MustVerifier(secret, opts...)})
}

// VerifyWithConfig is like [Verify] with a configuration. It panics if cfg.Verifier is nil.
func VerifyWithConfig(cfg Config) echo.MiddlewareFunc {
	if cfg.Verifier == nil {
		panic("urlr: VerifyWithConfig: nil Verifier")
	}
	if cfg.Skipper == nil {
		cfg.Skipper = func(*echo.Context) bool { return false }
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			if cfg.Skipper(c) {
				return next(c)
			}
			r := c.Request()
			e, err := verify(r, cfg.Verifier)
			if err != nil {
				return cfg.refuse(c, err)
			}
			c.SetRequest(r.WithContext(core.NewContext(r.Context(), e)))
			return next(c)
		}
	}
}

// Event returns the event that [Verify] has stored in the request's context, or nil if Verify did
// not run.
func Event(c *echo.Context) *core.Event {
	e, _ := core.FromContext(c.Request().Context())
	return e
}

// Handler returns a terminal handler that calls h with the event. Mount [Verify] before it. The
// response is 204 if h returns nil. Otherwise Handler returns an [*echo.HTTPError] with the status
// of [core.StatusCode], so that URLR retries. It wraps h's error, whose text is not sent. Handler
// panics if h is nil.
func Handler(h core.HandlerFunc) echo.HandlerFunc {
	if h == nil {
		panic("urlr: Handler: nil HandlerFunc")
	}
	return func(c *echo.Context) error {
		if err := h.Serve(c.Request().Context()); err != nil {
			return httpError(c, err)
		}
		return c.NoContent(http.StatusNoContent)
	}
}
