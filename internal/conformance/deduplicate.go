package conformance

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A gate blocks handlers until it is opened.
type gate struct {
	entered chan context.Context
	leave   chan error
}

func newGate() *gate { return &gate{make(chan context.Context), make(chan error)} }

func (g *gate) handle(ctx context.Context, _ *core.Event) error {
	g.entered <- ctx
	return <-g.leave
}

// serveGuarded serves an App whose handler waits at a gate.
func serveGuarded(t *testing.T, f Framework, store dedupe.Store, opts ...dedupe.Option) (string, *gate) {
	t.Helper()
	r, g := &recorder{t: t}, newGate()
	app := r.app(App{Secret: secret, Guard: dedupe.New(store, opts...)})
	app.Handle = g.handle
	url := f.Serve(t, app)
	t.Cleanup(clientOf(url).CloseIdleConnections)
	return url, g
}

// pass lets the next handler return err, and returns the status of the response.
func pass(t *testing.T, url string, g *gate, err error) int {
	t.Helper()
	answered := make(chan int, 1)
	go func() {
		got, err := trySend(url, delivery{body: body})
		assert.NoError(t, err)
		answered <- got.status
	}()
	select {
	case <-g.entered:
		g.leave <- err
		return <-answered
	case status := <-answered:
		return -status // not handled
	}
}

// hangUp sends a delivery and disconnects while its handler is running. It returns once the server
// can detect that.
func hangUp(t *testing.T, f Framework, url string, g *gate) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		impatient := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		r := urlrtest.NewRequest(url+Path, secret, event()).WithContext(ctx)
		_, err := impatient.Do(r) //nolint:bodyclose // there is no response
		gone <- err
	}()
	handling := <-g.entered
	cancel()
	require.ErrorIs(t, <-gone, context.Canceled)
	if f.Blind {
		time.Sleep(50 * time.Millisecond) // until the end of the stream reaches the server
		return
	}
	<-handling.Done()
}

// A watchedStore reports when a call is done.
type watchedStore struct {
	*dedupe.Memory
	abandoned, ended chan bool
	endTakes         atomic.Int64 // nanoseconds
}

func newWatchedStore() *watchedStore {
	return &watchedStore{Memory: dedupe.NewMemory(), abandoned: make(chan bool, 100), ended: make(chan bool, 100)}
}

func (s *watchedStore) Abandon(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	defer func() { s.abandoned <- true }()
	return s.Memory.Abandon(ctx, fingerprint, id)
}

func (s *watchedStore) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	defer func() { s.ended <- credit > 0 }()
	time.Sleep(time.Duration(s.endTakes.Load()))
	return s.Memory.End(ctx, fingerprint, id, credit)
}

// nextEnd waits for an attempt to end and reports whether a credit is kept.
func (s *watchedStore) nextEnd(t *testing.T) (credit bool) {
	t.Helper()
	select {
	case credit = <-s.ended:
	case <-time.After(10 * time.Second):
		t.Fatal("no attempt ends")
	}
	return credit
}

func testDeduplicate(t *testing.T, f Framework) {
	store := newWatchedStore()
	url, g := serveGuarded(t, f, store)
	assert.Equal(t, http.StatusNoContent, pass(t, url, g, nil))
	assert.False(t, store.nextEnd(t))
	assert.Equal(t, http.StatusNoContent, pass(t, url, g, nil), "a twin")
	assert.False(t, store.nextEnd(t))

	hangUp(t, f, url, g)
	if !f.Blind {
		<-store.abandoned
		got := send(t, url, delivery{body: body})
		assert.Equal(t, http.StatusServiceUnavailable, got.status, "it may be a retry of the delivery in progress")
		assert.NotEmpty(t, got.header.Get("Retry-After"))
	}
	g.leave <- nil
	assert.True(t, store.nextEnd(t), "a credit is kept")
	assert.Equal(t, http.StatusNoContent, send(t, url, delivery{body: body}).status, "the retry is not handled")
	assert.False(t, store.nextEnd(t))
	assert.Equal(t, http.StatusNoContent, pass(t, url, g, nil), "a twin")
}

func testDeduplicateFailures(t *testing.T, f Framework) {
	store := newWatchedStore()
	url, g := serveGuarded(t, f, store)
	for range 2 {
		assert.Equal(t, http.StatusInternalServerError, pass(t, url, g, errors.New(private)))
		assert.False(t, store.nextEnd(t))
	}
	hangUp(t, f, url, g)
	g.leave <- errors.New(private)
	assert.False(t, store.nextEnd(t))
	assert.Equal(t, http.StatusNoContent, pass(t, url, g, nil))
}

// The store is down.
type downStore struct{ dedupe.Store }

func (downStore) Begin(context.Context, string, dedupe.AttemptID, dedupe.Lease) (dedupe.Decision, error) {
	return 0, errors.New(private)
}

func testDeduplicateStoreDown(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{Guard: dedupe.New(downStore{})})
	checkRefused(t, f, send(t, url, delivery{body: body}), seen, core.ErrUnavailable)

	url, g := serveGuarded(t, f, downStore{}, dedupe.WithProcessOnStoreFailure())
	assert.Equal(t, http.StatusNoContent, pass(t, url, g, nil))
}

// A client may disconnect once it has the response. The next delivery is then a twin, however long
// the server takes to detect that.
func testDeduplicateHangUpAfterwards(t *testing.T, f Framework) {
	slow := dedupe.WithObserver(func(context.Context, dedupe.Observation) { time.Sleep(5 * time.Millisecond) })
	url, seen := serve(t, f, App{Guard: dedupe.New(dedupe.NewMemory(), slow)})
	impatient := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	const clicks = 20
	for range clicks {
		answer, err := impatient.Do(urlrtest.NewRequest(url+Path, secret, event()))
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusNoContent, answer.StatusCode)
	}
	assert.Len(t, seen.take().events, clicks)
}
