package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/urlr-community/webhooks-go/core"
)

// A queue bounds how much is processed at a time. A delivery is answered when its worker is done, not when it is queued: what is
// answered with 204 is processed, and a crash loses nothing that URLR would not send again.
type queue struct {
	jobs    chan job
	workers sync.WaitGroup
}

type job struct {
	ctx   context.Context
	event *core.Event
	done  chan error
}

var errQueueFull = fmt.Errorf("queue is full: %w", core.ErrUnavailable)

// newQueue starts workers that process what at most size deliveries wait for.
func newQueue(workers, size int, process core.HandlerFunc) *queue {
	q := &queue{jobs: make(chan job, size)}
	for range workers {
		q.workers.Go(func() {
			for j := range q.jobs {
				j.done <- safely(process, j)
			}
		})
	}
	return q
}

// safely turns a panic into an error: in a worker it would end the program.
func safely(process core.HandlerFunc, j job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if err := j.ctx.Err(); err != nil {
		return err // nobody waits for the answer any more; URLR sends it again
	}
	return process(j.ctx, j.event)
}

// handle is a core.HandlerFunc that waits for a worker and its result, or returns at once if too many wait already.
func (q *queue) handle(ctx context.Context, e *core.Event) error {
	j := job{ctx: ctx, event: e, done: make(chan error, 1)}
	select {
	case q.jobs <- j:
		return <-j.done
	default:
		return errQueueFull
	}
}

// close waits for the workers. handle must not be called any more.
func (q *queue) close() {
	close(q.jobs)
	q.workers.Wait()
}
