// Package echov5urlr verifies URLR's webhooks in Echo v5.
//
//	e.POST("/webhooks/urlr", echov5urlr.Handler(record), echov5urlr.Verify(secret))
//
// and lets each click through once, with a guard of package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	e.POST("/webhooks/urlr", echov5urlr.Handler(record), echov5urlr.Verify(secret), echov5urlr.Deduplicate(guard))
//
// Package [github.com/urlr-community/webhooks-go/core] describes what is accepted, and every option.
//
// # Errors
//
// Verify, Deduplicate and Handler return an [*echo.HTTPError] for the application's error handler.
// [echo.DefaultHTTPErrorHandler] answers with its message, [echo.ProblemDetailsHTTPErrorHandler] with
// application/problem+json. The status is always that of [core.StatusCode]: an error that a handler
// returns can't change it, even if it wraps an [*echo.HTTPError] of its own. Error handlers that expose
// errors answer with [core.Reason] in addition, never with the text of the cause. Use [errors.Is] and
// [errors.As] to find the cause, and log the errors of a [core.HandlerFunc] in it.
//
// # Versions
//
// This module requires Echo v5.4.3 or later: [echo.ProblemError] came with v5.4.0, which also fixed
// vulnerabilities, as did v5.4.1. One of them concerns receivers: inside BodyDump, the end of a body
// beyond BodyLimit got lost (GO-2026-6844). None is known in v5.4.3 that matters here. The tests pass
// with that version and with the newest.
package echov5urlr

import (
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier decides what is accepted. Required.
	Verifier *core.Verifier

	// Skipper, if set, lets a request pass unverified and without an event when it returns true.
	Skipper func(c *echo.Context) bool

	// ErrorHandler, if set, answers refused requests, or returns an error for the application's
	// error handler. An answer that sets no status has that of [core.StatusCode]. If ErrorHandler
	// does neither, Verify returns the error that it returns without one.
	ErrorHandler func(c *echo.Context, err error) error
}

// Verify returns middleware that lets only authentic deliveries pass: those signed with secret, the
// secret key of a folder at URLR. Later handlers get the event from [Event] or, given the request's
// context, from [core.FromContext], and can read the body again. For any other request it returns an
// [*echo.HTTPError] that wraps the reason, without waiting for a body that it does not need: if it has
// not read the body of an HTTP/1 request to its end, the answer closes the connection.
//
// It panics if the secret is empty or an option is invalid: a server that can't verify must not
// start.
func Verify(secret string, opts ...core.Option) echo.MiddlewareFunc {
	return VerifyWithConfig(Config{Verifier: core.MustVerifier(secret, opts...)})
}

// VerifyWithConfig is like [Verify] with a configuration. It panics without a Verifier.
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

// Event returns the event that [Verify] has put into the request's context, or nil where it did not
// run.
func Event(c *echo.Context) *core.Event {
	e, _ := core.FromContext(c.Request().Context())
	return e
}

// Handler returns a terminal handler. Mount [Verify] before it. It answers 204 when h returns nil;
// otherwise it returns an [*echo.HTTPError] with the status of [core.StatusCode], so that URLR sends
// the delivery again. The error wraps that of h, whose text is not answered. Handler panics if h is
// nil.
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
