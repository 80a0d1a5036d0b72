package echourlr

import (
	"encoding/json"

	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/problem"
)

// httpError returns the [*echo.HTTPError] for err, and sets Retry-After if it calls for that.
func httpError(c echo.Context, err error) error {
	p := problem.For(core.Reason(err))
	if p.RetryAfter != "" {
		c.Response().Header().Set(echo.HeaderRetryAfter, p.RetryAfter)
	}
	return echo.NewHTTPError(p.Status, message(p.Detail)).SetInternal(cause{err})
}

// A message is encoded to JSON like a string in Echo. With a string, Echo's debug mode would add
// the text of the cause.
type message string

func (m message) MarshalJSON() ([]byte, error) { return json.Marshal(echo.Map{"message": string(m)}) }

// A cause hides that an error is an [*echo.HTTPError], which Echo would render instead.
type cause struct{ error }

func (c cause) Unwrap() error { return c.error }
