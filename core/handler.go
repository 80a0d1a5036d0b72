package core

import "context"

// A HandlerFunc handles an authentic event. If it returns nil, the delivery is answered with 204. If it
// returns an error, the delivery is answered with [StatusCode] of it, and URLR sends it again; wrap
// [ErrUnavailable] to say that a dependency is down. The error's text never reaches the answer.
type HandlerFunc func(ctx context.Context, e *Event) error

// OnLinkClicked returns a handler that calls h for events of type [EventLinkClicked] and acknowledges
// all others, so that a future event type is not sent again and again. It panics if h is nil.
func OnLinkClicked(h HandlerFunc) HandlerFunc {
	if h == nil {
		panic("urlr: OnLinkClicked needs a handler, got nil")
	}
	return func(ctx context.Context, e *Event) error {
		if e.Type != EventLinkClicked {
			return nil
		}
		return h(ctx, e)
	}
}

// Serve calls h with the event that ctx carries. Without one it returns [ErrNotVerified] and does not
// call h: nothing unverified is ever handled. The error of h never counts as a refusal of the delivery,
// whatever it wraps. Serve is for the Handler of an adapter.
func (h HandlerFunc) Serve(ctx context.Context) error {
	e, ok := FromContext(ctx)
	if !ok {
		return ErrNotVerified
	}
	if err := h(ctx, e); err != nil {
		return handlerError{err}
	}
	return nil
}

// A handlerError is an error that a handler returned for an authentic event. Whatever it wraps, it is
// not a refusal of the delivery.
type handlerError struct{ error }

func (e handlerError) Unwrap() error { return e.error }
