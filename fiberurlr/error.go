package fiberurlr

import (
	"github.com/gofiber/fiber/v2"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/fibers"
)

// fiberError returns Fiber's error for err, and sets the Retry-After header if one belongs to it.
func fiberError(c *fiber.Ctx, err error) error {
	if s := core.RetryAfter(err); s != "" {
		c.Set(fiber.HeaderRetryAfter, s)
	}
	p := core.NewProblem(err)
	return &fibers.Refusal{Public: fiber.NewError(p.Status, p.Detail), Cause: err}
}
