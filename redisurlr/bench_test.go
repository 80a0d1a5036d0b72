package redisurlr_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/redistest"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/redisurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// roundTrips counts the round trips of a client.
type roundTrips struct{ atomic.Int64 }

func (*roundTrips) DialHook(next redis.DialHook) redis.DialHook { return next }

func (n *roundTrips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		n.Add(1)
		return next(ctx, cmd)
	}
}

func (n *roundTrips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		n.Add(1)
		return next(ctx, cmds)
	}
}

// newGuard returns a guard over a new Redis server that has loaded the scripts and does not wait
// for a disk, and a counter of its round trips.
func newGuard(tb testing.TB) (*dedupe.Guard, *roundTrips) {
	client := redis.NewClient(&redis.Options{Addr: redistest.Start(tb).Addr})
	tb.Cleanup(func() { _ = client.Close() })
	require.NoError(tb, client.ConfigSet(tb.Context(), "appendonly", "no").Err())
	guard := dedupe.New(redisurlr.New(client))
	begin(verified(tb), tb, guard).End(true, false)
	trips := &roundTrips{}
	client.AddHook(trips)
	return guard, trips
}

func verified(tb testing.TB) context.Context {
	tb.Helper()
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)
	e, err := core.MustVerifier("secret").Verify(tb.Context(), body, core.Sign("secret", body))
	require.NoError(tb, err)
	return core.NewContext(tb.Context(), e)
}

func begin(ctx context.Context, tb testing.TB, guard *dedupe.Guard) *dedupe.Attempt {
	tb.Helper()
	attempt, err := guard.Begin(ctx)
	require.NoError(tb, err)
	return attempt
}

// A delivery takes two round trips; its response waits for the first.
func TestRoundTrips(t *testing.T) {
	guard, trips := newGuard(t)
	var beforeAnswer int64
	answered := answeredWriter{httptest.NewRecorder(), func() { beforeAnswer = trips.Load() }}
	ignore := func(context.Context, *core.Event) error { return nil }
	receive := nethttpurlr.Verify("secret")(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(ignore)))
	receive.ServeHTTP(answered, urlrtest.NewRequest("/", "secret", urlrtest.NewEvent()))
	assert.Equal(t, http.StatusNoContent, answered.Code)
	assert.EqualValues(t, 1, beforeAnswer)
	assert.EqualValues(t, 2, trips.Load())
}

// An answeredWriter reports when the response is flushed.
type answeredWriter struct {
	*httptest.ResponseRecorder
	answered func()
}

func (w answeredWriter) Flush() { w.answered() }

// BenchmarkGuard measures what deduplication in Redis adds to a delivery: mostly two round trips,
// which BenchmarkPing measures.
func BenchmarkGuard(b *testing.B) {
	guard, trips := newGuard(b)
	ctx := verified(b)
	b.ReportAllocs()
	for b.Loop() {
		begin(ctx, b, guard).End(true, false)
	}
	b.ReportMetric(float64(trips.Load())/float64(b.N), "roundtrips/op")
}

func BenchmarkPing(b *testing.B) {
	client := redis.NewClient(&redis.Options{Addr: redistest.Start(b).Addr})
	b.Cleanup(func() { _ = client.Close() })
	for b.Loop() {
		if err := client.Ping(b.Context()).Err(); err != nil {
			b.Fatal(err)
		}
	}
}
