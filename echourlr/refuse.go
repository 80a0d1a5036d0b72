package echourlr

import (
	"errors"

	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/refusal"
)

// refuse refuses a request with err. Without an answer or an error of ours, net/http would
// acknowledge it with 200.
func (cfg *Config) refuse(c echo.Context, err error) error {
	refusal.CloseUnread(c.Response(), c.Request())
	if cfg.ErrorHandler != nil {
		c.Response().Status = core.StatusCode(err) // of an answer that sets none
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

// isBare reports whether a handler returned err without an error of Echo's: that would be answered
// with 500.
func isBare(returned, err error) bool {
	own, ok := errors.AsType[*echo.HTTPError](returned)
	inner, _ := errors.AsType[*echo.HTTPError](err) // that a SecretFunc has returned, say
	return errors.Is(returned, err) && (!ok || own == inner)
}
