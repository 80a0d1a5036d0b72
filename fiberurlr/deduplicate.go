package fiberurlr

import (
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// Deduplicate returns middleware that passes each click to the next handler once, although URLR
// retries deliveries; see package [github.com/urlr-community/webhooks-go/dedupe]. Mount it after
// [Verify].
//
// The response to a retry of a processed delivery is 204. For a delivery that must be retried
// later, Deduplicate sets Retry-After and returns an error that wraps a [*fiber.Error] with status
// 503.
//
// If a handler returns an error, the delivery counts as failed, whatever response the application's
// error handler sends.
//
// Fiber reports neither failed writes nor disconnected clients, so Deduplicate inspects the
// connection. It treats a response as lost if the client has closed the connection when the next
// handler returns, or resets it before it has received the whole response.
//
// Deduplicate can't detect that the client disconnects while a handler is running, that it
// disappears silently, or that it resets the connection in the microseconds between the end of the
// handler and the response. Set [dedupe.WithSenderTimeout] to at least treat late responses as
// lost. On macOS and the BSDs, Deduplicate can't detect what happens after the handler has
// returned, nor anything if Fiber terminates TLS. On systems other than Linux, macOS and the BSDs,
// it can't detect anything.
//
// A response with fasthttp's TimeoutError counts as failed.
//
// If the request does not come from Fiber's own server but from Fiber's adaptor for net/http, for
// example, the response is the next handler's, and Deduplicate can't detect that it is lost.
//
// With Prefork, the child processes need a shared Store.
//
// Deduplicate panics if g is nil.
func Deduplicate(g *dedupe.Guard) fiber.Handler {
	if g == nil {
		panic("urlr: Deduplicate: nil Guard")
	}
	return func(c *fiber.Ctx) error {
		attempt, err := g.Begin(dedupe.ConnContext(c.UserContext(), c.Context().Conn()))
		if err != nil {
			return fiberError(c, err)
		}
		r := &response{attempt: attempt, request: c.Context()}
		if isServed(c) {
			c.Context().SetUserValue(responseKey{attempt}, r)
			defer r.endIfTimedOut() // also if the handler panics
		} else {
			attempt.Buffered()
			defer r.Close() //nolint:errcheck // it returns none
		}
		if attempt.Skip() {
			c.Status(fiber.StatusNoContent)
		} else if err := c.Next(); err != nil {
			return err
		}
		r.succeeded = true
		attempt.Answering()
		return nil
	}
}

// isServed reports whether the request comes from fasthttp's server. Nothing else closes its user
// values.
func isServed(c *fiber.Ctx) bool { return c.Context().ConnRequestNum() > 0 }

// A responseKey is unique to its attempt, since a request may have several attempts.
type responseKey struct{ attempt *dedupe.Attempt }

// A response ends its attempt. It is a user value of the request. fasthttp closes user values after
// it has written the response or failed to, except those of a request with a TimeoutError.
type response struct {
	attempt   *dedupe.Attempt
	request   *fasthttp.RequestCtx
	succeeded bool
}

// Close implements [io.Closer].
func (r *response) Close() error {
	r.attempt.End(r.succeeded && r.request.Response.StatusCode()/100 == 2, false)
	return nil
}

func (r *response) endIfTimedOut() {
	if r.request.LastTimeoutErrorResponse() != nil {
		r.attempt.End(false, false)
	}
}
