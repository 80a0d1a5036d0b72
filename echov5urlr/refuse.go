package echov5urlr

import (
	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/internal/refusal"
)

// refuse refuses a request with err. If nobody answered and no error was returned, net/http would
// acknowledge the request with 200.
func (cfg *Config) refuse(c *echo.Context, err error) error {
	refusal.CloseUnread(c.Response(), c.Request())
	if cfg.ErrorHandler != nil {
		isAnswered, returned := cfg.answer(c, err)
		if returned != nil || isAnswered {
			return returned
		}
	}
	return httpError(c, err)
}

// answer calls the ErrorHandler. It has a response of its own to tell whether that has answered:
// middleware may have set one that does not unwrap to Echo's.
func (cfg *Config) answer(c *echo.Context, err error) (isAnswered bool, returned error) {
	around := c.Response()
	response := echo.NewResponse(around, c.Logger())
	c.SetResponse(response)
	defer c.SetResponse(around) // also if it panics
	returned = cfg.ErrorHandler(c, err)
	return response.Committed, returned
}
