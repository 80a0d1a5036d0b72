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

// keep takes a step of bookkeeping. While the store fails, it tries again in the background: a credit that is not kept is a click that
// counts twice.
func (a *Attempt) keep(step func(*Attempt) error) {
	if !a.kept(step) {
		a.keepLater(step)
	}
}

// keepLater takes a step of bookkeeping in the background, until it succeeds or the attempt's lease has ended.
func (a *Attempt) keepLater(step func(*Attempt) error) {
	a.guard.pending.Add(1)
	go func() {
		defer a.guard.pending.Add(-1)
		interval := firstBookkeepingInterval
		for time.Since(a.start)+interval < a.guard.lease.Duration {
			time.Sleep(interval)
			if a.kept(step) {
				return
			}
			interval = min(2*interval, maxBookkeepingInterval)
		}
	}()
}

// kept takes a step of bookkeeping and reports whether the store took it.
func (a *Attempt) kept(step func(*Attempt) error) bool {
	err := a.take(step)
	if err != nil {
		a.guard.observe(&a.bookkeeping, a.event, StoreFailed, err)
	}
	return err == nil
}

func (a *Attempt) take(step func(*Attempt) error) (err error) {
	defer panicAsError(&err)
	return step(a)
}

// panicAsError makes a store that panics one that fails: no server recovers what happens in the background.
func panicAsError(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("store panicked: %v", p)
	}
}

// undoBegin takes back a Begin that failed: maybe the store has taken it, and only its answer was lost.
func (a *Attempt) undoBegin() error {
	return a.guard.store.Undo(&a.bookkeeping, a.fingerprint, a.id)
}

// keepAbandoned notes that the sender has gone away while the attempt is under way.
func (a *Attempt) keepAbandoned() error {
	return a.guard.store.Abandon(&a.bookkeeping, a.fingerprint, a.id)
}

// keepEnd removes the attempt, and keeps its credit.
func (a *Attempt) keepEnd() error {
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
