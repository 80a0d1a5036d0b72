package dedupe

import (
	"context"
	"time"
)

// How long a guard waits before it tries a step of its bookkeeping again, at first and at most.
const (
	firstBookkeepingInterval = 50 * time.Millisecond
	maxBookkeepingInterval   = time.Second
)

// keep takes a step of bookkeeping. While the store fails, it tries again in the background until the attempt's lease has ended: a credit
// that is not kept is a click that counts twice. Such steps do not pile up, since without a store no further attempt begins.
func (a *Attempt) keep(step func(*Attempt) error) {
	if a.kept(step) {
		return
	}
	go func() {
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
	err := step(a)
	if err != nil {
		a.guard.observe(&a.bookkeeping, a.event, StoreFailed, err)
	}
	return err == nil
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
