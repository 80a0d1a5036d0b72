package watermillurlr

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/urlr-community/webhooks-go/core"
)

// PublishTimeout is the timeout of a message's context without [WithRetry].
const PublishTimeout = 10 * time.Second

// The pauses between the attempts of [WithRetry] double from the first to the longest.
const (
	firstPause   = 50 * time.Millisecond
	longestPause = time.Second
)

// The keys of a message's metadata. The values are printable ASCII, which every broker can carry.
const (
	// TypeKey contains the event's type, for routing and filtering. It is "other" for a type that
	// is not 1 to 255 printable ASCII characters without spaces.
	TypeKey = "urlr_type"
	// FormKey contains [core.Event.Form]: "raw", "php" or "js".
	FormKey = "urlr_form"
	// FingerprintKey contains [core.Event.Fingerprint].
	FingerprintKey = "urlr_fingerprint"
)

// Publish returns a handler that publishes each event as one message to topic and succeeds when p
// reports success. So the broker has the event before URLR gets its 2xx response, if success means
// that for p: see the package documentation.
//
// The message's context has the values of the request's context, but is not canceled with it, so a
// client that disconnects leaves nothing half-published. It times out after [PublishTimeout] or the
// time given to [WithRetry], and is canceled when the handler returns. A publisher that ignores it
// needs its own timeout.
//
// If p fails, the handler's error wraps [core.ErrUnavailable]: the response is 503, without the
// text of the error, and URLR retries. The error is not logged; wrap the handler to log it. If the
// event does not come from a [core.Verifier], the handler publishes nothing and returns
// [core.ErrNotVerified].
//
// Publish panics if p or an option is nil, or topic is blank.
func Publish(p message.Publisher, topic string, opts ...Option) core.HandlerFunc {
	if isNil(p) {
		panic("urlr: watermillurlr.Publish needs a publisher, got nil: make one for your broker, and check its error")
	}
	if strings.TrimSpace(topic) == "" {
		panic("urlr: watermillurlr.Publish needs a topic: pass the one that your consumers subscribe to")
	}
	t := target{publisher: p, topic: topic, limit: PublishTimeout}
	for _, opt := range opts {
		if opt == nil {
			panic("urlr: watermillurlr.Publish got a nil Option: leave it out")
		}
		opt(&t)
	}
	return t.handle
}

func isNil(p message.Publisher) bool {
	v := reflect.ValueOf(p)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// A target says where and how events are published.
type target struct {
	publisher message.Publisher
	topic     string
	limit     time.Duration // of the context of each message
	retry     bool
	change    []func(context.Context, *core.Event, *message.Message)
}

func (t *target) handle(ctx context.Context, e *core.Event) error {
	if e == nil || e.Fingerprint() == "" {
		return core.ErrNotVerified
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.limit)
	defer cancel()
	m := newMessage(e)
	for _, change := range t.change {
		change(ctx, e, m)
	}
	if err := t.publish(ctx, m); err != nil {
		return fmt.Errorf("urlr: publishing to %s: %w: %w", t.topic, core.ErrUnavailable, err)
	}
	return nil
}

// newMessage returns the message for an event. Its payload is a copy, because publishers may change
// messages but must not change the event.
func newMessage(e *core.Event) *message.Message {
	m := message.NewMessage(watermill.NewUUID(), bytes.Clone(e.Raw()))
	m.Metadata.Set(TypeKey, plain(string(e.Type)))
	m.Metadata.Set(FormKey, e.Form().String())
	m.Metadata.Set(FingerprintKey, e.Fingerprint())
	return m
}

// plain returns eventType if every broker can carry it. An authentic event's type can be any
// string, and some brokers refuse or change a value that is empty, is long or contains a line
// break.
func plain(eventType string) string {
	const longest = 255
	special := func(r rune) bool { return r <= ' ' || r > '~' }
	if eventType == "" || len(eventType) > longest || strings.ContainsFunc(eventType, special) {
		return "other"
	}
	return eventType
}

// publish publishes copies of m, because a publisher may change its messages.
func (t *target) publish(ctx context.Context, m *message.Message) error {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		attempt := m.Copy()
		attempt.Payload = bytes.Clone(m.Payload) // Copy shares it
		attempt.SetContext(ctx)
		err := t.publisher.Publish(t.topic, attempt)
		if err == nil || !t.retry || !sleep(ctx, pause) {
			return err
		}
	}
}

// sleep returns false immediately if ctx would end before d has passed.
func sleep(ctx context.Context, d time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= d {
		return false
	}
	time.Sleep(d)
	return true
}
