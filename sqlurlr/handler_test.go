package sqlurlr_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/sqlurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A scene is a server and what its guard observed.
type scene struct {
	t     *testing.T
	db    *sql.DB
	store *sqlurlr.Store

	url    string
	client *http.Client // its own: closing a test server closes connections of the default one

	mu       sync.Mutex
	observed []dedupe.Outcome
	closed   int // attempts that a guard closes, because their Begin was slow or failed
}

type (
	txFunc  = func(ctx context.Context, tx *sql.Tx, e *core.Event) error
	wrapper = func(core.HandlerFunc) core.HandlerFunc
)

// newScene serves h. The wrapper, if it is not nil, is around the handler of the store.
func newScene(t *testing.T, db *sql.DB, d database, h txFunc, wrap wrapper, opts ...dedupe.Option) *scene {
	t.Helper()
	s := &scene{t: t, db: db, store: sqlurlr.New(db, d.dialect)}
	guard := dedupe.New(s.store, append(opts, dedupe.WithObserver(s.observe))...)
	handler := s.store.Handler(h)
	if wrap != nil {
		handler = wrap(handler)
	}
	verify, deduplicate := nethttpurlr.Verify(secret), nethttpurlr.Deduplicate(guard)
	server := httptest.NewServer(verify(deduplicate(nethttpurlr.Handler(handler))))
	t.Cleanup(server.Close)
	s.url, s.client = server.URL, server.Client()
	return s
}

func (s *scene) observe(_ context.Context, o dedupe.Observation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.observed = append(s.observed, o.What)
	if o.What == dedupe.StoreFailed || o.What == dedupe.Processed && o.Duration > 100*time.Millisecond {
		s.closed++
	}
}

func (s *scene) outcomes() []dedupe.Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]dedupe.Outcome{}, s.observed...)
}

var event = func() *core.Event {
	e := urlrtest.NewEvent()
	e.Timestamp = time.Unix(1767225600, 0).UTC()
	return e
}()

// An answer is what a sender sees of a response.
type answer struct {
	status     int
	retryAfter string
}

// deliver always delivers the same click.
func (s *scene) deliver() answer {
	s.t.Helper()
	response, err := s.client.Do(urlrtest.NewRequest(s.url, secret, event))
	require.NoError(s.t, err)
	require.NoError(s.t, response.Body.Close())
	return answer{response.StatusCode, response.Header.Get("Retry-After")}
}

// retry delivers it until it is acknowledged: deliveries are deferred until the attempt whose
// effect is committed has ended.
func (s *scene) retry() {
	s.t.Helper()
	require.Eventually(s.t, func() bool { return s.deliver().status == http.StatusNoContent },
		20*time.Second, 20*time.Millisecond)
}

// settle waits until all attempts have ended. They leave nothing, except that a closed attempt has a
// row for an hour, which is what happens on a busy machine.
func (s *scene) settle() {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		all := rows(s.t, s.db, "urlr_dedupe")
		closed := rows(s.t, s.db, "urlr_dedupe WHERE lease_ends = 0 AND credit_ends = 0")
		s.mu.Lock()
		defer s.mu.Unlock()
		return all == closed && closed <= s.closed
	}, 20*time.Second, 10*time.Millisecond)
}

func (s *scene) wantClicks(n int) {
	s.t.Helper()
	assert.Equal(s.t, n, rows(s.t, s.db, "clicks"), "clicks")
}

func rows(t *testing.T, db *sql.DB, table string) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

// wantUnavailable checks a response that makes URLR retry.
func wantUnavailable(t *testing.T, got answer) {
	t.Helper()
	assert.Equal(t, http.StatusServiceUnavailable, got.status)
	assert.NotEmpty(t, got.retryAfter)
}

func TestTwins(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		s := newScene(t, d.open(t), d, record, nil)
		for range 3 {
			s.retry()
		}
		s.wantClicks(3)
		s.settle()
	})
}

// What a handler did is undone if it fails or panics.
func TestHandlerFails(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		fails := []error{errors.New("no"), core.ErrUnavailable, http.ErrAbortHandler}
		s := newScene(t, d.open(t), d, func(ctx context.Context, tx *sql.Tx, e *core.Event) error {
			if err := record(ctx, tx, e); err != nil || len(fails) == 0 {
				return err
			}
			err := fails[0]
			if fails = fails[1:]; errors.Is(err, http.ErrAbortHandler) {
				panic(err)
			}
			return err
		}, nil)
		assert.Equal(t, http.StatusInternalServerError, s.deliver().status)
		wantUnavailable(t, s.deliver())
		_, err := s.client.Do(urlrtest.NewRequest(s.url, secret, event)) //nolint:bodyclose // there is none
		require.Error(t, err)
		s.wantClicks(0)
		assert.Equal(t, http.StatusNoContent, s.deliver().status)
		s.wantClicks(1)
	})
}

// What is committed is processed, whatever the response.
func TestFailedAfterTheCommit(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		fail := true
		s := newScene(t, d.open(t), d, record, func(h core.HandlerFunc) core.HandlerFunc {
			return func(ctx context.Context, e *core.Event) error {
				if err := h(ctx, e); err != nil || !fail {
					return err
				}
				fail = false
				return errors.New("the answer can't be rendered")
			}
		})
		assert.Equal(t, http.StatusInternalServerError, s.deliver().status)
		s.wantClicks(1)
		s.retry()
		s.wantClicks(1)
		s.retry() // a twin
		s.wantClicks(2)
		outcomes := func() []dedupe.Outcome { // a retry may have been deferred
			return slices.DeleteFunc(s.outcomes(), func(o dedupe.Outcome) bool { return o == dedupe.ToldToWait })
		}
		require.Eventually(t, func() bool { return len(outcomes()) == 4 }, 20*time.Second, 10*time.Millisecond)
		want := []dedupe.Outcome{dedupe.Processed, dedupe.CreditKept, dedupe.Skipped, dedupe.Processed}
		assert.Equal(t, want, outcomes())
	})
}

// A retry may have been handled before a handler that takes longer than its lease, so that one
// changes nothing.
func TestHandlerOverItsLease(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		const lease = 300 * time.Millisecond
		slow := true
		s := newScene(t, d.open(t), d, func(ctx context.Context, tx *sql.Tx, e *core.Event) error {
			if slow {
				slow = false
				time.Sleep(2 * lease)
			}
			return record(context.WithoutCancel(ctx), tx, e)
		}, nil, dedupe.WithLease(lease))
		wantUnavailable(t, s.deliver())
		s.wantClicks(0)
		s.retry() // on a busy machine, even a fast handler may take that long
		s.wantClicks(1)
	})
}

// The sender disconnects while a slow handler is running. What the handler does after that is
// committed, and the retry is skipped.
func TestSenderDisconnects(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		ctx, hangUp := context.WithCancel(t.Context())
		s := newScene(t, d.open(t), d, func(ctx context.Context, tx *sql.Tx, e *core.Event) error {
			hangUp()
			<-ctx.Done()
			return record(context.WithoutCancel(ctx), tx, e)
		}, nil)
		_, err := s.client.Do(urlrtest.NewRequest(s.url, secret, event).WithContext(ctx)) //nolint:bodyclose // none
		require.ErrorIs(t, err, context.Canceled)
		require.Eventually(t, func() bool { return slices.Contains(s.outcomes(), dedupe.Processed) },
			20*time.Second, 10*time.Millisecond)
		s.retry()
		s.wantClicks(1)
	})
}

// Without an attempt, nothing would record that a click was handled.
func TestHandlerWithoutDeduplicate(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		db := d.open(t)
		store := sqlurlr.New(db, d.dialect)
		other := dedupe.New(dedupe.NewMemory())
		for _, before := range []func(http.Handler) http.Handler{
			func(h http.Handler) http.Handler { return h },
			nethttpurlr.Deduplicate(other),
			nethttpurlr.Deduplicate(dedupe.New(sqlurlr.New(db, d.dialect))),
		} {
			w := httptest.NewRecorder()
			nethttpurlr.Verify(secret)(before(nethttpurlr.Handler(store.Handler(record)))).
				ServeHTTP(w, urlrtest.NewRequest("/", secret, event))
			assert.Equal(t, http.StatusInternalServerError, w.Code)
		}
		assert.Zero(t, rows(t, db, "clicks"))
	})
}

// Two handlers of one delivery can't commit together.
func TestTwoHandlers(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		var second core.HandlerFunc
		s := newScene(t, d.open(t), d, record, func(h core.HandlerFunc) core.HandlerFunc {
			return func(ctx context.Context, e *core.Event) error { return errors.Join(h(ctx, e), second(ctx, e)) }
		})
		second = s.store.Handler(record)
		assert.Equal(t, http.StatusInternalServerError, s.deliver().status)
		s.wantClicks(1)
	})
}

// A handler that gets a copy of the event finds its attempt by the event in ctx.
func TestCopiedEvent(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		s := newScene(t, d.open(t), d, record, func(h core.HandlerFunc) core.HandlerFunc {
			return func(ctx context.Context, e *core.Event) error {
				another := *e
				return h(ctx, &another)
			}
		})
		assert.Equal(t, http.StatusNoContent, s.deliver().status)
		s.wantClicks(1)
	})
}
