package store_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

func TestConcurrentAdds(t *testing.T) {
	forEachPlace(t, func(t *testing.T, path string) {
		const senders, each = 16, 50
		s := open(t, path, many)
		ids := make(chan int64, senders*each)
		var wg sync.WaitGroup
		for range senders {
			wg.Go(func() {
				for range each {
					d := full()
					assert.NoError(t, s.Add(t.Context(), &d))
					assert.NoError(t, s.SetAnswer(t.Context(), d.ID, fullAnswer()))
					ids <- d.ID
				}
			})
		}
		wg.Wait()
		close(ids)
		distinct := map[int64]bool{}
		for id := range ids {
			distinct[id] = true
		}
		assert.Len(t, distinct, senders*each)
		n, err := s.Count(t.Context(), store.Filter{Status: "5xx"})
		require.NoError(t, err)
		assert.Equal(t, senders*each, n)
	})
}

func TestTwoStoresOnOneFile(t *testing.T) {
	path := file(t)
	listen, replay := open(t, path, many), open(t, path, many)
	var wg sync.WaitGroup
	for range 100 {
		id := add(t, listen, full())
		wg.Go(func() { assert.NoError(t, replay.SetAnswer(context.WithoutCancel(t.Context()), id, fullAnswer())) })
	}
	wg.Wait()
	n, err := listen.Count(t.Context(), store.Filter{Status: "5xx"})
	require.NoError(t, err)
	assert.Equal(t, 100, n)
}

func TestACallThatIsCanceledReturns(t *testing.T) {
	forEachPlace(t, func(t *testing.T, path string) {
		s := open(t, path, many)
		id := add(t, s, full())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		d := full()
		assert.ErrorIs(t, s.Add(ctx, &d), context.Canceled)
		assert.Zero(t, d.ID)
		assert.ErrorIs(t, s.SetAnswer(ctx, id, fullAnswer()), context.Canceled)
		_, err := s.List(ctx, store.Filter{})
		assert.ErrorIs(t, err, context.Canceled)
		get(t, s, id)
	})
}

func TestAFailedCommitWritesNothingAndHarmsNoLaterOne(t *testing.T) {
	path := file(t)
	s := open(t, path, many)
	db := raw(t, path)
	_, err := db.Exec("ALTER TABLE contents RENAME TO elsewhere")
	require.NoError(t, err)
	d := full()
	assert.ErrorContains(t, s.Add(t.Context(), &d), "keep a delivery: ")
	assert.Zero(t, d.ID)

	_, err = db.Exec("ALTER TABLE elsewhere RENAME TO contents")
	require.NoError(t, err)
	id := add(t, s, full())
	list, err := s.List(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Equal(t, []int64{id}, idsOf(list))
}

// lock keeps all stores from writing to a file until unlock is called.
func lock(t *testing.T, path string) (unlock func()) {
	conn, err := raw(t, path).Conn(t.Context())
	require.NoError(t, err)
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)
	return func() {
		_, err := conn.ExecContext(t.Context(), "ROLLBACK")
		assert.NoError(t, err)
		assert.NoError(t, conn.Close())
	}
}

func TestReadersDoNotWaitForAWriter(t *testing.T) {
	path := file(t)
	s := open(t, path, many)
	id := add(t, s, full())
	unlock := lock(t, path)
	defer unlock()
	get(t, s, id)
	n, err := s.Count(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Equal(t, 1, n)
}

func TestAWaitingCallCanBeCanceled(t *testing.T) {
	path := file(t)
	s := open(t, path, many)
	unlock := lock(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 2 * 256 { // more than the writer's queue holds
		wg.Go(func() {
			d := full()
			assert.ErrorIs(t, s.Add(ctx, &d), context.Canceled)
			assert.Zero(t, d.ID)
		})
	}
	cancel()
	wg.Wait()
	unlock()
	id := add(t, s, full())
	list, err := s.List(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Equal(t, []int64{id}, idsOf(list), "what its caller was told is not kept is not")
}

// However a race between a commit and the caller's context ends, both agree on the outcome.
func TestWhatIsKeptIsWhatTheCallerKnows(t *testing.T) {
	s := open(t, file(t), many)
	known := make(chan int64, 1000)
	var wg sync.WaitGroup
	for range cap(known) {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(int(10*time.Millisecond))))
			defer cancel()
			d := full()
			if s.Add(ctx, &d) == nil {
				known <- d.ID
			}
		})
	}
	wg.Wait()
	n, err := s.Count(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Len(t, known, n)
}

func TestCloseWritesWhatIsPending(t *testing.T) {
	path := file(t)
	s := open(t, path, many)
	var wg sync.WaitGroup
	kept := make(chan int64, 1000)
	started := make(chan struct{}, 1000)
	for range 100 {
		wg.Go(func() {
			d := full()
			started <- struct{}{}
			if s.Add(context.Background(), &d) == nil {
				kept <- d.ID
			}
		})
	}
	for range 50 {
		<-started
	}
	require.NoError(t, s.Close())
	wg.Wait()
	close(kept)

	again := open(t, path, many)
	n, err := again.Count(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Equal(t, len(kept), n)
	for id := range kept {
		get(t, again, id)
	}
}

func TestAfterClose(t *testing.T) {
	forEachPlace(t, func(t *testing.T, path string) {
		s, err := store.Open(path, many)
		require.NoError(t, err)
		require.NoError(t, s.Close())
		assert.NoError(t, s.Close(), "a second time")

		d := full()
		assert.ErrorContains(t, s.Add(t.Context(), &d), "closed")
		assert.ErrorContains(t, s.SetAnswer(t.Context(), 1, fullAnswer()), "closed")
		_, err = s.Get(t.Context(), 1)
		assert.ErrorContains(t, err, "closed")
		_, err = s.List(t.Context(), store.Filter{})
		assert.ErrorContains(t, err, "closed")
	})
}
