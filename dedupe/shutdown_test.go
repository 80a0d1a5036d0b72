package dedupe_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// shutDown calls Shutdown with a timeout.
func (s *scene) shutDown(timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(s.Context(), timeout)
	defer cancel()
	return s.guard.Shutdown(ctx)
}

func TestShutdown(t *testing.T) {
	s := newScene(t, dedupe.NewMemory())
	assert.True(t, s.deliver(true, true))
	for range 2 {
		require.NoError(t, s.shutDown(time.Second), "nothing is left")
	}
	ctx, cancel := verified(t, s.click)
	defer cancel()
	_, err := s.guard.Begin(ctx)
	assert.ErrorIs(t, err, core.ErrUnavailable, "a new delivery")
	assert.Equal(t, 503, core.StatusCode(err))
	require.NoError(t, s.shutDown(time.Second), "a refused delivery is not in progress")
}

// Deliveries that were deferred, or found the store down, are not in progress.
func TestShutdownAfterRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory(), dedupe.WithOncePerBody(time.Hour))
		a, cancel := s.begin()
		defer cancel()
		ctx, cancel := verified(t, s.click)
		defer cancel()
		_, err := s.guard.Begin(ctx)
		require.ErrorIs(t, err, core.ErrUnavailable)
		a.End(true, false)
		require.NoError(t, s.shutDown(time.Second))

		s = newScene(t, brokenStore{decision: 9})
		_, err = s.guard.Begin(ctx)
		require.ErrorIs(t, err, core.ErrUnavailable)
		require.NoError(t, s.shutDown(time.Second))

		s = newScene(t, brokenStore{decision: 9}, dedupe.WithProcessOnStoreFailure())
		assert.True(t, s.deliver(true, false))
		require.NoError(t, s.shutDown(time.Second))
	})
}

// Shutdown waits for a store that recovers in time.
func TestShutdownWaitsForTheStore(t *testing.T) {
	for _, isDown := range []time.Duration{0, 40 * time.Millisecond, 4 * time.Second, 9900 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			store := &flakyStore{Memory: dedupe.NewMemory()}
			s := newScene(t, store)
			store.down.Store(true)
			for range 3 {
				assert.True(t, s.deliver(true, true))
			}
			time.AfterFunc(isDown, func() { store.down.Store(false) })
			start := time.Now()
			require.NoError(t, s.shutDown(10*time.Second), isDown)
			assert.Less(t, time.Since(start), isDown+200*time.Millisecond, isDown)
			other := s.another()
			for range 3 {
				assert.False(t, other.deliver(true, false), "a retry")
			}
		})
	}
}

func TestShutdownWithoutTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{Memory: dedupe.NewMemory()}
		s := newScene(t, store)
		store.down.Store(true)
		for range 3 {
			assert.True(t, s.deliver(true, true))
		}
		err := s.shutDown(10 * time.Second)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorContains(t, err, "0 attempts in progress and 3 store calls pending")
		store.down.Store(false)
		require.NoError(t, s.shutDown(time.Second), "it can be called again")
	})
}

// A handler may keep running after the server's Shutdown, behind a TimeoutHandler for example.
func TestShutdownWaitsForAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory())
		a, cancel := s.begin()
		defer cancel()
		assert.ErrorContains(t, s.shutDown(time.Second), "1 attempts in progress and 0 store calls pending")
		time.AfterFunc(time.Second, func() { a.End(true, true) })
		require.NoError(t, s.shutDown(2*time.Second))
		assert.False(t, s.another().deliver(true, false), "the retry")
	})
}

// A slowAbandonStore takes a second to record that a sender disconnected.
type slowAbandonStore struct{ *dedupe.Memory }

func (s slowAbandonStore) Abandon(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	time.Sleep(time.Second)
	return s.Memory.Abandon(ctx, fingerprint, id)
}

// The store may be closed after Shutdown, so no call may be under way.
func TestShutdownWaitsForAbandon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, slowAbandonStore{dedupe.NewMemory()})
		a, hangUp := s.begin()
		hangUp()
		synctest.Wait()
		a.End(true, false)
		start := time.Now()
		assert.ErrorContains(t, s.shutDown(time.Millisecond), "0 attempts in progress and 1 store calls pending")
		require.NoError(t, s.shutDown(5*time.Second))
		assert.GreaterOrEqual(t, time.Since(start), time.Second)
	})
}

// A call that keeps failing is retried ever more rarely, except during Shutdown.
func TestShutdownRetriesSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{Memory: dedupe.NewMemory()}
		s := newScene(t, store)
		store.down.Store(true)
		assert.True(t, s.deliver(true, true))
		time.Sleep(10*time.Second + 10*time.Millisecond)
		store.down.Store(false)
		require.NoError(t, s.shutDown(200*time.Millisecond))
	})
}
