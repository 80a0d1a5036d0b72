package dedupe

import (
	"context"
	"fmt"
	"time"
)

// How long a guard waits before it tries a step of its bookkeeping again, at first and at most.
const (
	firstBookkeepingInterval = 50 * time.Millisecond
	maxBookkeepingInterval   = time.Second
)

// maxPending is how many steps of bookkeeping a guard tries again in the background, before it
// takes the store for down.
const maxPending = 1024

// A step of bookkeeping is tried until the store takes it, for a time.
type step struct {
	take     func(*Attempt) error
	tryUntil time.Time // zero: for BookkeepingTime
}

// keep takes a step of bookkeeping. If the store fails, it tries again in the background: a credit
// that is not kept is a click that counts twice. It returns the error.
func (a *Attempt) keep(s step) error {
	took, err := a.take(s)
	if err != nil {
		a.guard.observe(&a.bookkeeping, Observation{a.event, StoreFailed, err, took})
		a.keepLater(s, err)
	}
	return err
}

// keepLater tries a step again that has failed.
func (a *Attempt) keepLater(s step, err error) {
	if s.tryUntil.IsZero() {
		s.tryUntil = time.Now().Add(BookkeepingTime)
	}
	a.guard.pending.Add(1)
	go func() {
		defer a.guard.pending.Add(-1)
		took := time.Duration(0)
		interval := firstBookkeepingInterval
		for time.Until(s.tryUntil) > interval {
			a.guard.waitToTryAgain(interval)
			if took, err = a.take(s); err == nil {
				return
			}
			interval = min(2*interval, maxBookkeepingInterval)
		}
		a.guard.observe(&a.bookkeeping, Observation{a.event, GaveUp, err, took})
	}()
}

// waitToTryAgain waits for an interval, or less once the guard is shut down.
func (g *Guard) waitToTryAgain(interval time.Duration) {
	timer := time.NewTimer(interval)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-g.isShutdown:
		time.Sleep(min(interval, shutdownInterval))
	}
}

func (a *Attempt) take(s step) (took time.Duration, err error) {
	start := time.Now()
	defer func() { took = time.Since(start) }()
	defer panicAsError(&err)
	return 0, s.take(a)
}

// panicAsError makes a store that panics one that fails: no server recovers what happens in the
// background.
func panicAsError(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("store panicked: %v", p)
	}
}

// undoing takes back a Begin that failed, or that may arrive again: maybe the store has taken it,
// or is going to.
func (a *Attempt) undoing() step {
	return step{take: (*Attempt).undo}
}

func (a *Attempt) undo() error { return a.guard.store.Undo(&a.bookkeeping, a.fingerprint, a.id) }

// abandoning notes that the sender has gone away while the attempt is under way: until its lease
// ends.
func (a *Attempt) abandoning() step {
	return step{(*Attempt).abandon, a.start.Add(a.guard.lease.Duration)}
}

func (a *Attempt) abandon() error { return a.guard.store.Abandon(&a.bookkeeping, a.fingerprint, a.id) }

// ending removes the attempt, and keeps its credit.
func (a *Attempt) ending() step {
	return step{take: (*Attempt).end}
}

func (a *Attempt) end() error {
	start := time.Now()
	if err := a.guard.store.End(&a.bookkeeping, a.fingerprint, a.id, a.credit); err != nil {
		return err
	}
	if a.credit > 0 {
		a.guard.observe(&a.bookkeeping, Observation{a.event, CreditKept, nil, time.Since(start)})
	}
	return nil
}

// close closes an attempt that has ended but may begin again. If its end is still to be kept, because of
// an error, it is kept first: of a closed attempt, the store keeps no credit.
func (a *Attempt) close(endFailed error) {
	if endFailed == nil {
		_ = a.keep(a.undoing())
		return
	}
	a.keepLater(step{take: (*Attempt).endAndUndo}, endFailed)
}

func (a *Attempt) endAndUndo() error {
	if err := a.guard.store.End(&a.bookkeeping, a.fingerprint, a.id, a.credit); err != nil {
		return err
	}
	return a.undo()
}

// endInMemory is end for a Memory, which never fails and takes no time worth measuring.
func (a *Attempt) endInMemory() {
	a.observeEvicted(a.guard.memory.end(a.fingerprint, a.id, a.credit))
	if a.credit > 0 {
		a.guard.observe(&a.bookkeeping, Observation{Event: a.event, What: CreditKept})
	}
}

// A withoutCancel is a context like that of context.WithoutCancel, as a part of an Attempt: one
// allocation less for each delivery.
type withoutCancel struct{ context.Context }

func (*withoutCancel) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

func (*withoutCancel) Done() <-chan struct{} { return nil }

func (*withoutCancel) Err() error { return nil }
