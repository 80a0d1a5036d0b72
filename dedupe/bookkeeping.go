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

// maxPending is how many steps of bookkeeping a guard tries again in the background, before it takes the store for down.
const maxPending = 1024

// A step of bookkeeping is tried until the store takes it, for a time.
type step struct {
	take     func(*Attempt) error
	tryUntil time.Time
}

// keep takes a step of bookkeeping. While the store fails, it tries again in the background: a credit that is not kept is a click that
// counts twice.
func (a *Attempt) keep(s step) {
	if err := a.take(s); err != nil {
		a.guard.observe(&a.bookkeeping, a.event, StoreFailed, err)
		a.keepLater(s, err)
	}
}

// keepLater tries a step again that has failed.
func (a *Attempt) keepLater(s step, err error) {
	a.guard.pending.Add(1)
	go func() {
		defer a.guard.pending.Add(-1)
		for interval := firstBookkeepingInterval; time.Until(s.tryUntil) > interval; interval = min(2*interval, maxBookkeepingInterval) {
			time.Sleep(interval)
			if err = a.take(s); err == nil {
				return
			}
		}
		a.guard.observe(&a.bookkeeping, a.event, GaveUp, err)
	}()
}

func (a *Attempt) take(s step) (err error) {
	defer panicAsError(&err)
	return s.take(a)
}

// panicAsError makes a store that panics one that fails: no server recovers what happens in the background.
func panicAsError(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("store panicked: %v", p)
	}
}

// undoing takes back a Begin that failed: maybe the store has taken it, and only its answer was lost. With its lease the attempt ends by
// itself, but as an orphan it may then count as processed.
func (a *Attempt) undoing() step {
	if a.guard.lease.OrphansProcessed {
		return step{(*Attempt).undo, time.Now().Add(BookkeepingTime)}
	}
	return step{(*Attempt).undo, a.start.Add(a.guard.lease.Duration)}
}

func (a *Attempt) undo() error { return a.guard.store.Undo(&a.bookkeeping, a.fingerprint, a.id) }

// abandoning notes that the sender has gone away while the attempt is under way: until its lease ends.
func (a *Attempt) abandoning() step {
	return step{(*Attempt).abandon, a.start.Add(a.guard.lease.Duration)}
}

func (a *Attempt) abandon() error { return a.guard.store.Abandon(&a.bookkeeping, a.fingerprint, a.id) }

// ending removes the attempt, and keeps its credit.
func (a *Attempt) ending() step {
	return step{(*Attempt).end, time.Now().Add(BookkeepingTime)}
}

func (a *Attempt) end() error {
	err := a.guard.store.End(&a.bookkeeping, a.fingerprint, a.id, a.credit)
	if err == nil && a.credit > 0 {
		a.guard.observe(&a.bookkeeping, a.event, CreditKept, nil)
	}
	return err
}

// A withoutCancel is a context like that of context.WithoutCancel, as a part of an Attempt: one allocation less for each delivery.
type withoutCancel struct{ context.Context }

func (*withoutCancel) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

func (*withoutCancel) Done() <-chan struct{} { return nil }

func (*withoutCancel) Err() error { return nil }
