package redisurlr_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/redistest"
	"github.com/urlr-community/webhooks-go/redisurlr"
)

const waiting = 20

// endTogether makes twenty End calls, of as many fingerprints, wait for one that is in transit.
// When they all wait, it calls ready and releases the first. It returns their errors.
func endTogether(t *testing.T, client *redis.Client, ready func()) (store *redisurlr.Store, errs []error) {
	t.Helper()
	store = redisurlr.New(client)
	store.WaitForBatches()
	_, err := client.Pipelined(t.Context(), func(p redis.Pipeliner) error { return p.Ping(t.Context()).Err() })
	require.NoError(t, err) // connect now, since dialing counts as a round trip
	first := &gate{arrived: make(chan struct{}), open: make(chan struct{})}
	client.AddHook(first)
	var wg sync.WaitGroup
	wg.Go(func() { assert.NoError(t, store.End(t.Context(), "first", dedupe.AttemptID{}, time.Hour)) })
	<-first.arrived

	errs = make([]error, waiting)
	for i := range errs {
		wg.Go(func() { errs[i] = store.End(t.Context(), fmt.Sprint(i), dedupe.AttemptID{}, time.Hour) })
	}
	require.Eventually(t, func() bool { return store.WaitingEnds() == waiting }, 10*time.Second, time.Millisecond)
	ready()
	close(first.open)
	wg.Wait()
	return store, errs
}

// A gate lets the first call through, but holds its response until opened.
type gate struct {
	isClosed      atomic.Bool
	arrived, open chan struct{}
}

func (*gate) DialHook(next redis.DialHook) redis.DialHook { return next }

func (g *gate) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		isEnd := strings.HasPrefix(cmd.Name(), "eval") && !redis.HasErrorPrefix(err, "NOSCRIPT")
		if isEnd && g.isClosed.CompareAndSwap(false, true) {
			close(g.arrived)
			<-g.open
		}
		return err
	}
}

func (*gate) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// A delivery waits for no other's answer. Its own decision is one of many in the same round trip.
func TestBeginsShareARoundTrip(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store := redisurlr.New(client)
	store.WaitForBatches()
	for i := range waiting / 2 {
		require.NoError(t, store.End(t.Context(), fmt.Sprint(i), dedupe.AttemptID{}, time.Hour))
	}
	require.NoError(t, client.Set(t.Context(), "urlr:dedupe:{nonsense}:unusual", "nonsense", 0).Err())
	_, err := client.Pipelined(t.Context(), func(p redis.Pipeliner) error { return p.Ping(t.Context()).Err() })
	require.NoError(t, err)
	first := &gate{arrived: make(chan struct{}), open: make(chan struct{})}
	client.AddHook(first)
	var wg sync.WaitGroup
	begin := func(ctx context.Context, fingerprint string) (dedupe.Decision, error) {
		return store.Begin(ctx, fingerprint, dedupe.AttemptID{1}, lease)
	}
	wg.Go(func() {
		decision, err := begin(t.Context(), "first")
		assert.NoError(t, err)
		assert.Equal(t, dedupe.Process, decision)
	})
	<-first.arrived
	for i := range waiting {
		wg.Go(func() {
			decision, err := begin(t.Context(), fmt.Sprint(i))
			assert.NoError(t, err)
			assert.Equal(t, i < waiting/2, decision == dedupe.Skip, i)
		})
	}
	wg.Go(func() {
		_, err := begin(t.Context(), "nonsense")
		assert.ErrorContains(t, err, "WRONGTYPE")
	})
	require.Eventually(t, func() bool { return store.WaitingBegins() == waiting+1 }, 10*time.Second, time.Millisecond)
	canceled, cancel := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := begin(canceled, "left")
		left <- err
	}()
	require.Eventually(t, func() bool { return store.WaitingBegins() == waiting+2 }, 10*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-left, context.Canceled, "it does not wait for the others")

	trips := &roundTrips{}
	client.AddHook(trips)
	close(first.open)
	wg.Wait()
	assert.EqualValues(t, 1, trips.Load())
}

func checkCredits(t *testing.T, store *redisurlr.Store) {
	t.Helper()
	for i := range waiting {
		decision, err := store.Begin(t.Context(), fmt.Sprint(i), dedupe.AttemptID{1}, lease)
		require.NoError(t, err)
		assert.Equal(t, dedupe.Skip, decision)
	}
}

func TestEndsShareRoundTrip(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	trips := &roundTrips{}
	store, errs := endTogether(t, client, func() { client.AddHook(trips) })
	for _, err := range errs {
		assert.NoError(t, err)
	}
	assert.EqualValues(t, 1, trips.Load())
	checkCredits(t, store)
}

// A restarted Redis forgets its scripts, possibly between two calls.
func TestEndsWithUnknownScript(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store, errs := endTogether(t, client, func() { require.NoError(t, client.ScriptFlush(t.Context()).Err()) })
	for _, err := range errs {
		assert.NoError(t, err)
	}
	checkCredits(t, store)
}

// Each End returns its own error, and only that.
func TestEndsThatFail(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	_, errs := endTogether(t, client, func() {
		require.NoError(t, client.Set(t.Context(), "urlr:dedupe:{7}:unusual", "foreign", 0).Err())
	})
	for i, err := range errs {
		if i == 7 {
			assert.ErrorContains(t, err, "WRONGTYPE")
		} else {
			assert.NoError(t, err)
		}
	}
}

func TestEndsWithoutRedis(t *testing.T) {
	server := redistest.Start(t)
	_, errs := endTogether(t, newClient(t, server), func() { server.Kill(t) })
	for _, err := range errs {
		assert.Error(t, err)
	}
}

// A hook, or a client that gets no connection, can fail a pipeline without setting the errors of its
// commands.
func TestEndsThatAreNotSent(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	_, errs := endTogether(t, client, func() { client.AddHook(&refuses{}) })
	for _, err := range errs {
		assert.ErrorIs(t, err, errRefused)
	}
}

var errRefused = errors.New("circuit breaker is open")

type refuses struct{ gate }

func (*refuses) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(context.Context, []redis.Cmder) error { return errRefused }
}

// A client that panics, in a hook for example, leaves no End waiting forever.
func TestEndsWithPanickingClient(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store := redisurlr.New(client)
	store.WaitForBatches()
	hook := &panics{}
	client.AddHook(hook)
	hook.on = true
	assert.Panics(t, func() { _ = store.End(t.Context(), "f", dedupe.AttemptID{}, 0) })
	hook.on = false
	assert.NoError(t, store.End(t.Context(), "f", dedupe.AttemptID{}, 0))
}

type panics struct {
	gate
	on bool
}

func (p *panics) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if p.on {
			panic("hook")
		}
		return next(ctx, cmd)
	}
}

// A server that accepts connections and never responds must not make deliveries wait for one
// another, nor for every retry of the client.
func TestSilentServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close() //nolint:errcheck // nothing is left to do
	client := redis.NewClient(&redis.Options{
		Addr:        listener.Addr().String(), // the kernel accepts
		DialTimeout: time.Second, ReadTimeout: time.Second, WriteTimeout: time.Second,
		MaxRetries: 1,
	})
	defer client.Close() //nolint:errcheck // nothing is left to do
	store := redisurlr.New(client)
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			time.Sleep(time.Duration(i/3) * 200 * time.Millisecond)
			start := time.Now()
			_, err := store.Begin(t.Context(), fmt.Sprint(i), dedupe.AttemptID{byte(i)}, lease)
			assert.Error(t, err)
			assert.Less(t, time.Since(start), 3*time.Second, "documented: two")
		})
	}
	wg.Wait()
}
