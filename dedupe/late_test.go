package dedupe_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// A delayingStore delays Begin on the network. Its response is lost, unless the client sends it
// again.
type delayingStore struct {
	*dedupe.Memory
	arrivesAfter  time.Duration
	repeatedAfter time.Duration // when the client sends Begin again; 0: never
	undoFails     atomic.Bool
}

func (s *delayingStore) Undo(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	if s.undoFails.Load() {
		return errDown
	}
	return s.Memory.Undo(ctx, fingerprint, id)
}

func (s *delayingStore) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	if s.arrivesAfter == 0 {
		return s.Memory.Begin(ctx, fingerprint, id, lease)
	}
	time.AfterFunc(s.arrivesAfter, func() { _, _ = s.Memory.Begin(ctx, fingerprint, id, lease) })
	if s.repeatedAfter == 0 {
		return 0, errDown
	}
	time.Sleep(s.repeatedAfter)
	return s.Memory.Begin(ctx, fingerprint, id, lease)
}

// A Begin that arrives late leaves no attempt that is never ended and becomes a credit.
func TestLateBegin(t *testing.T) {
	for _, after := range []time.Duration{
		10 * time.Millisecond, time.Second, 2 * dedupe.DefaultLease, dedupe.BookkeepingTime / 2,
	} {
		synctest.Test(t, func(t *testing.T) {
			store := &delayingStore{Memory: dedupe.NewMemory(), arrivesAfter: after}
			s := newScene(t, store, dedupe.WithOrphansProcessed())
			ctx, cancel := verified(t, s.click)
			defer cancel()
			_, err := s.guard.Begin(ctx)
			require.ErrorIs(t, err, core.ErrUnavailable)
			store.arrivesAfter = 0
			time.Sleep(after + 2*dedupe.DefaultLease)
			assert.True(t, s.deliver(true, false), "after %v", after)
		})
	}
}

// The store may be down for longer than the lease.
func TestLateBeginAfterLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &delayingStore{Memory: dedupe.NewMemory(), arrivesAfter: 3 * dedupe.DefaultLease}
		s := newScene(t, store)
		store.undoFails.Store(true)
		ctx, cancel := verified(t, s.click)
		defer cancel()
		_, err := s.guard.Begin(ctx)
		require.ErrorIs(t, err, core.ErrUnavailable)
		store.arrivesAfter = 0
		assert.True(t, s.deliver(true, true))
		time.Sleep(2 * dedupe.DefaultLease)
		store.undoFails.Store(false)
		time.Sleep(2 * dedupe.DefaultLease)
		assert.False(t, s.deliver(true, false), "the late one has not used the credit")
	})
}

// The store's client repeats a Begin, and the first one arrives after the attempt has ended.
func TestRepeatedBegin(t *testing.T) {
	for _, lost := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			store := &delayingStore{
				Memory: dedupe.NewMemory(), arrivesAfter: 10 * time.Second, repeatedAfter: time.Second,
			}
			s := newScene(t, store, dedupe.WithOrphansProcessed())
			assert.True(t, s.deliver(true, lost))
			store.arrivesAfter = 0
			time.Sleep(10*time.Second + 2*dedupe.DefaultLease)
			assert.Equal(t, !lost, s.deliver(true, false), "a twin, or the retry")
			assert.True(t, s.deliver(true, false), "a twin")
			time.Sleep(2 * dedupe.BookkeepingTime)
			assert.True(t, s.deliver(true, false))
			assert.Zero(t, store.Len(), "nothing is left")
		})
	}
}

// A sender that gave up once may give up again while its retry is being skipped.
func TestRetryOfRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory())
		assert.True(t, s.deliver(true, true))
		skipping, cancel := s.begin()
		defer cancel()
		require.True(t, skipping.Skip())
		ctx, cancel := verified(t, s.click)
		defer cancel()
		_, err := s.guard.Begin(ctx)
		assert.ErrorIs(t, err, core.ErrUnavailable, "the retry's retry, or a twin")
		skipping.End(true, true)
		assert.False(t, s.deliver(true, false), "the retry's retry")
		assert.True(t, s.deliver(true, false), "a twin")
	})
}

// A response that is sent after End may be lost during End.
func TestBufferedResponse(t *testing.T) {
	for name, test := range map[string]struct {
		buffered, acknowledged, disconnects, handledAgain bool
	}{
		"sent":                {false, true, true, true},
		"buffered":            {true, true, true, false},
		"buffered, connected": {true, true, false, true},
		"buffered, failed":    {true, false, true, true},
		"sent, connected":     {false, true, false, true},
		"sent, failed":        {false, false, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &slowEndStore{Memory: dedupe.NewMemory()}
				s := newScene(t, store)
				a, cancel := s.begin()
				if test.buffered {
					a.Buffered()
				}
				if test.disconnects {
					time.AfterFunc(time.Second, cancel)
				}
				a.End(test.acknowledged, false)
				cancel()
				assert.Equal(t, test.handledAgain, s.deliver(true, false))
				assert.True(t, s.deliver(true, false), "a twin")
			})
		})
	}
}

// A slowEndStore takes two seconds to end an attempt.
type slowEndStore struct{ *dedupe.Memory }

func (s *slowEndStore) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	time.Sleep(2 * time.Second)
	return s.Memory.End(ctx, fingerprint, id, credit)
}
