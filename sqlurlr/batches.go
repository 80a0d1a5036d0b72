package sqlurlr

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// maxBatch is the most calls that share a statement.
const maxBatch = 64

// batches runs calls of one kind. Calls that arrive while a batch is in flight share the next
// statement.
type batches[T any] struct {
	db      *sql.DB
	take    func(ctx context.Context, e executor, all []T) error
	sending sync.Mutex // held while a batch is in flight

	mu   sync.Mutex
	next *batch[T] // calls can still join it; nil if there is none
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

// send sends a batch once the previous one is done and a connection is free. Until then, more calls
// can join it.
func (b *batches[T]) send(ctx context.Context, mine *batch[T]) {
	b.sending.Lock()
	defer b.sending.Unlock()
	defer close(mine.sent)
	connection, err := b.db.Conn(ctx)
	b.mu.Lock()
	b.next = nil
	b.mu.Unlock()
	if err != nil {
		mine.err = err
		return
	}
	defer connection.Close() //nolint:errcheck // returns it to the pool
	mine.err = b.take(ctx, connection, mine.all)
}
