package echov5urlr

import (
	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/problem"
)

// httpError returns Echo's error for err, and sets the Retry-After header if one belongs to it.
func httpError(c *echo.Context, err error) error {
	p := problem.For(core.Reason(err))
	if p.RetryAfter != "" {
		c.Response().Header().Set(echo.HeaderRetryAfter, p.RetryAfter)
	}
	problem := &echo.ProblemError{Status: p.Status, Detail: p.Detail}
	return echo.NewHTTPError(p.Status, p.Detail).Wrap(&cause{problem, err})
}

// A cause is what an [*echo.HTTPError] wraps. Error handlers that expose errors answer with its text,
// so the text of err is not in it. And since Echo looks for an [*echo.ProblemError] in everything that
// an error wraps, there is one before any that err may wrap.
type cause struct {
	problem *echo.ProblemError
	err     error
}

func (c *cause) Error() string { return core.Reason(c.err) }

func (c *cause) Unwrap() []error { return []error{c.problem, c.err} }
