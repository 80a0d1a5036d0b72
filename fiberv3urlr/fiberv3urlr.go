// Package fiberv3urlr verifies URLR webhooks in Fiber v3.
//
//	verify := fiberv3urlr.Verify(os.Getenv("URLR_WEBHOOK_SECRET"))
//	app.Post("/webhooks/urlr", verify, fiberv3urlr.Handler(record))
//
// To count each click once, create a guard with package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	deduplicate := fiberv3urlr.Deduplicate(guard)
//	app.Post("/webhooks/urlr", verify, deduplicate, fiberv3urlr.Handler(record))
//
// An event owns its memory. Unlike values from Fiber, it can be kept after the request.
// [core.FromContext] finds it in c.Context(), and in c itself.
//
// # Options
//
// Verify takes the options of package [github.com/urlr-community/webhooks-go/core], which also
// describes what is accepted. [VerifyWithConfig] can skip requests and customize the response to a
// refused one.
//
// # Versions
//
// This module requires Fiber v3.1.0 or later. The tests pass with v3.1.0 and v3.5.0. For Fiber v2,
// use package fiberurlr.
//
// # Mounting
//
// Mount Verify wherever Fiber accepts middleware, but Handler with a method such as Post, not with
// Use. Fiber v3 also calls what is mounted with Use for requests that it failed to read, and then
// responds with an error, whatever the handler did.
//
// Fiber v3 also accepts net/http handlers, so a route with package nethttpurlr compiles. Don't use
// that package in Fiber: its Deduplicate can't detect that a client disconnects, so clicks would
// count twice, and Fiber's handlers don't get its event.
//
// # Bodies
//
// Fiber reads the body before any middleware runs. Verify therefore refuses a request only after
// its body has arrived, up to Fiber's BodyLimit (4 MiB by default). Set ReadTimeout and BodyLimit
// to suit the application.
//
// With StreamRequestBody, Fiber reads ahead only the first 8 KiB of a body with a declared length,
// and Verify refuses a request without waiting for the rest. If the body was not read to its end,
// the response closes the connection, and later handlers can read only what was read.
//
// Fiber parses a multipart/form-data body with a declared length before any middleware runs, and
// rejects the request if that fails. URLR sends application/json. If a gateway changes that, set
// DisablePreParseMultipartForm.
//
// # Timeouts
//
// Fiber's timeout middleware responds in place of a handler that is still running. Mount it after
// Verify and before Deduplicate:
//
//	next := func(c fiber.Ctx) error { return c.Next() }
//	limit := timeout.New(next, timeout.Config{Timeout: 5 * time.Second})
//	app.Post("/webhooks/urlr", verify, limit, deduplicate, fiberv3urlr.Handler(record))
//
// URLR retries a delivery that timed out. If the handler has succeeded by then, the retry is
// acknowledged without being handled; see [Deduplicate]. Don't mount the middleware before Verify:
// with StreamRequestBody, fasthttp could then read the connection's next request while Verify is
// still reading the body.
package fiberv3urlr

import (
	"github.com/gofiber/fiber/v3"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier verifies the requests. It is required.
	Verifier *core.Verifier

	// Next, if not nil, makes Verify pass on a request unverified, without an event, if it returns
	// true.
	Next func(c fiber.Ctx) bool

	// ErrorHandler, if not nil, responds to refused requests, or returns an error for the
	// application's error handler. The default status of its response is that of [core.StatusCode].
	// If it neither responds nor returns an error, Verify returns its own error.
	ErrorHandler func(c fiber.Ctx, err error) error
}

// Verify returns middleware that passes on only authentic deliveries: those signed with secret, the
// secret key of a folder in URLR. Later handlers get the event from [Event], or from
// [core.FromContext] with c.Context(), and can read the body again.
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
		cfg.Next = func(fiber.Ctx) bool { return false }
	}
	return func(c fiber.Ctx) error {
		if cfg.Next(c) {
			return c.Next()
		}
		e, err := verify(c, cfg.Verifier)
		if err != nil {
			return cfg.refuse(c, err)
		}
		setEvent(c, e)
		return c.Next()
	}
}

// Event returns the event that [Verify] has stored in the request's context, or nil if Verify did
// not run. Functions that take a [context.Context] get the event from [core.FromContext]. Pass
// c.Context(), or c itself, but only until the handler returns: Fiber reuses c.
func Event(c fiber.Ctx) *core.Event {
	e, _ := core.FromContext(c.Context())
	return e
}

// Handler returns a terminal handler that calls h with c.Context() and the event. Mount it after
// [Verify]. The response is 204 if h returns nil. Otherwise Handler returns an error that wraps a
// [*fiber.Error] with the status of [core.StatusCode], so that URLR retries. It also wraps h's
// error, whose text is not sent. Handler panics if h is nil.
func Handler(h core.HandlerFunc) fiber.Handler {
	if h == nil {
		panic("urlr: Handler: nil HandlerFunc")
	}
	return func(c fiber.Ctx) error {
		if err := h.Serve(c.Context()); err != nil {
			return fiberError(c, err)
		}
		c.Status(fiber.StatusNoContent)
		return nil
	}
}
