package batch_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/internal/batch"
)

const timeout = 2 * time.Second

// A server takes a second for each batch.
type server struct {
	batches [][]int
	err     error
}

func (s *server) send(ctx context.Context, take func() []int) error {
	s.batches = append(s.batches, take())
	select {
	case <-time.After(time.Second):
		return s.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func newQueue(send batch.SendFunc[int]) *batch.Queue[int] {
	q := batch.New(timeout, send)
	q.MaxWait = time.Hour
	return q
}

// runAll makes calls at the same time, and returns their errors when all are done.
func runAll(ctx context.Context, q *batch.Queue[int], calls ...int) []error {
	var wg sync.WaitGroup
	errs := make([]error, len(calls))
	for i, call := range calls {
		wg.Go(func() { errs[i] = q.Run(ctx, call) })
		synctest.Wait()
	}
	wg.Wait()
	return errs
}

func TestCallsShareABatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		start := time.Now()
		assert.Equal(t, make([]error, 4), runAll(t.Context(), newQueue(s.send), 1, 2, 3, 4))
		assert.Equal(t, [][]int{{1}, {2, 3, 4}}, s.batches)
		assert.Equal(t, 2*time.Second, time.Since(start))
	})
}

func TestMaxSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		q := newQueue(s.send)
		q.MaxSize = 2
		assert.Equal(t, make([]error, 4), runAll(t.Context(), q, 1, 2, 3, 4))
		assert.Equal(t, [][]int{{1}, {2, 3}, {4}}, s.batches)
	})
}

func TestError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{err: errors.New("down")}
		assert.Equal(t, []error{s.err, s.err, s.err}, runAll(t.Context(), newQueue(s.send), 1, 2, 3))
	})
}

// A batch waits only so long for a server that does not respond.
func TestMaxWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := batch.New(timeout, func(ctx context.Context, take func() []int) error {
			if take()[0] == 1 {
				<-ctx.Done()
			}
			return ctx.Err()
		})
		first := make(chan error)
		go func() { first <- q.Run(t.Context(), 1) }()
		synctest.Wait()
		start := time.Now()
		assert.NoError(t, q.Run(t.Context(), 2))
		assert.Equal(t, q.MaxWait, time.Since(start))
		assert.ErrorIs(t, <-first, context.DeadlineExceeded)
		assert.Equal(t, timeout, time.Since(start))
	})
}

// A canceled call does not wait. Another's does not end because of it.
func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		q := newQueue(s.send)
		ctx, cancel := context.WithCancel(t.Context())
		first, second, third := make(chan error), make(chan error), make(chan error)
		go func() { first <- q.Run(ctx, 1) }()
		synctest.Wait()
		go func() { second <- q.Run(t.Context(), 2) }()
		synctest.Wait()
		go func() { third <- q.Run(ctx, 3) }()
		synctest.Wait()
		assert.Equal(t, 2, q.Waiting())
		cancel()
		assert.ErrorIs(t, <-third, context.Canceled)
		assert.NoError(t, <-first)
		assert.NoError(t, <-second)
		assert.Equal(t, [][]int{{1}, {2, 3}}, s.batches)
		assert.Zero(t, q.Waiting())
	})
}

// After a panic, others get an error, and the queue goes on.
func TestPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		var q *batch.Queue[int]
		q = newQueue(func(ctx context.Context, take func() []int) error {
			if len(s.batches) == 1 {
				assert.Equal(t, 2, q.Waiting())
				s.batches = append(s.batches, nil)
				panic("client")
			}
			return s.send(ctx, take)
		})
		done := make(chan bool)
		run := func(call int, check func(error)) {
			go func() {
				defer func() { done <- recover() != nil }()
				check(q.Run(t.Context(), call))
			}()
			synctest.Wait()
		}
		run(1, func(err error) { assert.NoError(t, err) })
		run(2, func(error) { t.Error("must panic") })
		run(3, func(err error) { assert.ErrorContains(t, err, "panicked") })
		panics := 0
		for range 3 {
			if <-done {
				panics++
			}
		}
		assert.Equal(t, 1, panics)
		assert.NoError(t, q.Run(t.Context(), 4))
		assert.Equal(t, [][]int{{1}, nil, {4}}, s.batches)
	})
}
