package fiberv3urlr

import (
	"context"

	"github.com/gofiber/fiber/v3"

	"github.com/urlr-community/webhooks-go/core"
)

// setEvent puts an event into the request's context, and among the values of the request, which are
// those of a Ctx as a context.
func setEvent(c fiber.Ctx, e *core.Event) {
	c.SetContext(core.NewContext(c.Context(), e))
	c.RequestCtx().SetUserValue(eventKey, e)
}

// eventKey is the key under which core.FromContext asks a context for the event.
var eventKey = func() any {
	asked := &askedContext{Context: context.Background()}
	core.FromContext(asked)
	return asked.key
}()

// An askedContext notes which key it was asked for.
type askedContext struct {
	context.Context
	key any
}

// Value implements [context.Context].
func (c *askedContext) Value(key any) any {
	c.key = key
	return nil
}
