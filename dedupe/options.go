package dedupe

import (
	"context"
	"fmt"
	"time"
)

// The defaults of a [Guard].
const (
	DefaultRetention = 72 * time.Hour
	DefaultLease     = time.Minute
)

// An Option changes a [Guard]. [New] panics on an impossible one.
type Option func(*Guard)

// WithRetention keeps credits for d: for as long as URLR sends a delivery again. Default:
// [DefaultRetention]. A d of 0 or less is impossible, and so is this option beside
// [WithOncePerBody].
func WithRetention(d time.Duration) Option {
	mustBePositive("WithRetention", d)
	return func(g *Guard) { g.retain(d) }
}

// WithLease gives an attempt up after d: its process is taken for dead. Choose it longer than the
// handler ever takes. Default: [DefaultLease]. A d of 0 or less is impossible.
func WithLease(d time.Duration) Option {
	mustBePositive("WithLease", d)
	return func(g *Guard) { g.lease.Duration = d }
}

// WithOrphansProcessed counts a delivery as processed if its process died during the attempt: the
// click may be lost. By default it is processed again: the click may count twice.
//
// The lease must then be shorter than the shortest time after which the sender sends a delivery
// again, and still longer than the handler ever takes: see [WithLease]. For until the lease ends,
// nobody knows that the process is dead. A retry that comes earlier is handled as a twin, and the
// credit that is added when the lease ends swallows the next genuine twin instead.
func WithOrphansProcessed() Option {
	return func(g *Guard) { g.lease.OrphansProcessed = true }
}

// WithOncePerBody handles one delivery of a body and skips all others until none has come for d:
// the usual recipe, for those to whom it matters more that no effect happens twice than that every
// click counts. It loses twins, the more the more popular a link is: in the load test behind the
// README's table, the same recipe lost 32 % of the clicks. While one delivery is being handled,
// others are told to come back. Failures and orphans are handled again as usual. A d of 0 or less
// is impossible.
func WithOncePerBody(d time.Duration) Option {
	mustBePositive("WithOncePerBody", d)
	return func(g *Guard) {
		g.oncePerBody = true
		g.lease.Exclusive = true
		g.retain(d)
	}
}

// WithSenderTimeout also keeps a credit for an answer that came later than d after the delivery,
// since the sender may have stopped listening. If it had not, because its timeout is longer than d
// or it has none, the next twin is lost: so d must not be shorter than the sender's timeout.
// Default: none, since URLR documents no timeout, and a sender that gives up closes its connection,
// which is seen. A d of 0 or less is impossible.
func WithSenderTimeout(d time.Duration) Option {
	mustBePositive("WithSenderTimeout", d)
	return func(g *Guard) { g.senderTimeout = d }
}

// WithProcessOnStoreFailure handles deliveries without de-duplication while the store is down:
// clicks may count twice. By default they are answered with 503, to be sent again.
func WithProcessOnStoreFailure() Option {
	return func(g *Guard) { g.processOnStoreFailure = true }
}

// WithObserver calls f with what the guard does, for logs and metrics. f is called concurrently and
// should be quick. If the option is given several times, all functions are called, in order. If f
// panics, the panic is dropped: bookkeeping must go on. A nil f is impossible.
func WithObserver(f func(context.Context, Observation)) Option {
	if f == nil {
		panic("urlr: dedupe.WithObserver needs a function, got nil")
	}
	return func(g *Guard) { g.observers = append(g.observers, f) }
}

func (g *Guard) retain(d time.Duration) {
	if g.lease.Retention != 0 {
		panic("urlr: dedupe.New got two times for what it keeps: use one of WithRetention and WithOncePerBody, once")
	}
	g.lease.Retention = d
}

func mustBePositive(option string, d time.Duration) {
	if d <= 0 {
		panic(fmt.Sprintf("urlr: dedupe.%s(%v): the time must be positive", option, d))
	}
}
