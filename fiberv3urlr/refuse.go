package fiberv3urlr

import (
	"errors"

	"github.com/gofiber/fiber/v3"

	"github.com/urlr-community/webhooks-go/core"
)

// refuse refuses a request with err. If it neither responded nor returned an error, Fiber would
// send 200.
func (cfg *Config) refuse(c fiber.Ctx, err error) error {
	if cfg.ErrorHandler != nil {
		status := core.StatusCode(err)
		c.Status(status)
		returned := cfg.ErrorHandler(c, err)
		if isBare(returned, err) {
			return fiberError(c, returned)
		}
		if returned != nil || hasResponded(c, status) {
			return returned
		}
	}
	return fiberError(c, err)
}

// isBare reports whether a handler returned err without one of Fiber's errors. Fiber would respond
// to that with 500 and the text of err.
func isBare(returned, err error) bool {
	_, ok := errors.AsType[*fiber.Error](returned)
	return errors.Is(returned, err) && !ok
}

// hasResponded reports whether a handler has responded: with a body, or with a status other than
// the one set before.
func hasResponded(c fiber.Ctx, status int) bool {
	response := c.Response()
	return response.StatusCode() != status || response.IsBodyStream() || len(response.Body()) > 0 ||
		c.RequestCtx().Hijacked() || c.RequestCtx().LastTimeoutErrorResponse() != nil
}
