// Package fiberurlr verifies URLR webhooks in Fiber v2.
//
//	verify := fiberurlr.Verify(os.Getenv("URLR_WEBHOOK_SECRET"))
//	app.Post("/webhooks/urlr", verify, fiberurlr.Handler(record))
//
// To count each click once, create a guard with package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	app.Post("/webhooks/urlr", verify, fiberurlr.Deduplicate(guard), fiberurlr.Handler(record))
//
// An event owns its memory. Unlike values from Fiber, it can be kept after the request.
//
// # Options
//
// Verify takes the options of package [github.com/urlr-community/webhooks-go/core], which also
// describes what is accepted. [VerifyWithConfig] can skip requests and customize the response to a
// refused one.
//
// # Bodies
//
// Fiber reads the body before any middleware runs. Verify therefore refuses a request only after
// its body has arrived, up to Fiber's BodyLimit (4 MiB by default). Set ReadTimeout and BodyLimit
// to suit the application.
//
// With StreamRequestBody, Fiber reads ahead only the first 8 KiB of a body with a declared length,
// and Verify refuses a request without waiting for the rest. If the body was not read to its end,
// the response closes the connection, and later handlers can read only what was read. Don't combine
// StreamRequestBody with ReduceMemoryUsage: fasthttp v1.51 reuses the read buffer of a connection
// for another one while a body is still being streamed.
//
// Fiber parses a multipart/form-data body with a declared length before any middleware runs, and
// rejects the request if that fails. URLR sends application/json. If a gateway changes that, set
// DisablePreParseMultipartForm.
//
// # Versions
//
// This module requires Fiber v2.52.5 or later. In earlier versions, a client could choose its
// session (GO-2024-2959). The known vulnerabilities of v2.52.5 affect features that a webhook
// receiver doesn't need: BodyParser, Format, UUID, routes with more than 30 parameters, and
// decompressed bodies. If the application uses these, require v2.52.13 or later. The tests pass
// with v2.52.5 and the latest version.
package fiberurlr

import (
	"github.com/gofiber/fiber/v2"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier verifies the requests. It is required.
	Verifier *core.Verifier

	// Next, if not nil, makes Verify pass on a request unverified, without an event, if it returns
	// true.
	Next func(c *fiber.Ctx) bool

	// ErrorHandler, if not nil, responds to refused requests, or returns an error for the
	// application's error handler. The default status of its response is that of [core.StatusCode].
	// If it neither responds nor returns an error, Verify returns its own error.
	ErrorHandler func(c *fiber.Ctx, err error) error
}

// Verify returns middleware that passes on only authentic deliveries: those signed with secret, the
// secret key of a folder in URLR. Later handlers get the event from [Event], or from
// [core.FromContext] with c.UserContext(), and can read the body again.
//
// For any other request, Verify returns an error that wraps a [*fiber.Error] and the reason, for
// the application's error handler.
//
// Verify panics if the secret is empty or an option is invalid: a server that can't verify must not
// start.
func Verify(secret string, opts ...core.Option) fiber.Handler {
	return VerifyWithConfig(Config{Verifier: core.MustVerifier(secret, opts...)})
}

// VerifyWithConfig is like [Verify] with a configuration. It panics if cfg.Verifier is nil.
func VerifyWithConfig(cfg Config) fiber.Handler {
	if cfg.Verifier == nil {
		panic("urlr: VerifyWithConfig: nil Verifier")
	}
	if cfg.Next == nil {
		cfg.Next = func(*fiber.Ctx) bool { return false }
	}
	return func(c *fiber.Ctx) error {
		if cfg.Next(c) {
			return c.Next()
		}
		e, err := verify(c, cfg.Verifier)
		if err != nil {
			return cfg.refuse(c, err)
		}
		c.SetUserContext(core.NewContext(c.UserContext(), e))
		return c.Next()
	}
}

// Event returns the event that [Verify] has stored in the UserContext, or nil if Verify did not
// run.
func Event(c *fiber.Ctx) *core.Event {
	e, _ := core.FromContext(c.UserContext())
	return e
}

// Handler returns a terminal handler that calls h with c.UserContext() and the event. Mount it
// after [Verify]. The response is 204 if h returns nil. Otherwise Handler returns an error that
// wraps a [*fiber.Error] with the status of [core.StatusCode], so that URLR retries. It also wraps
// h's error, whose text is not sent. Handler panics if h is nil.
func Handler(h core.HandlerFunc) fiber.Handler {
	if h == nil {
		panic("urlr: Handler: nil HandlerFunc")
	}
	return func(c *fiber.Ctx) error {
		if err := h.Serve(c.UserContext()); err != nil {
			return fiberError(c, err)
		}
		c.Status(fiber.StatusNoContent)
		return nil
	}
}
