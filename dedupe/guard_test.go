package dedupe_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// verified returns a request context with a verified event. Equal events have equal fingerprints.
func verified(t *testing.T, e *core.Event) (context.Context, context.CancelFunc) {
	t.Helper()
	body := urlrtest.Body(e, urlrtest.Latest)
	got, err := core.MustVerifier("secret").Verify(t.Context(), body, core.Sign("secret", body))
	require.NoError(t, err)
	return context.WithCancel(core.NewContext(t.Context(), got))
}

// A scene delivers one click to one guard.
type scene struct {
	*testing.T
	store dedupe.Store
	guard *dedupe.Guard
	click *core.Event
	mu    sync.Mutex
	seen  []dedupe.Outcome
}

func newScene(t *testing.T, store dedupe.Store, opts ...dedupe.Option) *scene {
	t.Helper()
	s := &scene{T: t, store: store, click: urlrtest.NewEvent()}
	s.guard = dedupe.New(store, append(opts, dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.seen = append(s.seen, o.What)
	}))...)
	return s
}

// another returns the same scene in another process, with the same store.
func (s *scene) another() *scene {
	other := newScene(s.T, s.store)
	other.click = s.click
	return other
}

func (s *scene) begin() (*dedupe.Attempt, context.CancelFunc) {
	s.Helper()
	ctx, cancel := verified(s.T, s.click)
	a, err := s.guard.Begin(ctx)
	require.NoError(s, err)
	return a, cancel
}

// deliver delivers the click once and reports whether it was handled.
func (s *scene) deliver(acknowledged, lost bool) (handled bool) {
	s.Helper()
	a, cancel := s.begin()
	a.End(acknowledged || a.Skip(), lost)
	cancel()
	return !a.Skip()
}

// outcomes returns what the guard reported since the last call.
func (s *scene) outcomes() []dedupe.Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.seen
	s.seen = nil
	return seen
}

func TestGuard(t *testing.T) {
	s := newScene(t, dedupe.NewMemory())
	assert.True(t, s.deliver(true, false))
	assert.True(t, s.deliver(true, false), "a twin")
	assert.Equal(t, []dedupe.Outcome{dedupe.Processed, dedupe.Processed}, s.outcomes())

	assert.True(t, s.deliver(false, false))
	assert.True(t, s.deliver(false, true))
	assert.Equal(t, []dedupe.Outcome{dedupe.Failed, dedupe.Failed}, s.outcomes(), "failures leave nothing")

	assert.True(t, s.deliver(true, true))
	assert.Equal(t, []dedupe.Outcome{dedupe.Processed, dedupe.CreditKept}, s.outcomes())
	assert.False(t, s.deliver(true, true), "its retry, whose response is lost too")
	assert.Equal(t, []dedupe.Outcome{dedupe.Skipped, dedupe.CreditKept}, s.outcomes())
	assert.False(t, s.deliver(true, false), "the next one")
	assert.True(t, s.deliver(true, false), "a twin")
	assert.Equal(t, []dedupe.Outcome{dedupe.Skipped, dedupe.Processed}, s.outcomes())
}

// A sender that disconnected before the response stays disconnected until the end, however long the
// handler runs.
func TestSenderDisconnectsBeforeResponse(t *testing.T) {
	for name, store := range map[string]dedupe.Store{
		"Memory": dedupe.NewMemory(), "another store": &flakyStore{Memory: dedupe.NewMemory()},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScene(t, store)
				a, hangUp := s.begin()
				hangUp()
				a.Answering()
				synctest.Wait()
				ctx, cancel := verified(t, s.click)
				defer cancel()
				_, err := s.guard.Begin(ctx)
				assert.ErrorIs(t, err, core.ErrUnavailable)
				a.End(true, false)
				assert.False(t, s.deliver(true, false), "the retry")
			})
		})
	}
}

// The response to a retry may be lost too. It is delayed long enough for the server to notice.
func TestSenderDisconnectsDuringSkip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory())
		assert.True(t, s.deliver(true, true))
		ctx, hangUp := verified(t, s.click)
		time.AfterFunc(5*time.Millisecond, hangUp)
		a, err := s.guard.Begin(ctx)
		require.NoError(t, err)
		require.True(t, a.Skip())
		a.End(true, false)
		assert.False(t, s.deliver(true, false), "the next retry")
		assert.True(t, s.deliver(true, false), "a twin")
	})
}

func TestSenderDisconnectsBeforeEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory())
		first, hangUp := s.begin()
		assert.True(t, s.deliver(true, false), "a twin, while the first one's sender is connected")
		hangUp()
		synctest.Wait()

		ctx, cancel := verified(t, s.click)
		defer cancel()
		_, err := s.guard.Begin(ctx)
		assert.ErrorIs(t, err, core.ErrUnavailable, "it may be the first one's retry")
		assert.Equal(t, 503, core.StatusCode(err))

		first.End(true, false)
		assert.False(t, s.deliver(true, false), "the first one's retry")
		assert.True(t, s.deliver(true, false))
		assert.Equal(t, []dedupe.Outcome{
			dedupe.Processed, dedupe.ToldToWait, dedupe.Processed, dedupe.CreditKept, dedupe.Skipped, dedupe.Processed,
		}, s.outcomes())
	})
}

func TestSenderDisconnectsAndHandlerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory())
		first, hangUp := s.begin()
		hangUp()
		synctest.Wait()
		first.End(false, false)
		assert.True(t, s.deliver(true, false))
	})
}

func TestSenderTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory(), dedupe.WithSenderTimeout(5*time.Second))
		for _, test := range []struct {
			takes  time.Duration
			credit bool
		}{{5 * time.Second, false}, {6 * time.Second, true}} {
			a, cancel := s.begin()
			time.Sleep(test.takes)
			a.End(true, false)
			cancel()
			assert.Equal(t, !test.credit, s.deliver(true, false), test.takes)
		}
	})
}

func TestRetentionAndLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory())
		s.deliver(true, true)
		time.Sleep(dedupe.DefaultRetention)
		assert.True(t, s.deliver(true, false), "the credit has expired")

		s = newScene(t, dedupe.NewMemory(),
			dedupe.WithRetention(time.Hour), dedupe.WithLease(10*time.Second), dedupe.WithOrphansProcessed())
		_, cancel := s.begin() // and its process dies
		defer cancel()
		time.Sleep(10 * time.Second)
		assert.False(t, s.deliver(true, true), "an orphan counts as processed")
		time.Sleep(time.Hour)
		assert.True(t, s.deliver(true, false))

		s = newScene(t, dedupe.NewMemory())
		_, cancel = s.begin()
		defer cancel()
		time.Sleep(dedupe.DefaultLease)
		assert.True(t, s.deliver(true, false), "an orphan is processed again")
	})
}

func TestOncePerBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory(), dedupe.WithOncePerBody(time.Hour))
		first, cancel := s.begin()
		defer cancel()
		ctx, cancel := verified(t, s.click)
		defer cancel()
		_, err := s.guard.Begin(ctx)
		assert.ErrorIs(t, err, core.ErrUnavailable, "while one is being handled")
		first.End(false, false)
		assert.True(t, s.deliver(true, false), "the first one failed")
		for range 3 {
			assert.False(t, s.deliver(true, false), "a retry or a twin")
			time.Sleep(time.Hour - time.Second)
		}
		time.Sleep(time.Second)
		assert.True(t, s.deliver(true, false), "none came for an hour")
	})
}

// A client that hangs up after the response has not lost it.
func TestHangUpAfterResponse(t *testing.T) {
	s := newScene(t, dedupe.NewMemory(), dedupe.WithSenderTimeout(time.Hour))
	a, hangUp := s.begin()
	a.Answering()
	hangUp()
	a.Answering() // the first call counts
	a.End(true, false)
	assert.True(t, s.deliver(true, false), "a twin")
}

func TestBeginWithoutVerify(t *testing.T) {
	_, err := dedupe.New(dedupe.NewMemory()).Begin(t.Context())
	assert.ErrorContains(t, err, "no verified event")
	assert.Equal(t, 500, core.StatusCode(err))
}

// Events that no Verifier returned have no fingerprint, and must not pass for retries of one
// another.
func TestBeginWithoutFingerprint(t *testing.T) {
	ctx := core.NewContext(t.Context(), urlrtest.NewEvent())
	_, err := dedupe.New(dedupe.NewMemory()).Begin(ctx)
	assert.ErrorIs(t, err, core.ErrNotVerified)
}

func TestObserverPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{Memory: dedupe.NewMemory()}
		s := newScene(t, store, dedupe.WithObserver(func(context.Context, dedupe.Observation) { panic("observer") }))
		store.down.Store(true)
		assert.True(t, s.deliver(true, true))
		time.Sleep(time.Second)
		store.down.Store(false)
		time.Sleep(time.Second)
		assert.False(t, s.deliver(true, false), "the retry")
	})
}

func TestInvalidSetup(t *testing.T) {
	for name, setup := range map[string]func(){
		"nil store":                 func() { dedupe.New(nil) },
		"nil memory":                func() { dedupe.New((*dedupe.Memory)(nil)) },
		"zero memory":               func() { dedupe.New(&dedupe.Memory{}) },
		"nil store of another kind": func() { dedupe.New((*flakyStore)(nil)) },
		"two retentions": func() {
			dedupe.New(dedupe.NewMemory(), dedupe.WithOncePerBody(time.Hour), dedupe.WithRetention(time.Minute))
		},
		"nil option":     func() { dedupe.New(dedupe.NewMemory(), nil) },
		"no retention":   func() { dedupe.WithRetention(0) },
		"negative lease": func() { dedupe.WithLease(-time.Second) },
		"no window":      func() { dedupe.WithOncePerBody(0) },
		"no timeout":     func() { dedupe.WithSenderTimeout(0) },
		"nil observer":   func() { dedupe.WithObserver(nil) },
	} {
		assert.Panics(t, setup, name)
	}
}
