package core

import "context"

type contextKey struct{}

// NewContext returns a copy of ctx that carries e.
func NewContext(ctx context.Context, e *Event) context.Context {
	return context.WithValue(ctx, contextKey{}, e)
}

// FromContext returns the event that ctx carries. It reports false where none was verified.
func FromContext(ctx context.Context) (*Event, bool) {
	e, _ := ctx.Value(contextKey{}).(*Event)
	return e, e != nil
}
