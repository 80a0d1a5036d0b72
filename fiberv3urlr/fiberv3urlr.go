// Package fiberv3urlr verifies URLR's webhooks in Fiber v3.
//
//	app.Post("/webhooks/urlr", fiberv3urlr.Verify(secret), fiberv3urlr.Handler(record))
//
// and lets each click through once, with a guard of package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	app.Post("/webhooks/urlr", fiberv3urlr.Verify(secret), fiberv3urlr.Deduplicate(guard), fiberv3urlr.Handler(record))
//
// An event owns its memory: unlike what Fiber hands out, it can be kept after the request. The
// event is in [fiber.Ctx.Context], and [core.FromContext] also finds it in the [fiber.Ctx] itself.
//
// What is accepted, and every option, is described in package
// [github.com/urlr-community/webhooks-go/core].
//
// # Versions
//
// This package needs Fiber v3.1.0 or later, the earliest version that it is tested with; the latest is
// v3.5.0. For Fiber v2 there is package fiberurlr.
//
// Fiber v3 also takes handlers of net/http, so that a route with package nethttpurlr compiles. Don't
// use that in Fiber: its Deduplicate does not see that a client disconnects, so that clicks count
// twice, and Fiber's handlers don't get its event.
//
// Mount Verify wherever Fiber takes middleware, but Handler with a method such as Post, not with Use:
// Fiber v3 also runs what is mounted with Use for requests that it could not read to their end, and
// then answers with an error, whatever the handler did.
//
// # Bodies
//
// Fiber reads a body before any middleware runs, so Verify refuses a request only once its body has
// arrived, up to Fiber's own BodyLimit (4 MiB by default). Set ReadTimeout and a BodyLimit that suit
// the application.
//
// With StreamRequestBody, Fiber reads ahead only the first 8 KiB of a body with a declared length,
// and Verify refuses a request without waiting for the rest. If a body was not read to its end, the
// answer closes the connection, and later handlers find what was read.
//
// Fiber parses a body with a declared length and the content type multipart/form-data before any
// middleware runs, and refuses it if that fails. URLR sends application/json. If a gateway changes
// that, set DisablePreParseMultipartForm.
//
// # Timeouts
//
// Fiber's timeout middleware answers in a handler's place while the handler goes on. Mount it after
// Verify and before Deduplicate:
//
//	app.Post("/webhooks/urlr",
//		fiberv3urlr.Verify(secret),
//		timeout.New(func(c fiber.Ctx) error { return c.Next() }, timeout.Config{Timeout: 5 * time.Second}),
//		fiberv3urlr.Deduplicate(guard),
//		fiberv3urlr.Handler(record))
//
// URLR sends again what timed out. If the handler has succeeded by then, the retry is acknowledged
// without being handled; see [Deduplicate]. Before Verify, with StreamRequestBody, the middleware lets
// fasthttp read the next request of the connection while Verify still reads the body.
package fiberv3urlr

import (
	"github.com/gofiber/fiber/v3"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier decides what is accepted. Required.
	Verifier *core.Verifier

	// Next, if set, lets a request pass unverified and without an event when it returns true.
	Next func(c fiber.Ctx) bool

	// ErrorHandler, if set, answers refused requests, or returns an error for the application's
	// error handler. An answer that sets no status has that of [core.StatusCode]. If ErrorHandler
	// does neither, Verify returns the error that it returns without one.
	ErrorHandler func(c fiber.Ctx, err error) error
}

// Verify returns middleware that lets only authentic deliveries pass: signed with secret, the
// secret key of a folder at URLR. Later handlers get the event from [Event] or, out of the request's
// context, from [core.FromContext], and can read the body again. For any other request it returns an
// error that wraps a [*fiber.Error] and the reason, for the application's error handler.
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

// Event returns the event that [Verify] has put into the request's context, or nil where it did not
// run. Functions that take a [context.Context] get the event with [core.FromContext] out of c.Context().
// It also finds it in c itself, but only until the handler returns: Fiber uses a Ctx again.
func Event(c fiber.Ctx) *core.Event {
	e, _ := core.FromContext(c.Context())
	return e
}

// Handler returns a terminal handler: mount it after [Verify]. It answers 204 when h returns nil, and
// otherwise returns an error that wraps a [*fiber.Error] with the status of [core.StatusCode], so
// that URLR sends the delivery again, and the error of h, whose text is not answered. The context of
// h is c.Context(). Handler panics if h is nil.
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
