package redisurlr_test

import (
	"fmt"
	"math"
	"slices"
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

// newClient returns a client with default options, which retries what failed.
func newClient(t *testing.T, s *redistest.Server) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: s.Addr})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// keys returns the names of all keys.
func keys(t *testing.T, client *redis.Client) []string {
	t.Helper()
	names, err := client.Keys(t.Context(), "*").Result()
	require.NoError(t, err)
	return names
}

var lease = dedupe.Lease{Duration: time.Minute, Retention: time.Hour}

// decide begins an attempt at fingerprint f and returns the decision.
func decide(t *testing.T, s *redisurlr.Store, id dedupe.AttemptID) dedupe.Decision {
	t.Helper()
	decision, err := s.Begin(t.Context(), "f", id, lease)
	require.NoError(t, err)
	return decision
}

func TestStore(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	storetest.Run(t, func(*testing.T) dedupe.Store { return redisurlr.New(client) })
}

// A cluster of one node rejects what any cluster rejects: keys in several slots, and undeclared
// keys.
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

// Two processes share state if they use the same prefix.
func TestSharing(t *testing.T) {
	s := redistest.Start(t)
	one, two := redisurlr.New(newClient(t, s)), redisurlr.New(newClient(t, s))
	other := redisurlr.New(newClient(t, s), redisurlr.WithPrefix("other:"))
	require.NoError(t, one.End(t.Context(), "f", dedupe.AttemptID{1}, time.Hour))
	assert.Equal(t, dedupe.Process, decide(t, other, dedupe.AttemptID{2}))
	assert.Equal(t, dedupe.Skip, decide(t, two, dedupe.AttemptID{2}))
}

func TestAcknowledgedDeliveriesLeaveNothing(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store := redisurlr.New(client)
	for _, lease := range []dedupe.Lease{
		lease,
		{Duration: time.Minute, Retention: time.Hour, OrphansProcessed: true},
		{Duration: time.Minute, Retention: time.Hour, Exclusive: true},
	} {
		for i := range 100 {
			fingerprint, id := fmt.Sprint(i%10), dedupe.AttemptID{byte(i)}
			_, err := store.Begin(t.Context(), fingerprint, id, lease)
			require.NoError(t, err)
			if i%3 == 0 {
				require.NoError(t, store.Abandon(t.Context(), fingerprint, id))
			}
			require.NoError(t, store.End(t.Context(), fingerprint, id, 0))
		}
	}
	assert.Empty(t, keys(t, client))
}

// Every key expires with the last of its content.
func TestExpiry(t *testing.T) {
	const day = 24 * time.Hour
	lease := dedupe.Lease{Duration: time.Minute, Retention: day}
	longer := dedupe.Lease{Duration: time.Hour, Retention: day}
	orphansProcessed := dedupe.Lease{Duration: time.Minute, Retention: day, OrphansProcessed: true}
	one, two := dedupe.AttemptID{1}, dedupe.AttemptID{2}
	for name, test := range map[string]struct {
		steps func(*player)
		want  map[string]time.Duration
	}{
		"in progress": {func(p *player) { p.begin(one, lease) }, map[string]time.Duration{"one": time.Minute}},
		"two in progress": {func(p *player) { p.begin(one, lease); p.begin(two, longer) },
			map[string]time.Duration{"one": time.Minute, "two": time.Hour}},
		"disconnected": {func(p *player) { p.begin(one, lease); p.abandon(one) },
			map[string]time.Duration{"one": time.Minute, "unusual": time.Minute}},
		"two disconnected, one ended": {func(p *player) {
			p.begin(one, lease)
			p.begin(two, longer)
			p.abandon(one)
			p.abandon(two)
			p.end(two, 0)
		}, map[string]time.Duration{"one": time.Minute, "unusual": time.Minute}},
		"future orphan": {func(p *player) { p.begin(one, orphansProcessed) },
			map[string]time.Duration{"one": time.Minute, "unusual": day + time.Minute}},
		"two future orphans, one ended": {func(p *player) {
			p.begin(one, orphansProcessed)
			p.begin(two, orphansProcessed)
			p.end(two, 0)
		}, map[string]time.Duration{"one": time.Minute, "unusual": day + time.Minute}},
		"credit": {func(p *player) { p.end(one, day) }, map[string]time.Duration{"unusual": day}},
		"credit used": {func(p *player) { p.end(one, day); p.begin(two, lease) },
			map[string]time.Duration{"two": time.Minute, "unusual": day + time.Minute}},
		"retry skipped": {func(p *player) { p.end(one, day); p.begin(two, lease); p.end(two, 0) },
			map[string]time.Duration{"unusual": dedupe.BookkeepingTime}},
		"undone": {func(p *player) { p.undo(one) }, map[string]time.Duration{"unusual": dedupe.BookkeepingTime}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, redistest.Start(t))
			test.steps(&player{t, redisurlr.New(client)})
			got := map[string]time.Duration{}
			for _, key := range keys(t, client) {
				expires, err := client.PTTL(t.Context(), key).Result()
				require.NoError(t, err)
				name := strings.TrimPrefix(key, "urlr:dedupe:{f}:")
				name = strings.NewReplacer(fmt.Sprintf("%x", one), "one", fmt.Sprintf("%x", two), "two").Replace(name)
				got[name] = (expires + 30*time.Second).Truncate(time.Minute)
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// The longest possible times do not run into one another.
func TestLongestTimes(t *testing.T) {
	const longest = time.Duration(math.MaxInt64)
	store := redisurlr.New(newClient(t, redistest.Start(t)))
	p := &player{t, store}
	lease := dedupe.Lease{Duration: longest, Retention: longest, OrphansProcessed: true}
	p.begin(dedupe.AttemptID{1}, lease)
	p.end(dedupe.AttemptID{1}, longest)
	p.begin(dedupe.AttemptID{2}, lease) // uses that credit
	assert.Equal(t, dedupe.ComeBack, decide(t, store, dedupe.AttemptID{3}))
	p.undo(dedupe.AttemptID{2})
	assert.Equal(t, dedupe.Skip, decide(t, store, dedupe.AttemptID{4}))
	p.end(dedupe.AttemptID{4}, 0)
	assert.Equal(t, dedupe.Process, decide(t, store, dedupe.AttemptID{5}))
}

// A player makes store calls that must succeed.
type player struct {
	*testing.T
	store *redisurlr.Store
}

func (p *player) begin(id dedupe.AttemptID, lease dedupe.Lease) {
	_, err := p.store.Begin(p.Context(), "f", id, lease)
	require.NoError(p, err)
}

func (p *player) abandon(id dedupe.AttemptID) {
	require.NoError(p, p.store.Abandon(p.Context(), "f", id))
}

func (p *player) undo(id dedupe.AttemptID) { require.NoError(p, p.store.Undo(p.Context(), "f", id)) }

func (p *player) end(id dedupe.AttemptID, credit time.Duration) {
	require.NoError(p, p.store.End(p.Context(), "f", id, credit))
}

// With WithOncePerBody, every delivery uses a credit and leaves one. They must not add up.
func TestOncePerBody(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	guard := dedupe.New(redisurlr.New(client), dedupe.WithOncePerBody(time.Hour))
	ctx := verified(t)
	for i := range 200 {
		attempt := begin(ctx, t, guard)
		assert.Equal(t, i > 0, attempt.Skip())
		attempt.End(true, false)
	}
	names := keys(t, client)
	require.Len(t, names, 1)
	members, err := client.ZRange(t.Context(), names[0], 0, -1).Result()
	require.NoError(t, err)
	credits := slices.DeleteFunc(members, func(member string) bool {
		return strings.HasPrefix(member, "closed:") // a guard closes attempts whose Begin took long
	})
	assert.Len(t, credits, 1)
}

// Credits and closed attempts are limited per fingerprint.
func TestLimits(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store := redisurlr.New(client)
	for i := range 1100 {
		id := dedupe.AttemptID{byte(i), byte(i >> 8)}
		require.NoError(t, store.End(t.Context(), "f", id, time.Hour+time.Duration(i)*time.Second))
		require.NoError(t, store.Undo(t.Context(), "g", id))
	}
	for _, key := range []string{"urlr:dedupe:{f}:unusual", "urlr:dedupe:{g}:unusual"} {
		n, err := client.ZCard(t.Context(), key).Result()
		require.NoError(t, err)
		assert.EqualValues(t, 1024, n, key)
	}
	first, err := client.ZRange(t.Context(), "urlr:dedupe:{f}:unusual", 0, 0).Result()
	require.NoError(t, err)
	assert.Equal(t, []string{"4c" + strings.Repeat("0", 30)}, first, "those that expire first make room")
}

// With append-only persistence, acknowledged calls survive a crash.
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

// While Redis is out of memory, attempts end and leave credits, but none begins. A refused call
// leaves the credit in place.
func TestNoMemory(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store := redisurlr.New(client)
	require.Equal(t, dedupe.Process, decide(t, store, dedupe.AttemptID{1}))
	require.Equal(t, dedupe.Process, decide(t, store, dedupe.AttemptID{2}))
	require.Equal(t, dedupe.Process, decide(t, store, dedupe.AttemptID{3}))
	setMemory := func(limit string) { require.NoError(t, client.ConfigSet(t.Context(), "maxmemory", limit).Err()) }

	setMemory("1")
	p := &player{t, store}
	p.end(dedupe.AttemptID{1}, time.Hour)
	p.undo(dedupe.AttemptID{2})
	p.abandon(dedupe.AttemptID{3})
	for _, lease := range []dedupe.Lease{lease, {Duration: time.Minute, Retention: time.Hour, Exclusive: true}} {
		_, err := store.Begin(t.Context(), "f", dedupe.AttemptID{4}, lease)
		require.ErrorContains(t, err, "OOM")
	}

	setMemory("0")
	assert.Equal(t, dedupe.Skip, decide(t, store, dedupe.AttemptID{5}), "the credit of the first")
	assert.Equal(t, dedupe.ComeBack, decide(t, store, dedupe.AttemptID{6}), "the sender of the third disconnected")
}

// A value of another program under our key causes an error, and so a 503 response, but never a
// decision.
func TestForeignKey(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store := redisurlr.New(client)
	const key = "urlr:dedupe:{f}:unusual"
	require.NoError(t, client.Set(t.Context(), key, "foreign", 0).Err())
	_, err := store.Begin(t.Context(), "f", dedupe.AttemptID{1}, lease)
	assert.ErrorContains(t, err, "WRONGTYPE")
	assert.ErrorContains(t, store.Abandon(t.Context(), "f", dedupe.AttemptID{1}), "WRONGTYPE")
	assert.ErrorContains(t, store.Undo(t.Context(), "f", dedupe.AttemptID{1}), "WRONGTYPE")
	assert.ErrorContains(t, store.End(t.Context(), "f", dedupe.AttemptID{1}, 0), "WRONGTYPE")
	assert.Equal(t, []string{key}, keys(t, client), "nothing else was written")
}

// Earlier versions kept JSON under the name without a suffix. It is ignored, and expires.
func TestEarlierFormat(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store := redisurlr.New(client)
	const key = "urlr:dedupe:{f}"
	const earlier = `{"attempts":{},"credits":[{"of":"00","added":0,"ends":9999999999999}],"spent":{}}`
	require.NoError(t, client.Set(t.Context(), key, earlier, time.Hour).Err())
	assert.Equal(t, dedupe.Process, decide(t, store, dedupe.AttemptID{1}))
	require.NoError(t, store.End(t.Context(), "f", dedupe.AttemptID{1}, 0))
	assert.Equal(t, []string{key}, keys(t, client))
}

func TestInvalidSetup(t *testing.T) {
	assert.Panics(t, func() { redisurlr.New(nil) })
	assert.Panics(t, func() { redisurlr.New((*redis.Client)(nil)) })
	assert.Panics(t, func() { redisurlr.New(redis.NewClient(&redis.Options{}), nil) })
	for _, prefix := range []string{"{}", "app{}:", "a{}b{c}:"} {
		assert.Panics(t, func() { redisurlr.WithPrefix(prefix) }, prefix)
	}
	for _, prefix := range []string{"", "{app}:", "{", "}", "{a{}"} {
		assert.NotPanics(t, func() { redisurlr.WithPrefix(prefix) }, prefix)
	}
}
