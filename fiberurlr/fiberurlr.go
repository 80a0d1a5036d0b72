// Package fiberurlr verifies URLR's webhooks in Fiber v2.
//
//	app.Post("/webhooks/urlr", fiberurlr.Verify(secret), fiberurlr.Handler(record))
//
// and lets each click through once, with a guard of package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	app.Post("/webhooks/urlr", fiberurlr.Verify(secret), fiberurlr.Deduplicate(guard), fiberurlr.Handler(record))
//
// An event owns its memory: unlike what Fiber hands out, it can be kept after the request. The
// event is in the [fiber.Ctx.UserContext].
//
// What is accepted, and every option, is described in package
// [github.com/urlr-community/webhooks-go/core].
//
// # Bodies
//
// Fiber reads a body before any middleware runs, so Verify refuses a request only once its body has
// arrived, up to Fiber's own BodyLimit (4 MiB by default). Set ReadTimeout and a BodyLimit that suit
// the application.
//
// With StreamRequestBody, Fiber reads ahead only the first 8 KiB of a body with a declared length,
// and Verify refuses a request without waiting for the rest. If a body was not read to its end, the
// answer closes the connection, and later handlers find what was read. Don't combine
// StreamRequestBody with ReduceMemoryUsage: fasthttp v1.51 hands the read buffer of a connection
// that is still streaming a body to another connection.
//
// Fiber parses a body with a declared length and the content type multipart/form-data before any
// middleware runs, and refuses it if that fails. URLR sends application/json. If a gateway changes
// that, set DisablePreParseMultipartForm.
//
// # Versions
//
// This module requires Fiber v2.52.5 or later: before, a client could choose its session
// (GO-2024-2959). The vulnerabilities known since then are in what a receiver of webhooks does not
// need: BodyParser, Format, UUID, routes with more than 30 parameters, and decompressed bodies. Use
// v2.52.13 or later if the application needs that. The tests pass with v2.52.5 and with the newest
// version.
package fiberurlr

import (
	"github.com/gofiber/fiber/v2"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier decides what is accepted. Required.
	Verifier *core.Verifier

	// Next, if set, lets a request pass unverified and without an event when it returns true.
	Next func(c *fiber.Ctx) bool

	// ErrorHandler, if set, answers refused requests, or returns an error for the application's
	// error handler. An answer that sets no status has that of [core.StatusCode]. If ErrorHandler
	// does neither, Verify returns the error that it returns without one.
	ErrorHandler func(c *fiber.Ctx, err error) error
}

// Verify returns middleware that lets only authentic deliveries pass: signed with secret, the
// secret key of a folder at URLR. Later handlers get the event from [Event] or, out of the
// UserContext, from [core.FromContext], and can read the body again. For any other request it
// returns an error that wraps a [*fiber.Error] and the reason, for the application's error handler.
//
// It panics if the secret is empty or an option impossible: a server that can't verify must not
// start.
func Verify(secret string, opts ...core.Option) fiber.Handler {
	return VerifyWithConfig(Config{Verifier: core.MustVerifier(secret, opts...)})
}

// VerifyWithConfig is like [Verify] with a configuration. It panics without a Verifier.
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

// Event returns the event that [Verify] has put into the UserContext, or nil where it did not run.
func Event(c *fiber.Ctx) *core.Event {
	e, _ := core.FromContext(c.UserContext())
	return e
}

// Handler returns a terminal handler for use behind [Verify]. It answers 204 when h returns nil,
// and otherwise returns an error that wraps a [*fiber.Error] with the status of [core.StatusCode],
// so that URLR sends the delivery again, and the error of h, whose text is not answered. Handler
// panics if h is nil.
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
