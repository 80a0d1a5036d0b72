package watermillurlr

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/urlr-community/webhooks-go/core"
)

// ErrAlien is wrapped by the errors of [Event] and [Consume] for a message that [Publish] did not
// publish, or that was changed on its way. No retry helps: send it to the poison queue.
var ErrAlien = errors.New("urlr: not a message of watermillurlr.Publish")

// Event returns the event that m carries, as [core.Restore] does. It verifies nothing, so subscribe
// to a topic that only your receivers can publish to.
//
// If metadata is missing or wrong, the error names the key. If the payload is no event, the error
// also wraps [core.ErrMalformedEvent]. Every error wraps [ErrAlien], and none quotes the message.
func Event(m *message.Message) (*core.Event, error) {
	if m == nil {
		return nil, fmt.Errorf("%w: nil", ErrAlien)
	}
	if err := missing(m, TypeKey, FormKey, FingerprintKey); err != nil {
		return nil, err
	}
	form, ok := formOf(m)
	if !ok {
		return nil, fmt.Errorf("%w: metadata %s is none of raw, php and js", ErrAlien, FormKey)
	}
	e, err := core.Restore(m.Payload, form, m.Metadata.Get(FingerprintKey))
	switch {
	case errors.Is(err, core.ErrMalformedEvent):
		return nil, fmt.Errorf("%w: payload: %w", ErrAlien, err)
	case err != nil: // the form is known, so it is the fingerprint
		return nil, fmt.Errorf("%w: metadata %s is not 32 lower-case hexadecimal digits", ErrAlien, FingerprintKey)
	}
	return e, nil
}

func missing(m *message.Message, keys ...string) error {
	var absent []string
	for _, key := range keys {
		if m.Metadata.Get(key) == "" {
			absent = append(absent, key)
		}
	}
	if absent == nil {
		return nil
	}
	return fmt.Errorf("%w: no metadata %s: publish with Publish, and let the broker's marshaler keep metadata",
		ErrAlien, strings.Join(absent, ", "))
}

func formOf(m *message.Message) (core.Form, bool) {
	for _, form := range []core.Form{core.FormRaw, core.FormPHP, core.FormJS} {
		if m.Metadata.Get(FormKey) == form.String() {
			return form, true
		}
	}
	return 0, false
}

// Consume returns a handler for a router that calls h with the event of each message. The event is
// also in the context, see [core.FromContext], which is that of the message otherwise. A message
// that carries no event is an error, see [Event], and h is not called.
//
// The router acknowledges the message when h returns nil, and otherwise lets the broker deliver it
// again. A process that dies in between gets it again, too: see the package documentation for how to
// count each click once all the same. Consume panics if h is nil.
func Consume(h core.HandlerFunc) message.NoPublishHandlerFunc {
	if h == nil {
		panic("urlr: watermillurlr.Consume needs a core.HandlerFunc, got nil")
	}
	return func(m *message.Message) error {
		e, err := Event(m)
		if err != nil {
			return err
		}
		return h(core.NewContext(m.Context(), e), e)
	}
}
