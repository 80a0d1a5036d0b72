package fiberv3urlr

import (
	"context"

	"github.com/gofiber/fiber/v3"

	"github.com/urlr-community/webhooks-go/core"
)

// setEvent stores an event in the request's context, and in the user values of the request, where a
// Ctx looks up its values as a context.
func setEvent(c fiber.Ctx, e *core.Event) {
	c.SetContext(core.NewContext(c.Context(), e))
	c.RequestCtx().SetUserValue(eventKey, e)
}

// eventKey is the key that core.FromContext looks up.
var eventKey = func() any {
	recording := &recordingContext{Context: context.Background()}
	core.FromContext(recording)
	return recording.key
}()

// A recordingContext records the key that is looked up.
type recordingContext struct {
	context.Context
	key any
}

// Value implements [context.Context].
func (c *recordingContext) Value(key any) any {
	c.key = key
	return nil
}
