package echov5urlr

import (
	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/problem"
)

// httpError returns the [*echo.HTTPError] for err, and sets Retry-After if it calls for that.
func httpError(c *echo.Context, err error) error {
	p := problem.For(core.Reason(err))
	if p.RetryAfter != "" {
		c.Response().Header().Set(echo.HeaderRetryAfter, p.RetryAfter)
	}
	problem := &echo.ProblemError{Status: p.Status, Detail: p.Detail}
	return echo.NewHTTPError(p.Status, p.Detail).Wrap(&cause{problem, err})
}

// A cause is wrapped by an [*echo.HTTPError]. Its text does not contain that of err, since error
// handlers that expose errors send it. It wraps an [*echo.ProblemError] before err, since Echo uses
// the first one that it finds, and err may wrap another.
type cause struct {
	problem *echo.ProblemError
	err     error
}

func (c *cause) Error() string { return core.Reason(c.err) }

func (c *cause) Unwrap() []error { return []error{c.problem, c.err} }
