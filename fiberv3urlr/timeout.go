package fiberv3urlr

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v3"
)

// handled tells that the next handler has returned or panicked. ctx is the request's context from the
// beginning of the attempt. If the request has timed out, or does so before it is answered, the answer
// is lost, and handled ends the attempt: fasthttp does not close the values of such a request.
func (a *answer) handled(ctx context.Context, c fiber.Ctx) {
	if a.succeeded {
		a.attempt.Answering()
	}
	if isHandlerAbandoned(ctx, c) {
		a.end(false, false)
		return
	}
	acknowledged := a.succeeded && isAcknowledgement(a.request.Response.StatusCode())
	if c.IsAbandoned() {
		a.end(acknowledged, true)
		return
	}
	if _, mayTimeOut := ctx.Deadline(); mayTimeOut {
		a.stopWatching = context.AfterFunc(ctx, func() {
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				a.end(acknowledged, true)
			}
		})
	}
}

// isHandlerAbandoned reports whether something after Deduplicate has answered with a timeout while the
// handler may go on, so that nobody is going to know whether that succeeds. Fiber's timeout middleware
// then leaves its own context in place.
func isHandlerAbandoned(ctx context.Context, c fiber.Ctx) bool {
	if c.IsAbandoned() {
		return ctx.Err() == nil || c.Context().Done() != ctx.Done()
	}
	_, mayTimeOut := ctx.Deadline() // then this would be a race with what answers the timeout
	return !mayTimeOut && c.RequestCtx().LastTimeoutErrorResponse() != nil
}

// isAcknowledgement reports whether the status of a request that has timed out is the handler's
// acknowledgement. Fiber's timeout middleware may have set 408 before the handler returned.
func isAcknowledgement(status int) bool {
	return status/100 == 2 || status == fiber.StatusRequestTimeout
}
