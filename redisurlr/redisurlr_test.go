package redisurlr_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/dedupe/storetest"
	"github.com/urlr-community/webhooks-go/internal/redistest"
	"github.com/urlr-community/webhooks-go/redisurlr"
)

// newClient returns a client as users have it: it tries again what failed.
func newClient(t *testing.T, s *redistest.Server) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: s.Addr})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// keys returns how many keys there are.
func keys(t *testing.T, client *redis.Client) int {
	t.Helper()
	n, err := client.DBSize(t.Context()).Result()
	require.NoError(t, err)
	return int(n)
}

var lease = dedupe.Lease{Duration: time.Minute, Retention: time.Hour}

func TestStore(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	storetest.Run(t, func(*testing.T) dedupe.Store { return redisurlr.New(client) })
}

// A cluster of one node refuses what a cluster refuses: keys in several slots, and keys that are not declared.
func TestCluster(t *testing.T) {
	server := redistest.StartClusterNode(t)
	require.NoError(t, newClient(t, server).ClusterAddSlotsRange(t.Context(), 0, 16383).Err())
	client := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{server.Addr}})
	t.Cleanup(func() { _ = client.Close() })
	require.Eventually(t, func() bool {
		info, err := client.ClusterInfo(t.Context()).Result()
		return err == nil && strings.Contains(info, "cluster_state:ok")
	}, 10*time.Second, 10*time.Millisecond)
	storetest.Run(t, func(*testing.T) dedupe.Store { return redisurlr.New(client) })
}

// Two processes share what they know; other prefixes do not.
func TestSharing(t *testing.T) {
	s := redistest.Start(t)
	one, two := redisurlr.New(newClient(t, s)), redisurlr.New(newClient(t, s))
	other := redisurlr.New(newClient(t, s), redisurlr.WithPrefix("other:"))
	require.NoError(t, one.End(t.Context(), "f", dedupe.AttemptID{1}, time.Hour))
	for store, want := range map[*redisurlr.Store]dedupe.Decision{other: dedupe.Process, two: dedupe.Skip} {
		got, err := store.Begin(t.Context(), "f", dedupe.AttemptID{2}, lease)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestKeys(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store := redisurlr.New(client)
	for i := range 100 {
		fingerprint := fmt.Sprint(i)
		_, err := store.Begin(t.Context(), fingerprint, dedupe.AttemptID{}, lease)
		require.NoError(t, err)
		require.NoError(t, store.End(t.Context(), fingerprint, dedupe.AttemptID{}, 0))
	}
	assert.Zero(t, keys(t, client), "acknowledged deliveries leave nothing behind")

	_, err := store.Begin(t.Context(), "under-way", dedupe.AttemptID{}, lease)
	require.NoError(t, err)
	require.NoError(t, store.End(t.Context(), "credit", dedupe.AttemptID{}, time.Hour))
	names, err := client.Keys(t.Context(), "*").Result()
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"urlr:dedupe:{under-way}", "urlr:dedupe:{credit}"}, names)
	for name, want := range map[string]time.Duration{"urlr:dedupe:{under-way}": time.Minute, "urlr:dedupe:{credit}": time.Hour} {
		expires, err := client.PTTL(t.Context(), name).Result()
		require.NoError(t, err)
		assert.InDelta(t, want, expires, float64(10*time.Second), "every key expires")
	}
}

// Once per body, every delivery takes a credit and leaves one. That must not add up.
func TestOncePerBody(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	guard := dedupe.New(redisurlr.New(client), dedupe.WithOncePerBody(time.Hour))
	ctx := verified(t)
	for i := range 200 {
		attempt := begin(ctx, t, guard)
		assert.Equal(t, i > 0, attempt.Skip())
		attempt.End(true, false)
	}
	names, err := client.Keys(t.Context(), "*").Result()
	require.NoError(t, err)
	require.Len(t, names, 1)
	length, err := client.StrLen(t.Context(), names[0]).Result()
	require.NoError(t, err)
	assert.Less(t, length, int64(500))
}

// With append-only persistence, what was answered survives a crash.
func TestRestart(t *testing.T) {
	s := redistest.Start(t)
	store := redisurlr.New(newClient(t, s))
	require.NoError(t, store.End(t.Context(), "f", dedupe.AttemptID{}, time.Hour))
	s.Kill(t)
	_, err := store.Begin(t.Context(), "f", dedupe.AttemptID{1}, lease)
	require.Error(t, err, "while it is down")
	s.Restart(t)
	require.Eventually(t, func() bool {
		d, err := store.Begin(t.Context(), "f", dedupe.AttemptID{2}, lease)
		return err == nil && d == dedupe.Skip
	}, 10*time.Second, 10*time.Millisecond)
}

// What somebody else wrote under our key is an error, and so a 503, not a decision.
func TestNonsense(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store := redisurlr.New(client)
	for _, nonsense := range []string{"", "not JSON", "[]", `{"attempts":5,"credits":5}`, `{"attempts":[{}],"credits":[]}`, strings.Repeat("[", 2000)} {
		require.NoError(t, client.Set(t.Context(), "urlr:dedupe:{f}", nonsense, 0).Err())
		_, err := store.Begin(t.Context(), "f", dedupe.AttemptID{}, lease)
		assert.Error(t, err, nonsense)
	}
	require.NoError(t, client.Del(t.Context(), "urlr:dedupe:{f}").Err())
	require.NoError(t, client.LPush(t.Context(), "urlr:dedupe:{f}", "a list").Err())
	_, err := store.Begin(t.Context(), "f", dedupe.AttemptID{}, lease)
	assert.Error(t, err)
}

func TestImpossibleSetUp(t *testing.T) {
	assert.Panics(t, func() { redisurlr.New(nil) })
	assert.Panics(t, func() { redisurlr.New((*redis.Client)(nil)) })
	assert.Panics(t, func() { redisurlr.New(redis.NewClient(&redis.Options{}), nil) })
}
