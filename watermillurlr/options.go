package watermillurlr

import (
	"context"
	"fmt"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/urlr-community/webhooks-go/core"
)

// An Option configures [Publish], which panics if an Option is nil.
type Option func(*target)

// WithRetry retries failed publishes until d has passed since the first attempt, and makes d the
// timeout of the message's context. It keeps retrying when the client disconnects and while the
// server shuts down.
//
// Every attempt has the same UUID, because a failed attempt may have reached the broker after all.
// A broker that drops UUIDs it has seen then stores the message once, whereas URLR's own retry has
// another UUID. The pauses double from 50 milliseconds to 1 second.
//
// Choose d longer than the broker takes to restart, and shorter than the lease (see
// [github.com/urlr-community/webhooks-go/dedupe.WithLease]), the time for which the broker
// remembers UUIDs, and the time that your server has to shut down. By default there are no retries.
// WithRetry panics if d is not positive.
func WithRetry(d time.Duration) Option {
	if d <= 0 {
		panic(fmt.Sprintf("urlr: watermillurlr.WithRetry needs a time above 0, got %v: leave it out for no retry", d))
	}
	return func(t *target) { t.limit, t.retry = d, true }
}

// WithMessage calls f with each message before it is published, for example to add a partition key
// or the trace in ctx to the metadata. f runs once per message, however often [WithRetry] repeats
// it. f must not change the payload or the metadata that [Publish] sets, and must not replace the
// UUID with anything that two clicks can share. If the option is repeated, the functions run in
// order. WithMessage panics if f is nil.
func WithMessage(f func(ctx context.Context, e *core.Event, m *message.Message)) Option {
	if f == nil {
		panic("urlr: watermillurlr.WithMessage needs a function, got nil: leave it out")
	}
	return func(t *target) { t.change = append(t.change, f) }
}
