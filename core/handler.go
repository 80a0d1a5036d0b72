package core

import "context"

// A HandlerFunc handles an authentic event. If it returns nil, the response is 204. If it returns
// an error, the response has the error's [StatusCode] and URLR retries the delivery. Wrap
// [ErrUnavailable] if a dependency is down. The response never contains the error's text.
type HandlerFunc func(ctx context.Context, e *Event) error

// OnLinkClicked returns a handler that calls h for events of type [EventLinkClicked] and
// acknowledges all others, so that URLR doesn't retry events of a future type. It panics if h is
// nil.
func OnLinkClicked(h HandlerFunc) HandlerFunc {
	if h == nil {
		panic("urlr: OnLinkClicked: nil HandlerFunc")
	}
	return func(ctx context.Context, e *Event) error {
		if e.Type != EventLinkClicked {
			return nil
		}
		return h(ctx, e)
	}
}

// Serve calls h with the event that ctx carries. If there is none, it returns [ErrNotVerified]
// without calling h. An error that h returns is never a refusal of the delivery, whatever it wraps:
// its [StatusCode] is 500 or 503. Serve is for authors of adapters.
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

// A handlerError is an error that a handler returned for an authentic event. It is not a refusal of
// the delivery, whatever it wraps.
type handlerError struct{ error }

func (e handlerError) Unwrap() error { return e.error }
