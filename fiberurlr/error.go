package fiberurlr

import (
	"github.com/gofiber/fiber/v2"

	"github.com/urlr-community/webhooks-go/core"
)

// A refusal is an error for Fiber's error handlers. Since they answer with its text, that is the
// public one; the cause is to be found with errors.Is and errors.As alone.
type refusal struct {
	public *fiber.Error
	cause  error
}

func (r *refusal) Error() string { return r.public.Message }

func (r *refusal) Unwrap() []error { return []error{r.public, r.cause} }

// fiberError returns Fiber's error for err, and sets the Retry-After header if one belongs to it.
func fiberError(c *fiber.Ctx, err error) error {
	if s := core.RetryAfter(err); s != "" {
		c.Set(fiber.HeaderRetryAfter, s)
	}
	p := core.NewProblem(err)
	return &refusal{public: fiber.NewError(p.Status, p.Detail), cause: err}
}
