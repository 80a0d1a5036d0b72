package dedupe_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// A lazyStore takes a second longer for each call than for the one before.
type lazyStore struct {
	flakyStore
	calls atomic.Int64
}

func (s *lazyStore) wait() { time.Sleep(time.Duration(s.calls.Add(1)) * time.Second) }

func (s *lazyStore) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	s.wait()
	return s.flakyStore.Begin(ctx, fingerprint, id, lease)
}

func (s *lazyStore) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	s.wait()
	return s.flakyStore.End(ctx, fingerprint, id, credit)
}

// An observation says how long its store call took.
func TestDurations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &lazyStore{flakyStore: flakyStore{Memory: dedupe.NewMemory()}}
		type durations map[dedupe.Outcome]time.Duration
		seen := durations{}
		s := newScene(t, store, dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) {
			seen[o.What] = o.Duration
		}))
		s.deliver(true, true)
		assert.Equal(t, durations{dedupe.Processed: time.Second, dedupe.CreditKept: 2 * time.Second}, seen)
		clear(seen)
		s.deliver(true, false)
		assert.Equal(t, durations{dedupe.Skipped: 3 * time.Second}, seen)
		clear(seen)
		s.deliver(false, false)
		assert.Equal(t, durations{dedupe.Failed: 5 * time.Second}, seen)
		clear(seen)
		store.down.Store(true)
		s.deliver(true, false)
		assert.Equal(t, durations{dedupe.Processed: 7 * time.Second, dedupe.StoreFailed: 8 * time.Second}, seen)
		store.down.Store(false)
		time.Sleep(time.Minute)
	})
}

// Every credit that a Memory evicts is observed: here those of one body.
func TestCreditsEvicted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory(), dedupe.WithSenderTimeout(time.Second))
		attempts := make([]*dedupe.Attempt, 1030)
		for i := range attempts {
			attempts[i], _ = s.begin()
		}
		time.Sleep(2 * time.Second)
		evicted := 0
		for _, a := range attempts {
			a.End(true, false)
		}
		for _, outcome := range s.outcomes() {
			if outcome == dedupe.CreditEvicted {
				evicted++
			}
		}
		assert.Equal(t, len(attempts)-1024, evicted)
	})
}
