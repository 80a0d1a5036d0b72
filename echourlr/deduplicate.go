package echourlr

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// Deduplicate returns middleware, to be mounted behind [Verify], that lets each click reach the next handler once, although URLR
// sends deliveries again; see package [github.com/urlr-community/webhooks-go/dedupe]. A retry of something already processed is
// answered with 204. For a delivery that has to come back it returns an [*echo.HTTPError] with 503, and sets Retry-After.
//
// An answer counts as lost if the request's context is done before the answer is written, which net/http sees when the client
// closes the connection, or if it can't be written or flushed. To see that, the answer is flushed when the next handler returns. An
// error that the handler returns counts as a failure: the application's error handler must not answer it with a 2xx status.
//
// It panics if g is nil.
func Deduplicate(g *dedupe.Guard) echo.MiddlewareFunc {
	if g == nil {
		panic("urlr: Deduplicate needs a Guard, got nil: make one with dedupe.New")
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			attempt, err := g.Begin(c.Request().Context())
			if err != nil {
				return httpError(c, err)
			}
			acknowledged, lost := false, false // also if next panics
			defer func() { attempt.End(acknowledged, lost) }()
			response := c.Response()
			answer := attempt.NewAnswer(response.Writer)
			response.Writer = answer
			defer func() { response.Writer = answer.ResponseWriter }()
			if attempt.Skip() {
				err = c.NoContent(http.StatusNoContent)
			} else {
				err = next(c)
			}
			if err != nil {
				return err
			}
			if response.Committed {
				lost = answer.Finish()
			}
			acknowledged = answer.IsAcknowledgement()
			return nil
		}
	}
}
