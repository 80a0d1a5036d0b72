package echov5urlr

import (
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/answer"
)

// Deduplicate returns middleware that lets each click reach the next handler once, although URLR
// sends deliveries again; see package [github.com/urlr-community/webhooks-go/dedupe]. Mount it after
// [Verify]. A retry of something already processed is answered with 204. For a delivery that has to
// come back it returns an [*echo.HTTPError] with 503, and sets Retry-After.
//
// An answer counts as lost if the client disconnects before the answer is sent, or if the answer
// can't be written or flushed. net/http notices a disconnected client when it cancels the request's
// context; with [dedupe.ConnContext], which BeforeServeFunc of [echo.StartConfig] can set, Deduplicate
// also looks at the connection. To notice a failure, it flushes the answer when the next handler
// returns, unless the answer has no body and middleware that compresses is mounted before. A handler
// that returns nil and writes nothing is answered with 200. An error that the handler returns counts
// as a failure: the application's error handler must not answer it with a 2xx status.
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
			writer := answer.NewWriter(flusher{around}, attempt)
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

// finish completes the answer of a handler that returned nil. That may have unwrapped the response and
// written past the writer.
func finish(writer *answer.Writer, around http.ResponseWriter) (acknowledged, lost bool) {
	if !writer.HasBegun() {
		if status := committedStatus(around); status != 0 {
			return status/100 == 2, writer.Finish()
		}
		writer.WriteHeader(http.StatusOK)
	}
	return writer.IsAcknowledgement(), writer.Finish()
}
