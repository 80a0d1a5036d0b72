package fiberv3urlr

import (
	"errors"

	"github.com/gofiber/fiber/v3"

	"github.com/urlr-community/webhooks-go/core"
)

// refuse refuses a request with err. Without an answer or an error of ours, Fiber would acknowledge
// it with 200.
func (cfg *Config) refuse(c fiber.Ctx, err error) error {
	if cfg.ErrorHandler != nil {
		status := core.StatusCode(err)
		c.Status(status)
		returned := cfg.ErrorHandler(c, err)
		if isBare(returned, err) {
			return fiberError(c, returned)
		}
		if returned != nil || isAnswered(c, status) {
			return returned
		}
	}
	return fiberError(c, err)
}

// isBare reports whether a handler returned err without an error of Fiber's: that would be answered
// with 500 and the text of err.
func isBare(returned, err error) bool {
	_, ok := errors.AsType[*fiber.Error](returned)
	return errors.Is(returned, err) && !ok
}

// isAnswered reports whether a handler has answered: with a body, or with another status than the one
// that was set before it.
func isAnswered(c fiber.Ctx, status int) bool {
	answer := c.Response()
	return answer.StatusCode() != status || answer.IsBodyStream() || len(answer.Body()) > 0 ||
		c.RequestCtx().Hijacked() || c.RequestCtx().LastTimeoutErrorResponse() != nil
}
