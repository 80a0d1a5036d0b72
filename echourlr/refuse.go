package echourlr

import (
	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/internal/refusal"
)

// refuse refuses a request with err. Without an answer or an error of ours, net/http would
// acknowledge it with 200.
func (cfg *Config) refuse(c echo.Context, err error) error {
	refusal.CloseUnread(c.Response(), c.Request())
	if cfg.ErrorHandler != nil {
		returned := cfg.ErrorHandler(c, err)
		if returned != nil || c.Response().Committed {
			return returned
		}
	}
	return httpError(c, err)
}
