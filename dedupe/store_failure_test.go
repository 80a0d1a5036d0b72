package dedupe_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// A brokenStore returns an error, or an unknown decision.
type brokenStore struct {
	decision dedupe.Decision
	err      error
}

func (s brokenStore) Begin(context.Context, string, dedupe.AttemptID, dedupe.Lease) (dedupe.Decision, error) {
	return s.decision, s.err
}
func (s brokenStore) Abandon(context.Context, string, dedupe.AttemptID) error { return s.err }

func (s brokenStore) Undo(context.Context, string, dedupe.AttemptID) error { return s.err }
func (s brokenStore) End(context.Context, string, dedupe.AttemptID, time.Duration) error {
	return s.err
}

var errDown = errors.New("connection refused")

func TestStoreFailure(t *testing.T) {
	for name, store := range map[string]brokenStore{
		"down": {err: errDown}, "zero decision": {},
		"unknown decision": {decision: 9}, "decision and error": {dedupe.Process, errDown},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, store)
			ctx, cancel := verified(t, s.click)
			defer cancel()
			_, err := s.guard.Begin(ctx)
			assert.Equal(t, 503, core.StatusCode(err))
			assert.Equal(t, []dedupe.Outcome{dedupe.StoreFailed}, s.outcomes())

			s = newScene(t, store, dedupe.WithProcessOnStoreFailure())
			assert.True(t, s.deliver(true, true))
			assert.Equal(t, []dedupe.Outcome{dedupe.StoreFailed, dedupe.Processed}, s.outcomes())
		})
	}
}

// A flakyStore fails all bookkeeping while it is down.
type flakyStore struct {
	*dedupe.Memory
	down atomic.Bool
}

func (s *flakyStore) Abandon(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	if s.down.Load() {
		return errDown
	}
	return s.Memory.Abandon(ctx, fingerprint, id)
}

func (s *flakyStore) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	if s.down.Load() {
		return errDown
	}
	return s.Memory.End(ctx, fingerprint, id, credit)
}

// Calls that failed while the store was down are repeated when it is back.
func TestStoreFailureAtEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{Memory: dedupe.NewMemory()}
		store.down.Store(true)
		s := newScene(t, store)
		assert.True(t, s.deliver(true, true))
		assert.Equal(t, []dedupe.Outcome{dedupe.Processed, dedupe.StoreFailed}, s.outcomes())
		store.down.Store(false)
		time.Sleep(time.Second)
		assert.Equal(t, []dedupe.Outcome{dedupe.CreditKept}, s.outcomes())
		assert.False(t, s.deliver(true, false), "the retry")

		store.down.Store(true)
		first, hangUp := s.begin()
		hangUp()
		time.Sleep(time.Second)
		store.down.Store(false)
		time.Sleep(time.Second)
		ctx, cancel := verified(t, s.click)
		defer cancel()
		_, err := s.guard.Begin(ctx)
		assert.ErrorIs(t, err, core.ErrUnavailable, "the first one's sender disconnected")
		first.End(true, false)
		assert.False(t, s.deliver(true, false))

		store.down.Store(true)
		assert.True(t, s.deliver(true, true))
		s.outcomes()
		time.Sleep(dedupe.BookkeepingTime)
		seen := s.outcomes()
		assert.Equal(t, dedupe.GaveUp, seen[len(seen)-1])
		store.down.Store(false)
		assert.True(t, s.deliver(true, false))
	})
}

// A deafStore executes a call once, but reports that it failed.
type deafStore struct {
	*dedupe.Memory
	deafToBegin, deafToEnd atomic.Bool
}

func (s *deafStore) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	d, err := s.Memory.Begin(ctx, fingerprint, id, lease)
	if s.deafToBegin.CompareAndSwap(true, false) {
		return 0, errDown
	}
	return d, err
}

func (s *deafStore) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	err := s.Memory.End(ctx, fingerprint, id, credit)
	if s.deafToEnd.CompareAndSwap(true, false) {
		return errDown
	}
	return err
}

// A repeated call leaves no second credit, even if the first was used up in between: it would drop
// a twin.
func TestCreditKeptTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &deafStore{Memory: dedupe.NewMemory()}
		s := newScene(t, store)
		store.deafToEnd.Store(true)
		assert.True(t, s.deliver(true, true))
		assert.False(t, s.deliver(true, false), "the retry, before the guard repeats the call")
		time.Sleep(time.Second)
		assert.True(t, s.deliver(true, false), "a twin")
		time.Sleep(dedupe.BookkeepingTime)
		assert.True(t, s.deliver(true, false))
		assert.Zero(t, store.Len(), "nothing is left")
	})
}

// A handler that outlasted its lease still has an outcome.
func TestStoreFailureAfterLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{Memory: dedupe.NewMemory()}
		s := newScene(t, store)
		a, hangUp := s.begin()
		hangUp()
		time.Sleep(2 * dedupe.DefaultLease)
		store.down.Store(true)
		a.End(true, false)
		time.Sleep(2 * dedupe.DefaultLease)
		store.down.Store(false)
		time.Sleep(time.Second)
		assert.False(t, s.deliver(true, false), "the retry")
	})
}

// A delivery known to have failed does not count as processed, even if the store hears of it only
// after the lease.
func TestOrphanThatFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{Memory: dedupe.NewMemory()}
		s := newScene(t, store, dedupe.WithOrphansProcessed())
		store.down.Store(true)
		assert.True(t, s.deliver(false, false))
		time.Sleep(2 * dedupe.DefaultLease)
		store.down.Store(false)
		time.Sleep(time.Second)
		assert.True(t, s.deliver(true, false), "the retry")
	})
}

// A slowStore fails when the context is done.
type slowStore struct{ *dedupe.Memory }

func (slowStore) Begin(ctx context.Context, _ string, _ dedupe.AttemptID, _ dedupe.Lease) (dedupe.Decision, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// A sender that disconnects while its delivery begins is not a store failure: its delivery is not
// handled, since it will be retried.
func TestSenderDisconnectsDuringBegin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, slowStore{dedupe.NewMemory()}, dedupe.WithProcessOnStoreFailure())
		ctx, hangUp := verified(t, s.click)
		time.AfterFunc(time.Second, hangUp)
		_, err := s.guard.Begin(ctx)
		assert.ErrorIs(t, err, core.ErrUnavailable)
		assert.Equal(t, []dedupe.Outcome{dedupe.Failed}, s.outcomes())
		time.Sleep(time.Second)
	})
}

// A Begin that succeeded although the store reported a failure is undone: the credit it used up is
// there for the retry.
func TestStoreFailureAfterBegin(t *testing.T) {
	for name, opts := range map[string][]dedupe.Option{
		"default": nil, "orphans processed": {dedupe.WithOrphansProcessed()},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &deafStore{Memory: dedupe.NewMemory()}
				s := newScene(t, store, opts...)
				failToBegin := func() {
					store.deafToBegin.Store(true)
					ctx, cancel := verified(t, s.click)
					defer cancel()
					_, err := s.guard.Begin(ctx)
					require.ErrorIs(t, err, core.ErrUnavailable)
					time.Sleep(2 * dedupe.DefaultLease)
				}
				failToBegin()
				assert.True(t, s.deliver(true, true), "nothing was handled yet")
				failToBegin()
				assert.False(t, s.deliver(true, false), "the retry of the handled one")
				assert.True(t, s.deliver(true, false), "a twin")
				time.Sleep(dedupe.BookkeepingTime)
				assert.True(t, s.deliver(true, false))
				assert.Zero(t, store.Len())
			})
		})
	}
}

// A store that fails bookkeeping for a long time is treated as down before too many calls are
// pending.
func TestBookkeepingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{Memory: dedupe.NewMemory()}
		store.down.Store(true)
		s := newScene(t, store)
		handled := 0
		for range 2000 {
			ctx, cancel := verified(t, s.click)
			if a, err := s.guard.Begin(ctx); err == nil {
				a.End(true, false)
				handled++
			}
			cancel()
		}
		assert.Equal(t, 1024, handled)
		store.down.Store(false)
		time.Sleep(2 * time.Second)
		assert.True(t, s.deliver(true, false))
	})
}

// A panickingStore panics in its bookkeeping.
type panickingStore struct{ *dedupe.Memory }

func (panickingStore) Abandon(context.Context, string, dedupe.AttemptID) error { panic("abandon") }

func TestStorePanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, panickingStore{dedupe.NewMemory()})
		a, hangUp := s.begin()
		hangUp()
		synctest.Wait()
		assert.Equal(t, []dedupe.Outcome{dedupe.StoreFailed}, s.outcomes())
		a.End(true, false)
		assert.False(t, s.deliver(true, false), "the retry")
		time.Sleep(dedupe.DefaultLease)
	})
}
