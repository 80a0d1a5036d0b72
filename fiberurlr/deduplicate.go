package fiberurlr

import (
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// Deduplicate returns middleware that lets each click reach the next handler once, although URLR
// sends deliveries again; see package [github.com/urlr-community/webhooks-go/dedupe]. Mount it
// after [Verify]. A retry of something already processed is answered with 204. For a delivery that
// has to come back it returns an error that wraps a [*fiber.Error] with 503, and sets Retry-After.
// An error that the handler returns counts as a failure, whatever the application's error handler
// makes of it.
//
// Fiber tells nobody whether an answer could be written, and does not notice a client that
// disconnects. So Deduplicate looks at the connection: when the next handler returns, whether the
// client has closed it, and after the answer is written, whether the client reset it before it had
// all of the answer. Either way, the answer counts as lost.
//
// What it can't see: while a handler is running, that its client has disconnected; a client that
// vanishes without a word; and a reset in the microseconds between the end of the handler and the
// answer. With [dedupe.WithSenderTimeout], at least answers that come late count as lost. On macOS
// and the BSDs, it can't see what happens after the handler returned, nor anything of connections
// that Fiber itself encrypts; on other systems than Linux, macOS and the BSDs, nothing at all. An
// answer with fasthttp's TimeoutError counts as a failure.
//
// With Prefork each child is a process of its own, so that all need a Store that they share.
//
// It panics if g is nil.
func Deduplicate(g *dedupe.Guard) fiber.Handler {
	if g == nil {
		panic("urlr: Deduplicate: nil Guard")
	}
	return func(c *fiber.Ctx) error {
		attempt, err := g.Begin(dedupe.ConnContext(c.UserContext(), c.Context().Conn()))
		if err != nil {
			return fiberError(c, err)
		}
		answer := &answer{attempt: attempt, request: c.Context()}
		c.Context().SetUserValue(answerKey{attempt}, answer)
		defer answer.endIfTimedOut() // also if the handler panics
		if attempt.Skip() {
			c.Status(fiber.StatusNoContent)
		} else if err := c.Next(); err != nil {
			return err
		}
		answer.succeeded = true
		attempt.Answering()
		return nil
	}
}

// An answerKey is the attempt's own, since there may be more than one in a request.
type answerKey struct{ attempt *dedupe.Attempt }

// An answer ends its attempt. It is a user value of the request, which fasthttp closes once the answer
// is written, or can't be. It never closes those of a request that is answered with its TimeoutError.
type answer struct {
	attempt   *dedupe.Attempt
	request   *fasthttp.RequestCtx
	succeeded bool
}

// Close implements [io.Closer].
func (a *answer) Close() error {
	a.attempt.End(a.succeeded && a.request.Response.StatusCode()/100 == 2, false)
	return nil
}

func (a *answer) endIfTimedOut() {
	if a.request.LastTimeoutErrorResponse() != nil {
		a.attempt.End(false, false)
	}
}
