package fiberv3urlr

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v3"
)

// handled is called when the next handler has returned or panicked. ctx is the request's context at
// the start of the attempt. If the request has timed out, or times out before the response is
// written, the response is lost, and handled ends the attempt: fasthttp does not close the user
// values of such a request.
func (r *response) handled(ctx context.Context, c fiber.Ctx) {
	if r.succeeded {
		r.attempt.Answering()
	}
	if isHandlerAbandoned(ctx, c) {
		r.end(false, false)
		return
	}
	acknowledged := r.succeeded && isAcknowledgment(r.request.Response.StatusCode())
	if c.IsAbandoned() {
		r.end(acknowledged, true)
		return
	}
	if _, mayTimeOut := ctx.Deadline(); mayTimeOut {
		r.stopWatching = context.AfterFunc(ctx, func() {
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				r.end(acknowledged, true)
			}
		})
	}
}

// isHandlerAbandoned reports whether middleware mounted after Deduplicate has responded with a
// timeout while the handler may still be running, so that its outcome will remain unknown. Fiber's
// timeout middleware then leaves its own context in place.
func isHandlerAbandoned(ctx context.Context, c fiber.Ctx) bool {
	if c.IsAbandoned() {
		return ctx.Err() == nil || c.Context().Done() != ctx.Done()
	}
	_, mayTimeOut := ctx.Deadline() // if so, the next line would race with the middleware's response
	return !mayTimeOut && c.RequestCtx().LastTimeoutErrorResponse() != nil
}

// isAcknowledgment reports whether a successful handler's status is an acknowledgment, although the
// request may have timed out: Fiber's timeout middleware may have set 408 before the handler
// returned.
func isAcknowledgment(status int) bool {
	return status/100 == 2 || status == fiber.StatusRequestTimeout
}
