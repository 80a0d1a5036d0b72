package fiberurlr

import (
	"github.com/gofiber/fiber/v2"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// Deduplicate returns middleware, to be mounted behind [Verify], that lets each click reach the next handler once, although URLR
// sends deliveries again; see package [github.com/urlr-community/webhooks-go/dedupe]. A retry of something already processed is
// answered with 204. For a delivery that has to come back it returns an error that wraps a [*fiber.Error] with 503, and sets
// Retry-After.
//
// Fiber writes an answer after all handlers have returned and tells nobody whether that worked, and it does not notice a client that
// goes away. So when the next handler returns, Deduplicate looks whether the client has closed the connection: then the answer counts
// as lost. That works on Linux, macOS and the BSDs, for connections that are not encrypted by Fiber itself. What it can't see: a client that goes away
// after that look, an answer that can't be written, and, while a handler is still running, that its client is gone. With
// [dedupe.WithSenderTimeout], at least answers that come late count as lost. An error that the handler returns counts as a failure: the
// application's error handler must not answer it with a 2xx status.
//
// It panics if g is nil.
func Deduplicate(g *dedupe.Guard) fiber.Handler {
	if g == nil {
		panic("urlr: Deduplicate needs a Guard, got nil: make one with dedupe.New")
	}
	return func(c *fiber.Ctx) error {
		attempt, err := g.Begin(c.UserContext())
		if err != nil {
			return fiberError(c, err)
		}
		acknowledged, lost := false, false // also if a handler panics
		defer func() { attempt.End(acknowledged, lost) }()
		if attempt.Skip() {
			c.Status(fiber.StatusNoContent)
		} else if err := c.Next(); err != nil {
			return err
		}
		acknowledged = c.Response().StatusCode()/100 == 2
		lost = isClosedByPeer(c.Context().Conn())
		return nil
	}
}
