package echourlr

import (
	"errors"

	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/refusal"
)

// refuse refuses a request with err. If it neither responded nor returned an error, net/http would
// send 200.
func (cfg *Config) refuse(c echo.Context, err error) error {
	refusal.CloseUnread(c.Response(), c.Request())
	if cfg.ErrorHandler != nil {
		c.Response().Status = core.StatusCode(err) // the default status
		returned := cfg.ErrorHandler(c, err)
		if isBare(returned, err) {
			return httpError(c, returned)
		}
		if returned != nil || c.Response().Committed {
			return returned
		}
	}
	return httpError(c, err)
}

// isBare reports whether a handler returned err without one of Echo's errors. Echo would respond to
// that with 500.
func isBare(returned, err error) bool {
	own, ok := errors.AsType[*echo.HTTPError](returned)
	inner, _ := errors.AsType[*echo.HTTPError](err) // possibly from a SecretFunc
	return errors.Is(returned, err) && (!ok || own == inner)
}
