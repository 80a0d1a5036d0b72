package core

import "context"

type contextKey struct{}

// NewContext returns a copy of ctx that carries e.
func NewContext(ctx context.Context, e *Event) context.Context {
	return context.WithValue(ctx, contextKey{}, e)
}

// FromContext returns the event that ctx carries. It reports false where none was verified, and for a
// context that is not the request's: pass c.Request.Context() in Gin, whose own context falls back to
// it only with ContextWithFallback, c.Request().Context() in Echo, and c.UserContext() in Fiber v2,
// whose c.Context() is another.
func FromContext(ctx context.Context) (*Event, bool) {
	e, _ := ctx.Value(contextKey{}).(*Event)
	return e, e != nil
}
