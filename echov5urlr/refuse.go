package echov5urlr

import (
	"errors"

	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/refusal"
)

// refuse refuses a request with err. If it neither responded nor returned an error, net/http would
// send 200.
func (cfg *Config) refuse(c *echo.Context, err error) error {
	refusal.CloseUnread(c.Response(), c.Request())
	if cfg.ErrorHandler != nil {
		hasResponded, returned := cfg.callErrorHandler(c, err)
		if isBare(returned, err) {
			return httpError(c, returned)
		}
		if returned != nil || hasResponded {
			return returned
		}
	}
	return httpError(c, err)
}

// isBare reports whether a handler returned err without wrapping it in one of Echo's errors. Echo
// would respond to that with 500, or with the status of an error that err wraps.
func isBare(returned, err error) bool {
	for e := returned; errors.Is(e, err); e = errors.Unwrap(e) {
		if _, ok := e.(echo.HTTPStatusCoder); ok {
			return false
		}
	}
	return errors.Is(returned, err)
}

// callErrorHandler calls the ErrorHandler with a new response, to learn whether it responds:
// middleware may have set a response that does not unwrap to Echo's.
func (cfg *Config) callErrorHandler(c *echo.Context, err error) (hasResponded bool, returned error) {
	around := c.Response()
	response := echo.NewResponse(around, c.Logger())
	response.Status = core.StatusCode(err) // the default status
	c.SetResponse(response)
	defer c.SetResponse(around) // also if ErrorHandler panics
	returned = cfg.ErrorHandler(c, err)
	return response.Committed, returned
}
