package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/urlr-community/webhooks-go/core"
)

// A queue bounds how many deliveries are processed at a time. It answers a delivery when a worker
// has processed it, not when it is queued. So a 204 response means processed, and a crash loses
// nothing that URLR would not retry.
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

// newQueue starts workers, for which at most size deliveries can wait.
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

// safely turns a panic into an error. In a worker, a panic would end the program.
func safely(process core.HandlerFunc, j job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if err := j.ctx.Err(); err != nil {
		return err // nobody is waiting for the response; URLR retries
	}
	return process(j.ctx, j.event)
}

// handle is a core.HandlerFunc. It waits for a worker and its result, or returns at once if the
// queue is full.
func (q *queue) handle(ctx context.Context, e *core.Event) error {
	j := job{ctx: ctx, event: e, done: make(chan error, 1)}
	select {
	case q.jobs <- j:
		return <-j.done
	default:
		return errQueueFull
	}
}

// close waits for the workers. handle must not be called afterwards.
func (q *queue) close() {
	close(q.jobs)
	q.workers.Wait()
}
