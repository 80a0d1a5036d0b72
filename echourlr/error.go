package echourlr

import (
	"encoding/json"

	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/problem"
)

// httpError returns Echo's error for err, and sets the Retry-After header if one belongs to it.
func httpError(c echo.Context, err error) error {
	p := problem.For(core.Reason(err))
	if p.RetryAfter != "" {
		c.Response().Header().Set(echo.HeaderRetryAfter, p.RetryAfter)
	}
	return echo.NewHTTPError(p.Status, message(p.Detail)).SetInternal(cause{err})
}

// A message encodes to JSON as Echo encodes a string. To a string Echo's debug mode would add the
// text of the cause.
type message string

func (m message) MarshalJSON() ([]byte, error) { return json.Marshal(echo.Map{"message": string(m)}) }

// A cause hides that an error is an *echo.HTTPError: Echo would answer with that instead.
type cause struct{ error }

func (c cause) Unwrap() error { return c.error }
