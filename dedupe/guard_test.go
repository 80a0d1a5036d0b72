package dedupe_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// verified returns the context of a request with a verified event. The same event has the same fingerprint.
func verified(t *testing.T, e *core.Event) (context.Context, context.CancelFunc) {
	t.Helper()
	body := urlrtest.Body(e, urlrtest.Latest)
	got, err := core.MustVerifier("secret").Verify(t.Context(), body, core.Sign("secret", body))
	require.NoError(t, err)
	return context.WithCancel(core.NewContext(t.Context(), got))
}

// A scene is deliveries of one click to one guard.
type scene struct {
	*testing.T
	guard *dedupe.Guard
	click *core.Event
	mu    sync.Mutex
	seen  []dedupe.Outcome
}

func newScene(t *testing.T, store dedupe.Store, opts ...dedupe.Option) *scene {
	t.Helper()
	s := &scene{T: t, click: urlrtest.NewEvent()}
	s.guard = dedupe.New(store, append(opts, dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.seen = append(s.seen, o.What)
	}))...)
	return s
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
	assert.Equal(t, []dedupe.Outcome{dedupe.Failed, dedupe.Failed}, s.outcomes(), "what failed leaves nothing")

	assert.True(t, s.deliver(true, true))
	assert.Equal(t, []dedupe.Outcome{dedupe.Processed, dedupe.CreditKept}, s.outcomes())
	assert.False(t, s.deliver(true, true), "its retry, whose answer is lost too")
	assert.Equal(t, []dedupe.Outcome{dedupe.Skipped, dedupe.CreditKept}, s.outcomes())
	assert.False(t, s.deliver(true, false), "the next one")
	assert.True(t, s.deliver(true, false), "a twin")
	assert.Equal(t, []dedupe.Outcome{dedupe.Skipped, dedupe.Processed}, s.outcomes())
}

func TestSenderGoneBeforeTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, dedupe.NewMemory())
		first, hangUp := s.begin()
		assert.True(t, s.deliver(true, false), "a twin, while the first one's sender is there")
		hangUp()
		synctest.Wait()

		ctx, cancel := verified(t, s.click)
		defer cancel()
		_, err := s.guard.Begin(ctx)
		assert.ErrorIs(t, err, core.ErrUnavailable, "it may be the first one's retry")
		assert.Equal(t, 503, core.StatusCode(err))
		assert.NotEmpty(t, core.RetryAfter(err))

		first.End(true, false)
		assert.False(t, s.deliver(true, false), "the first one's retry")
		assert.True(t, s.deliver(true, false))
		assert.Equal(t, []dedupe.Outcome{dedupe.Processed, dedupe.ToldToWait, dedupe.Processed, dedupe.CreditKept, dedupe.Skipped, dedupe.Processed}, s.outcomes())
	})
}

func TestSenderGoneAndFailed(t *testing.T) {
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
		assert.True(t, s.deliver(true, false), "the credit has ended")

		s = newScene(t, dedupe.NewMemory(), dedupe.WithRetention(time.Hour), dedupe.WithLease(10*time.Second), dedupe.WithOrphansProcessed())
		_, cancel := s.begin() // and its process dies
		defer cancel()
		time.Sleep(10 * time.Second)
		assert.False(t, s.deliver(true, true), "an orphan, taken as processed")
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

// A broken store answers with an error, or with nonsense.
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
		"down": {err: errDown}, "no decision": {}, "unknown decision": {decision: 9}, "decision and error": {dedupe.Process, errDown},
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

// A flakyStore takes no bookkeeping while it is down.
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

// What could not be written down while the store was down is written down when it is back.
func TestStoreFailureAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{Memory: dedupe.NewMemory()}
		store.down.Store(true)
		s := newScene(t, store)
		assert.True(t, s.deliver(true, true))
		assert.Equal(t, []dedupe.Outcome{dedupe.Processed, dedupe.StoreFailed}, s.outcomes())
		store.down.Store(false)
		time.Sleep(time.Second)
		assert.Equal(t, []dedupe.Outcome{dedupe.CreditKept}, s.outcomes())
		assert.False(t, s.deliver(true, false), "its retry")

		store.down.Store(true)
		first, hangUp := s.begin()
		hangUp()
		time.Sleep(time.Second)
		store.down.Store(false)
		time.Sleep(time.Second)
		ctx, cancel := verified(t, s.click)
		defer cancel()
		_, err := s.guard.Begin(ctx)
		assert.ErrorIs(t, err, core.ErrUnavailable, "the first one's sender is gone")
		first.End(true, false)
		assert.False(t, s.deliver(true, false))

		store.down.Store(true)
		assert.True(t, s.deliver(true, true))
		time.Sleep(dedupe.DefaultLease) // then it is given up: the bubble ends
		store.down.Store(false)
		assert.True(t, s.deliver(true, false))
	})
}

// A client that hangs up once it has its answer has not lost it.
func TestHangUpAfterTheAnswer(t *testing.T) {
	s := newScene(t, dedupe.NewMemory(), dedupe.WithSenderTimeout(time.Hour))
	a, hangUp := s.begin()
	a.Answering()
	hangUp()
	a.Answering() // the first call counts
	a.End(true, false)
	assert.True(t, s.deliver(true, false), "a twin")
}

// A deafStore does what it is told once, but says that it has failed.
type deafStore struct {
	*dedupe.Memory
	deaf atomic.Bool
}

func (s *deafStore) Begin(ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease) (dedupe.Decision, error) {
	d, err := s.Memory.Begin(ctx, fingerprint, id, lease)
	if s.deaf.CompareAndSwap(true, false) {
		return 0, errDown
	}
	return d, err
}

// What a store has begun although it said that it failed is taken back: a credit that it took is there for the retry.
func TestStoreFailureAfterTheBeginning(t *testing.T) {
	for name, opts := range map[string][]dedupe.Option{"default": nil, "orphans processed": {dedupe.WithOrphansProcessed()}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &deafStore{Memory: dedupe.NewMemory()}
				s := newScene(t, store, opts...)
				failToBegin := func() {
					store.deaf.Store(true)
					ctx, cancel := verified(t, s.click)
					defer cancel()
					_, err := s.guard.Begin(ctx)
					require.ErrorIs(t, err, core.ErrUnavailable)
					time.Sleep(2 * dedupe.DefaultLease)
				}
				failToBegin()
				assert.True(t, s.deliver(true, true), "nothing was handled yet")
				failToBegin()
				assert.False(t, s.deliver(true, false), "the retry of what was handled")
				assert.True(t, s.deliver(true, false), "a twin")
				assert.Zero(t, store.Len())
			})
		})
	}
}

// A store that takes no bookkeeping for long is taken for down, before what is owed to it piles up.
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

func TestBeginWithoutVerify(t *testing.T) {
	_, err := dedupe.New(dedupe.NewMemory()).Begin(t.Context())
	assert.ErrorContains(t, err, "mount Verify before Deduplicate")
	assert.Equal(t, 500, core.StatusCode(err))
}

func TestImpossibleSetUp(t *testing.T) {
	for name, setUp := range map[string]func(){
		"nil store":      func() { dedupe.New(nil) },
		"nil memory":     func() { dedupe.New((*dedupe.Memory)(nil)) },
		"nil option":     func() { dedupe.New(dedupe.NewMemory(), nil) },
		"no retention":   func() { dedupe.WithRetention(0) },
		"negative lease": func() { dedupe.WithLease(-time.Second) },
		"no window":      func() { dedupe.WithOncePerBody(0) },
		"no time-out":    func() { dedupe.WithSenderTimeout(0) },
		"nil observer":   func() { dedupe.WithObserver(nil) },
	} {
		assert.Panics(t, setUp, name)
	}
}
