package fiberv3urlr

import (
	"github.com/gofiber/fiber/v3"
)

// refuse refuses a request with err. Without an answer or an error of ours, Fiber would acknowledge
// it with 200.
func (cfg *Config) refuse(c fiber.Ctx, err error) error {
	if cfg.ErrorHandler != nil {
		returned := cfg.ErrorHandler(c, err)
		if returned != nil || isAnswered(c) {
			return returned
		}
	}
	return fiberError(c, err)
}

// isAnswered reports whether a handler has answered. What it can't tell from none is an answer of
// 200 without a body.
func isAnswered(c fiber.Ctx) bool {
	answer := c.Response()
	return answer.StatusCode() != fiber.StatusOK || answer.IsBodyStream() || len(answer.Body()) > 0 ||
		c.RequestCtx().Hijacked() || c.RequestCtx().LastTimeoutErrorResponse() != nil
}
