package echov5urlr

import (
	"errors"

	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/refusal"
)

// refuse refuses a request with err. If nobody answered and no error was returned, net/http would
// acknowledge the request with 200.
func (cfg *Config) refuse(c *echo.Context, err error) error {
	refusal.CloseUnread(c.Response(), c.Request())
	if cfg.ErrorHandler != nil {
		isAnswered, returned := cfg.answer(c, err)
		if isBare(returned, err) {
			return httpError(c, returned)
		}
		if returned != nil || isAnswered {
			return returned
		}
	}
	return httpError(c, err)
}

// isBare reports whether a handler returned err without an error of Echo's around it. Echo would answer
// that with 500, or with the status of an error that err wraps.
func isBare(returned, err error) bool {
	for e := returned; errors.Is(e, err); e = errors.Unwrap(e) {
		if _, ok := e.(echo.HTTPStatusCoder); ok {
			return false
		}
	}
	return errors.Is(returned, err)
}

// answer calls the ErrorHandler. It has a response of its own to tell whether that has answered:
// middleware may have set one that does not unwrap to Echo's.
func (cfg *Config) answer(c *echo.Context, err error) (isAnswered bool, returned error) {
	around := c.Response()
	response := echo.NewResponse(around, c.Logger())
	response.Status = core.StatusCode(err) // of an answer that sets none
	c.SetResponse(response)
	defer c.SetResponse(around) // also if it panics
	returned = cfg.ErrorHandler(c, err)
	return response.Committed, returned
}
