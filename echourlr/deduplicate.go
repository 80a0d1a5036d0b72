package echourlr

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/answer"
)

// Deduplicate returns middleware that lets each click reach the next handler once, although URLR
// sends deliveries again; see package [github.com/urlr-community/webhooks-go/dedupe]. Mount it
// after [Verify]. A retry of something already processed is answered with 204. For a delivery that
// has to come back it returns an [*echo.HTTPError] with 503, and sets Retry-After.
//
// An answer counts as lost if the client disconnects before the answer is sent, or if the answer
// can't be written or flushed. net/http notices a disconnected client when it cancels the request's
// context; with [dedupe.ConnContext], Deduplicate also looks at the connection. To notice a
// failure, it flushes the answer when the next handler returns, unless the answer has no body and a
// middleware that compresses is mounted before. A handler that returns nil and writes nothing is
// answered with 200. An error that the handler returns counts as a failure: the application's error
// handler must not answer it with a 2xx status.
//
// It panics if g is nil.
func Deduplicate(g *dedupe.Guard) echo.MiddlewareFunc {
	if g == nil {
		panic("urlr: Deduplicate: nil Guard")
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
			writer := answer.NewWriter(response.Writer, attempt)
			response.Writer = writer
			defer func() { response.Writer = writer.ResponseWriter }()
			if attempt.Skip() {
				err = c.NoContent(http.StatusNoContent)
			} else {
				err = next(c)
			}
			if err != nil {
				return err
			}
			if !response.Committed && !writer.HasBegun() {
				response.WriteHeader(http.StatusOK)
			}
			acknowledged, lost = writer.IsAcknowledgement(), writer.Finish()
			return nil
		}
	}
}
