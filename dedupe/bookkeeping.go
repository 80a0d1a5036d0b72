package dedupe

import (
	"context"
	"fmt"
	"time"
)

// The intervals at which a guard retries a store call: the first, and the longest.
const (
	firstRetryInterval = 50 * time.Millisecond
	maxRetryInterval   = time.Second
)

// maxPending is the number of store calls being retried at which a guard treats the store as down.
const maxPending = 1024

// A storeCall is retried until it succeeds, for a limited time.
type storeCall struct {
	run        func(*Attempt) error
	retryUntil time.Time // zero: BookkeepingTime after the first failure
}

// persist makes a store call and returns its error. If it fails, persist retries it in the
// background: a credit that is not kept means a click that counts twice.
func (a *Attempt) persist(c storeCall) error {
	took, err := a.run(c)
	if err != nil {
		a.guard.observe(&a.detached, Observation{a.event, StoreFailed, err, took})
		a.retry(c, err)
	}
	return err
}

// retry retries a failed store call in the background.
func (a *Attempt) retry(c storeCall, err error) {
	if c.retryUntil.IsZero() {
		c.retryUntil = time.Now().Add(BookkeepingTime)
	}
	a.guard.pending.Add(1)
	go func() {
		defer a.guard.pending.Add(-1)
		took := time.Duration(0)
		interval := firstRetryInterval
		for time.Until(c.retryUntil) > interval {
			a.guard.waitToRetry(interval)
			if took, err = a.run(c); err == nil {
				return
			}
			interval = min(2*interval, maxRetryInterval)
		}
		a.guard.observe(&a.detached, Observation{a.event, GaveUp, err, took})
	}()
}

// waitToRetry waits for an interval, or less once the guard is shut down.
func (g *Guard) waitToRetry(interval time.Duration) {
	timer := time.NewTimer(interval)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-g.isShutdown:
		time.Sleep(min(interval, shutdownInterval))
	}
}

func (a *Attempt) run(c storeCall) (took time.Duration, err error) {
	start := time.Now()
	defer func() { took = time.Since(start) }()
	defer panicAsError(&err)
	return 0, c.run(a)
}

// panicAsError turns a panic of the store into an error. In the background, no server would recover
// it.
func panicAsError(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("store panicked: %v", p)
	}
}

// undoCall reverts a Begin that failed or may arrive again: the store may have executed it, or may
// do so later.
func (a *Attempt) undoCall() storeCall { return storeCall{run: (*Attempt).undo} }

func (a *Attempt) undo() error { return a.guard.store.Undo(&a.detached, a.fingerprint, a.id) }

// abandonCall records that the sender disconnected during the attempt. It is retried until the
// lease ends.
func (a *Attempt) abandonCall() storeCall {
	return storeCall{(*Attempt).abandon, a.start.Add(a.guard.lease.Duration)}
}

func (a *Attempt) abandon() error { return a.guard.store.Abandon(&a.detached, a.fingerprint, a.id) }

// endCall removes the attempt and keeps its credit, if any.
func (a *Attempt) endCall() storeCall {
	credit := a.credit // it may change while the call is retried
	return storeCall{run: func(a *Attempt) error { return a.end(credit) }}
}

func (a *Attempt) end(credit time.Duration) error {
	start := time.Now()
	if err := a.guard.store.End(&a.detached, a.fingerprint, a.id, credit); err != nil {
		return err
	}
	if credit > 0 {
		a.guard.observe(&a.detached, Observation{a.event, CreditKept, nil, time.Since(start)})
	}
	return nil
}

// close closes an attempt that has ended but whose Begin may arrive again. If endErr says that its
// end is still pending, it ends first: the store keeps no credit of a closed attempt.
func (a *Attempt) close(endErr error) {
	if endErr == nil {
		_ = a.persist(a.undoCall())
		return
	}
	a.retry(storeCall{run: (*Attempt).endAndUndo}, endErr)
}

func (a *Attempt) endAndUndo() error {
	if err := a.guard.store.End(&a.detached, a.fingerprint, a.id, a.credit); err != nil {
		return err
	}
	return a.undo()
}

// endInMemory is end for a Memory, which never fails and takes no time worth measuring.
func (a *Attempt) endInMemory() {
	a.observeEvicted(a.guard.memory.end(a.fingerprint, a.id, a.credit))
	if a.credit > 0 {
		a.guard.observe(&a.detached, Observation{Event: a.event, What: CreditKept})
	}
}

// A withoutCancel is a context like that of context.WithoutCancel. Being part of an Attempt, it
// saves an allocation per delivery.
type withoutCancel struct{ context.Context }

func (*withoutCancel) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

func (*withoutCancel) Done() <-chan struct{} { return nil }

func (*withoutCancel) Err() error { return nil }
