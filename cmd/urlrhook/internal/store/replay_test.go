package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

func addReplay(t *testing.T, s *store.Store, r store.Replay) store.Replay {
	t.Helper()
	require.NoError(t, s.AddReplay(t.Context(), &r))
	return r
}

func only(t *testing.T, s *store.Store, f store.Filter) store.Summary {
	t.Helper()
	list, err := s.List(t.Context(), f)
	require.NoError(t, err)
	require.Len(t, list, 1)
	return list[0]
}

// Every attempt is stored completely, and the first answer stays.
func TestReplaysAreKeptBesideTheFirstAnswer(t *testing.T) {
	forEachPlace(t, func(t *testing.T, path string) {
		s := open(t, path, many)
		first := full()
		first.Answer = fullAnswer()
		first.ID = add(t, s, first)
		add(t, s, full()) // another one, without replays
		one := addReplay(t, s, store.Replay{Delivery: first.ID,
			Answer: store.Answer{At: noon.Add(time.Hour), Error: "connection refused"}})
		edited := addReplay(t, s, store.Replay{Delivery: first.ID, Edited: true, Body: []byte("\x00new"),
			Answer: fullAnswer()})
		assert.Greater(t, edited.ID, one.ID)

		replays, err := s.Replays(t.Context(), first.ID, 100)
		require.NoError(t, err)
		assert.Equal(t, []store.Replay{edited, one}, replays)
		replays, err = s.Replays(t.Context(), first.ID, 1)
		require.NoError(t, err)
		assert.Equal(t, []store.Replay{edited}, replays)
		assert.Equal(t, &first, get(t, s, first.ID))

		summary := only(t, s, store.Filter{Status: store.Replayed})
		assert.Equal(t, first.ID, summary.ID)
		assert.Equal(t, 2, summary.Replays)
		assert.Equal(t, 503, summary.Status)
		assert.Equal(t, 503, summary.ReplayStatus)
		assert.Equal(t, fullAnswer().At, summary.Replayed)
	})
}

// A delivery failed if no attempt was acknowledged, whichever was the last.
func TestAReplayEndsAFailure(t *testing.T) {
	s := open(t, ":memory:", many)
	failed := func() []int64 {
		ids, err := s.IDs(t.Context(), store.Filter{Status: store.Failed})
		require.NoError(t, err)
		return ids
	}
	replayed, late := add(t, s, full()), add(t, s, full())
	answer(t, s, replayed, 500)
	addReplay(t, s, store.Replay{Delivery: replayed, Answer: store.Answer{At: noon, Status: 503}})
	assert.Equal(t, []int64{replayed, late}, failed())
	addReplay(t, s, store.Replay{Delivery: replayed, Answer: store.Answer{At: noon, Status: 204}})
	assert.Equal(t, []int64{late}, failed())
	addReplay(t, s, store.Replay{Delivery: replayed, Answer: store.Answer{At: noon, Status: 500}})
	assert.Equal(t, []int64{late}, failed(), "the application had it once")
	assert.Equal(t, replayed, only(t, s, store.Filter{Status: "5xx"}).ID, "its first answer is still that")

	addReplay(t, s, store.Replay{Delivery: late, Edited: true, Answer: store.Answer{At: noon, Status: 200}})
	assert.Equal(t, []int64{late}, failed(), "it never had what was received")
	addReplay(t, s, store.Replay{Delivery: late, Answer: store.Answer{At: noon, Status: 200}})
	answer(t, s, late, 500)
	assert.Empty(t, failed(), "the first answer came after that to the replay")
}

func TestIsWronglyAccepted(t *testing.T) {
	s := open(t, ":memory:", many)
	forged, noEvent := full(), full()
	forged.Form, noEvent.Form = "", "raw"
	id := add(t, s, forged)
	answer(t, s, id, 401)
	answer(t, s, add(t, s, noEvent), 200) // it is authentic
	isAccepted := func() bool {
		n, err := s.Count(t.Context(), store.Filter{Status: store.Accepted})
		require.NoError(t, err)
		list, err := s.List(t.Context(), store.Filter{})
		require.NoError(t, err)
		assert.False(t, list[0].IsWronglyAccepted())
		assert.Equal(t, n == 1, list[1].IsWronglyAccepted())
		return n == 1
	}
	addReplay(t, s, store.Replay{Delivery: id, Edited: true, Answer: store.Answer{At: noon, Status: 200}})
	assert.False(t, isAccepted(), "it was signed again")
	addReplay(t, s, store.Replay{Delivery: id, Answer: store.Answer{At: noon, Status: 200}})
	assert.True(t, isAccepted())
}

func TestReplaysGoWithTheirDelivery(t *testing.T) {
	path := file(t)
	s := open(t, path, 2)
	first := add(t, s, full())
	addReplay(t, s, store.Replay{Delivery: first, Answer: fullAnswer()})
	add(t, s, full())
	add(t, s, full())
	var n int
	require.NoError(t, raw(t, path).QueryRow("SELECT count(*) FROM replays").Scan(&n))
	assert.Zero(t, n)
	assert.ErrorIs(t, s.AddReplay(t.Context(), &store.Replay{Delivery: first, Answer: fullAnswer()}), store.ErrNotFound)
	require.NoError(t, raw(t, path).QueryRow("SELECT count(*) FROM replays").Scan(&n))
	assert.Zero(t, n, "it leaves nothing behind")
	assert.ErrorContains(t, s.AddReplay(t.Context(), &store.Replay{Delivery: first + 1}), "set At")
}

func TestConcurrentReplays(t *testing.T) {
	s := open(t, file(t), many)
	id := add(t, s, full())
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { assert.NoError(t, s.AddReplay(t.Context(), &store.Replay{Delivery: id, Answer: fullAnswer()})) })
	}
	wg.Wait()
	assert.Equal(t, 20, only(t, s, store.Filter{}).Replays)
	replays, err := s.Replays(t.Context(), id, 100)
	require.NoError(t, err)
	assert.Len(t, replays, 20)
}
