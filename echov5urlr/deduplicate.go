package echov5urlr

import (
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/track"
)

// Deduplicate returns middleware that passes each click to the next handler once, although URLR
// retries deliveries; see package [github.com/urlr-community/webhooks-go/dedupe]. Mount it after
// [Verify].
//
// The response to a retry of a processed delivery is 204. For a delivery that must be retried
// later, Deduplicate sets Retry-After and returns an [*echo.HTTPError] with status 503.
//
// If a handler returns nil without writing anything, Deduplicate sends 200. If a handler returns an
// error, the delivery counts as failed, so the application's error handler must not respond to it
// with a 2xx status.
//
// Deduplicate treats a response as lost if the client disconnects before the response is sent, or
// if writing or flushing the response fails. net/http reports a disconnected client by canceling
// the request's context. Set [dedupe.ConnContext] in the server, with BeforeServeFunc of
// [echo.StartConfig], to have Deduplicate inspect the connection, too. To detect failures,
// Deduplicate flushes the response when the next handler returns, unless the response has no body
// and middleware mounted before Deduplicate may compress it.
//
// It panics if g is nil.
func Deduplicate(g *dedupe.Guard) echo.MiddlewareFunc {
	if g == nil {
		panic("urlr: Deduplicate: nil Guard")
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			attempt, err := g.Begin(c.Request().Context())
			if err != nil {
				return httpError(c, err)
			}
			acknowledged, lost := false, false // also if next panics
			defer func() { attempt.End(acknowledged, lost) }()
			around := c.Response()
			writer := track.NewWriter(flusher{around}, attempt)
			c.SetResponse(writer)
			defer c.SetResponse(around)
			if attempt.Skip() {
				err = c.NoContent(http.StatusNoContent)
			} else {
				err = next(c)
			}
			if err != nil {
				return err
			}
			acknowledged, lost = finish(writer, around)
			return nil
		}
	}
}

// finish completes the response of a handler that returned nil. The handler may have unwrapped the
// writer and written to the response directly.
func finish(writer *track.Writer, around http.ResponseWriter) (acknowledged, lost bool) {
	if !writer.HasBegun() {
		if status := committedStatus(around); status != 0 {
			return status/100 == 2, writer.Finish()
		}
		writer.WriteHeader(http.StatusOK)
	}
	return writer.IsAcknowledgment(), writer.Finish()
}
