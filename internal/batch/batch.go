// Package batch lets concurrent calls to a server share round trips.
package batch

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A Queue sends calls in batches. Calls made while a batch is in transit form the next one, so a
// busy server needs few round trips.
type Queue[T any] struct {
	// MaxSize is the largest number of calls in a batch. 0 means no limit.
	MaxSize int
	// MaxWait is the longest that a batch waits for the one in transit. Otherwise, a server that
	// does not respond would cost a call the timeouts of two batches.
	MaxWait time.Duration

	timeout   time.Duration
	send      SendFunc[T]
	inTransit chan struct{} // full while a batch is in transit

	mu   sync.Mutex
	next *sharedBatch[T] // the batch that calls may still join, or nil
}

// A SendFunc sends a batch. It calls take for the calls, as late as possible: until then, more calls
// may join.
type SendFunc[T any] func(ctx context.Context, take func() []T) error

// New returns a Queue whose batches take no longer than timeout, once they have waited for another.
func New[T any](timeout time.Duration, send SendFunc[T]) *Queue[T] {
	return &Queue[T]{MaxWait: 50 * time.Millisecond, timeout: timeout, send: send, inTransit: make(chan struct{}, 1)}
}

type sharedBatch[T any] struct {
	calls []T
	err   error
	sent  chan struct{} // closed once err is final
}

var errPanicked = errors.New("the client panicked")

// Run makes a call and returns the error of its batch. The first call of a batch sends it. The
// others stop waiting when their context is done; they may have been sent by then.
func (q *Queue[T]) Run(ctx context.Context, call T) error {
	b, isFirst := q.join(call)
	if isFirst {
		q.sendNext(context.WithoutCancel(ctx), b) // one canceled call must not cancel the others
		return b.err
	}
	select {
	case <-b.sent:
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Waiting returns the number of calls in the next batch.
func (q *Queue[T]) Waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.next == nil {
		return 0
	}
	return len(q.next.calls)
}

func (q *Queue[T]) join(call T) (b *sharedBatch[T], isFirst bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.next == nil || len(q.next.calls) == q.MaxSize {
		q.next, isFirst = &sharedBatch[T]{err: errPanicked, sent: make(chan struct{})}, true
	}
	q.next.calls = append(q.next.calls, call)
	return q.next, isFirst
}

// sendNext sends b when the previous batch is done, or after MaxWait.
func (q *Queue[T]) sendNext(ctx context.Context, b *sharedBatch[T]) {
	if q.enter() {
		defer func() { <-q.inTransit }()
	}
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	defer close(b.sent)
	take := func() []T { return q.take(b) }
	defer take() // whatever happened, no more calls may join
	b.err = q.send(ctx, take)
}

// take returns the calls of b. From then on, calls join another batch.
func (q *Queue[T]) take(b *sharedBatch[T]) []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.next == b {
		q.next = nil
	}
	return b.calls
}

// enter waits until no batch is in transit. It reports false after MaxWait.
func (q *Queue[T]) enter() bool {
	select {
	case q.inTransit <- struct{}{}:
		return true
	default:
	}
	timer := time.NewTimer(q.MaxWait)
	defer timer.Stop()
	select {
	case q.inTransit <- struct{}{}:
		return true
	case <-timer.C:
		return false
	}
}
