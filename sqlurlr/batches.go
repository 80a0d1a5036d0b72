package sqlurlr

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

// maxBatch is the most calls that share a statement.
const maxBatch = 64

// batches runs calls of one kind. Calls that arrive while a batch is in flight share the next
// statement.
type batches[T any] struct {
	db       *sql.DB
	take     func(ctx context.Context, e executor, all []T) error
	inFlight chan struct{} // full while a batch is in flight

	mu   sync.Mutex
	next *batch[T] // calls can still join it; nil if there is none
}

// maxWait is the longest that a batch waits for the one in flight. If that has a dead connection or
// waits for a lock, others must not fail with it.
const maxWait = 50 * time.Millisecond

func newBatches[T any](db *sql.DB, take func(ctx context.Context, e executor, all []T) error) *batches[T] {
	return &batches[T]{db: db, take: take, inFlight: make(chan struct{}, 1)}
}

type batch[T any] struct {
	all  []T
	err  error
	sent chan struct{} // closed when err is known
}

var errNotSent = errors.New("the driver panicked")

// run makes a call. The first caller of a batch sends it.
func (b *batches[T]) run(ctx context.Context, step T) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout) // the batch is for others, too
	defer cancel()
	mine, isFirst := b.join(step)
	switch {
	case mine == nil:
		return b.take(ctx, b.db, []T{step})
	case isFirst:
		b.send(ctx, mine)
	}
	<-mine.sent
	return mine.err
}

// join adds a call to the next batch and returns that, or nil if it is full.
func (b *batches[T]) join(step T) (mine *batch[T], isFirst bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next, isFirst = &batch[T]{err: errNotSent, sent: make(chan struct{})}, true
	}
	if len(b.next.all) == maxBatch {
		return nil, false
	}
	b.next.all = append(b.next.all, step)
	return b.next, isFirst
}

// send sends a batch once the previous one is done, or after maxWait, and a connection is free.
// Until then, more calls can join it.
func (b *batches[T]) send(ctx context.Context, mine *batch[T]) {
	if b.enter() {
		defer func() { <-b.inFlight }()
	}
	defer close(mine.sent)
	connection, err := b.connect(ctx)
	if err != nil {
		mine.err = err
		return
	}
	defer connection.Close() //nolint:errcheck // returns it to the pool
	mine.err = b.take(ctx, connection, mine.all)
}

// enter waits until no batch is in flight. It returns false after maxWait.
func (b *batches[T]) enter() bool {
	select {
	case b.inFlight <- struct{}{}:
		return true
	default:
	}
	timer := time.NewTimer(maxWait)
	defer timer.Stop()
	select {
	case b.inFlight <- struct{}{}:
		return true
	case <-timer.C:
		return false
	}
}

// connect returns a connection. From then on, calls join the next batch.
func (b *batches[T]) connect(ctx context.Context) (*sql.Conn, error) {
	defer func() { // even if the driver panics
		b.mu.Lock()
		defer b.mu.Unlock()
		b.next = nil
	}()
	return b.db.Conn(ctx)
}
