package fiberurlr

import (
	"fmt"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// Deduplicate returns middleware, to be mounted behind [Verify], that lets each click reach the next handler once, although URLR
// sends deliveries again; see package [github.com/urlr-community/webhooks-go/dedupe]. A retry of something already processed is
// answered with 204. For a delivery that has to come back it returns an error that wraps a [*fiber.Error] with 503, and sets
// Retry-After. An error that the handler returns counts as a failure, whatever the application's error handler makes of it.
//
// Fiber tells nobody whether an answer could be written, and it does not notice a client that goes away. So Deduplicate looks at the
// connection: when the next handler returns, whether the client has closed it, and when the answer is written, whether the client
// has reset it. Either way, the answer counts as lost. That works on Linux, macOS and the BSDs, for connections that are not encrypted
// by Fiber itself. What it can't see: while a handler is running, that its client is gone, and a client that goes away without a word.
// With [dedupe.WithSenderTimeout], at least answers that come late count as lost. An attempt whose handler answers with fasthttp's
// TimeoutError ends with its lease.
//
// With Prefork each child is a process of its own, so that all need a Store that they share.
//
// It panics if g is nil.
func Deduplicate(g *dedupe.Guard) fiber.Handler {
	if g == nil {
		panic("urlr: Deduplicate needs a Guard, got nil: make one with dedupe.New")
	}
	return func(c *fiber.Ctx) error {
		start, connection := time.Now(), c.Context().Conn()
		attempt, err := g.Begin(c.UserContext())
		if err != nil {
			return fiberError(c, err)
		}
		if time.Since(start) > slowStore && isClosedByPeer(connection) {
			attempt.End(false, false)
			return fiberError(c, errGone)
		}
		answer := &answer{attempt: attempt, request: c.Context(), connection: connection}
		c.Context().SetUserValue(answerKey{attempt}, answer)
		if attempt.Skip() {
			c.Status(fiber.StatusNoContent)
		} else if err := c.Next(); err != nil {
			return err
		}
		answer.succeeded = true
		answer.lost = isClosedByPeer(answer.connection)
		attempt.Answering()
		return nil
	}
}

// A slowStore was down for a moment. A client that did not wait for it may have sent the delivery again already, and the two would look
// like twins: so the first is not handled.
const slowStore = 100 * time.Millisecond

var errGone = fmt.Errorf("urlr: the client went away while the store of the guard was down: %w", core.ErrUnavailable)

// An answerKey is the attempt's own, since there may be more than one in a request.
type answerKey struct{ attempt *dedupe.Attempt }

// An answer ends its attempt. It is a user value of the request, which fasthttp closes once the answer is written, or can't be.
type answer struct {
	attempt         *dedupe.Attempt
	request         *fasthttp.RequestCtx
	connection      net.Conn
	succeeded, lost bool
}

// Close implements [io.Closer].
func (a *answer) Close() error {
	acknowledged := a.succeeded && a.request.Response.StatusCode()/100 == 2
	a.attempt.End(acknowledged, a.lost || isReset(a.connection))
	return nil
}
