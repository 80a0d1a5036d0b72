// Package ginurlr verifies URLR's webhooks in Gin.
//
//	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Handler(record))
//
// and lets each click through once, with a guard of package
// [github.com/urlr-community/webhooks-go/dedupe]:
//
//	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Deduplicate(guard), ginurlr.Handler(record))
//
// What is accepted, and every option, is described in package
// [github.com/urlr-community/webhooks-go/core].
//
// # Versions
//
// This module requires Gin v1.10.0 or later. Earlier versions require a golang.org/x/net whose HTTP/2
// server, which UseH2C turns on, can be overloaded (GO-2023-2102, GO-2024-2687). No known vulnerability
// of v1.10.0 matters here. The tests pass with that version and with the newest.
package ginurlr

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/core"
)

// Config is the configuration of [VerifyWithConfig].
type Config struct {
	// Verifier decides what is accepted. Required.
	Verifier *core.Verifier

	// Skipper, if set, lets a request pass unverified and without an event when it returns true.
	Skipper func(c *gin.Context) bool

	// ErrorHandler, if set, answers refused requests. The chain is already aborted, and the status is
	// that of [core.StatusCode]. If it neither writes nor changes the status, [core.WriteProblem]
	// answers, unless it attaches an error, see [gin.Context.Error]: then other middleware can answer.
	ErrorHandler func(c *gin.Context, err error)
}

// Verify returns middleware that lets only authentic deliveries pass: signed with secret, the
// secret key of a folder at URLR. Later handlers get the event from [Event] or, out of the
// request's context, from [core.FromContext], and can read the body again. Any other request is
// aborted and answered with application/problem+json and the status of [core.StatusCode], at once:
// where the body of an HTTP/1 request was not read to its end, the answer closes the connection.
// The error is attached to the context, see [gin.Context.Error]. Its text is the answer's detail;
// errors.Is and errors.As find the reason.
//
// It panics if the secret is empty or an option impossible: a server that can't verify must not
// start.
func Verify(secret string, opts ...core.Option) gin.HandlerFunc {
	return VerifyWithConfig(Config{Verifier: core.MustVerifier(secret, opts...)})
}

// VerifyWithConfig is like [Verify] with a configuration. It panics without a Verifier.
func VerifyWithConfig(cfg Config) gin.HandlerFunc {
	if cfg.Verifier == nil {
		panic("urlr: Config.Verifier is nil: make one with core.NewVerifier")
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

// Event returns the event that [Verify] has put into the request's context, or nil where it did not
// run.
func Event(c *gin.Context) *core.Event {
	e, _ := core.FromContext(c.Request.Context())
	return e
}

// Handler returns a terminal handler for use behind [Verify]. It answers 204 when h returns nil,
// and otherwise application/problem+json with the status of [core.StatusCode], so that URLR sends
// the delivery again. The error is attached to the context, see [gin.Context.Error], for errors.Is
// and errors.As alone: its text is the answer's detail, so that no middleware, such as
// [gin.ErrorLogger], answers with the text of h's error. h can log that. Handler panics if h is
// nil.
func Handler(h core.HandlerFunc) gin.HandlerFunc {
	if h == nil {
		panic("urlr: Handler needs a core.HandlerFunc, got nil")
	}
	return func(c *gin.Context) {
		if err := h.Serve(c.Request.Context()); err != nil {
			answer(c, err)
			return
		}
		c.Status(http.StatusNoContent)
	}
}
