// Package echourlr verifies URLR's webhooks in Echo v4.
//
//	e.POST("/webhooks/urlr", echourlr.Handler(record), echourlr.Verify(secret))
//
// and lets each click through once, with a guard of package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	e.POST("/webhooks/urlr", echourlr.Handler(record), echourlr.Verify(secret), echourlr.Deduplicate(guard))
//
// What is accepted, and every option, is described in package
// [github.com/urlr-community/webhooks-go/core].
//
// # Versions
//
// This module requires Echo v4.13.2 or later. Versions before v4.13 require a golang-jwt with known
// vulnerabilities. Those of Echo v4.13.2 itself are in what a receiver of webhooks does not need:
// static files, proxying, JSONP, MethodOverride, BodyDump, Decompress, and what Echo takes from
// forwarded headers. Use v4.16 or later if the application needs that. The tests pass with v4.13.2 and
// with the newest version.
package echourlr

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier decides what is accepted. Required.
	Verifier *core.Verifier

	// Skipper, if set, lets a request pass unverified and without an event when it returns true.
	Skipper func(c echo.Context) bool

	// ErrorHandler, if set, answers refused requests, or returns an error for the application's
	// error handler. An answer that sets no status has that of [core.StatusCode]. If ErrorHandler
	// does neither, Verify returns the error that it returns without one.
	ErrorHandler func(c echo.Context, err error) error
}

// Verify returns middleware that lets only authentic deliveries pass: signed with secret, the
// secret key of a folder at URLR. Later handlers get the event from [Event] or, out of the
// request's context, from [core.FromContext], and can read the body again. For any other request it
// returns an [*echo.HTTPError] that wraps the reason, for the application's error handler, at once:
// where the body of an HTTP/1 request was not read to its end, the answer closes the connection.
//
// It panics if the secret is empty or an option impossible: a server that can't verify must not
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
		cfg.Skipper = func(echo.Context) bool { return false }
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
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
func Event(c echo.Context) *core.Event {
	e, _ := core.FromContext(c.Request().Context())
	return e
}

// Handler returns a terminal handler for use behind [Verify]. It answers 204 when h returns nil,
// and otherwise returns an [*echo.HTTPError] with the status of [core.StatusCode], so that URLR
// sends the delivery again. It wraps the error of h, whose text is not answered. Handler panics if
// h is nil.
func Handler(h core.HandlerFunc) echo.HandlerFunc {
	if h == nil {
		panic("urlr: Handler: nil HandlerFunc")
	}
	return func(c echo.Context) error {
		if err := h.Serve(c.Request().Context()); err != nil {
			return httpError(c, err)
		}
		return c.NoContent(http.StatusNoContent)
	}
}
