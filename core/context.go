package core

import "context"

type contextKey struct{}

// NewContext returns a copy of ctx that carries e.
func NewContext(ctx context.Context, e *Event) context.Context {
	return context.WithValue(ctx, contextKey{}, e)
}

// FromContext returns the event that ctx carries, and reports whether there is one. Pass the
// request's context, in a handler that runs after an adapter's Verify:
//
//   - net/http: r.Context()
//   - Gin: c.Request.Context(). c itself works only with Engine.ContextWithFallback.
//   - Echo: c.Request().Context()
//   - Fiber v2: c.UserContext(), not c.Context()
//   - Fiber v3: c.Context(), or c itself until the handler returns
func FromContext(ctx context.Context) (*Event, bool) {
	e, _ := ctx.Value(contextKey{}).(*Event)
	return e, e != nil
}
