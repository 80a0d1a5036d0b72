package watermillurlr

import (
	"context"
	"fmt"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/urlr-community/webhooks-go/core"
)

// An Option changes what [Publish] does. Publish panics on a nil one.
type Option func(*target)

// WithRetry publishes a message again if that failed, until d has passed since the first attempt,
// and lets the context of the message last for d. It goes on when the client has disconnected, and
// when the server is being shut down.
//
// Every attempt has the same UUID. A failed attempt may still have reached the broker: one that drops
// UUIDs it has seen gets the message once, whereas URLR's own retry comes with another UUID. The
// pauses double from 50 milliseconds to 1 second.
//
// Choose d longer than the broker takes to restart, and shorter than the lease of
// [github.com/urlr-community/webhooks-go/dedupe.WithLease], the broker's memory of UUIDs and the
// time that your server has to shut down. By default nothing is tried again. WithRetry panics if d
// is not above 0.
func WithRetry(d time.Duration) Option {
	if d <= 0 {
		panic(fmt.Sprintf("urlr: watermillurlr.WithRetry needs a time above 0, got %v: leave it out for no retry", d))
	}
	return func(t *target) { t.limit, t.retry = d, true }
}

// WithMessage calls f with each message before it is published, once whatever [WithRetry] repeats: to
// add metadata, such as a partition key or the trace that ctx carries. f must leave the payload and
// the metadata of [Publish] as they are, and must not replace the UUID with anything that two clicks
// can share. Several options are applied in order. WithMessage panics if f
// is nil.
func WithMessage(f func(ctx context.Context, e *core.Event, m *message.Message)) Option {
	if f == nil {
		panic("urlr: watermillurlr.WithMessage needs a function, got nil: leave it out")
	}
	return func(t *target) { t.change = append(t.change, f) }
}
