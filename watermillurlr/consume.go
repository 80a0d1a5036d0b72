package watermillurlr

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/urlr-community/webhooks-go/core"
)

// ErrAlien is wrapped by the errors of [Event] and [Consume] for a message that [Publish] did not
// create, or that was changed in transit. Retrying does not help: send it to the poison queue.
var ErrAlien = errors.New("urlr: not a message from watermillurlr.Publish")

// Event returns the event that m carries, as [core.Restore] does. It verifies nothing, so subscribe
// to a topic that only your receivers can publish to.
//
// If metadata is missing or invalid, the error names the key. If the payload is not an event, the
// error also wraps [core.ErrMalformedEvent]. Every error wraps [ErrAlien], and none quotes the
// message.
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

// Consume returns a router handler that calls h with the event of each message. The context is the
// message's, with the event added for [core.FromContext]. For a message without an event, the
// handler returns the error of [Event] and does not call h.
//
// The router acknowledges the message if h returns nil; otherwise the broker delivers it again. It
// also does so if the process dies in between: the package documentation explains how to count each
// click once anyway. Consume panics if h is nil.
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
