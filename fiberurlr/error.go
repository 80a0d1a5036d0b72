package fiberurlr

import (
	"github.com/gofiber/fiber/v2"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/fibers"
	"github.com/urlr-community/webhooks-go/internal/problem"
)

// fiberError returns an error that wraps the [*fiber.Error] for err. It sets Retry-After if err
// calls for that.
func fiberError(c *fiber.Ctx, err error) error {
	p := problem.For(core.Reason(err))
	if p.RetryAfter != "" {
		c.Set(fiber.HeaderRetryAfter, p.RetryAfter)
	}
	return &fibers.Refusal{Public: fiber.NewError(p.Status, p.Detail), Cause: err}
}
