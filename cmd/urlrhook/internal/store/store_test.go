package store_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

const many = 1_000_000 // deliveries are kept: all

var noon = time.Date(2026, 11, 24, 12, 0, 0, 123456000, time.UTC)

func file(t testing.TB) string { return filepath.Join(t.TempDir(), "urlrhook.db") }

func open(t testing.TB, path string, keep int) *store.Store {
	t.Helper()
	s, err := store.Open(path, keep)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func add(t testing.TB, s *store.Store, d store.Delivery) int64 {
	t.Helper()
	require.NoError(t, s.Add(t.Context(), &d))
	return d.ID
}

func answer(t testing.TB, s *store.Store, id int64, status int) {
	t.Helper()
	require.NoError(t, s.SetAnswer(t.Context(), id, store.Answer{At: noon, Status: status}))
}

func get(t testing.TB, s *store.Store, id int64) *store.Delivery {
	t.Helper()
	d, err := s.Get(t.Context(), id)
	require.NoError(t, err)
	return d
}

func full() store.Delivery {
	return store.Delivery{
		Received: noon,
		Remote:   "[::1]:50000",
		Path:     "/webhooks?a=1&b=%00",
		Header:   http.Header{"Content-Type": {"application/json"}, "X-Two": {"a", "<b>"}, "X-None": {}},
		Body:     []byte("\x00binary\xff\xfe'\";é\r\n"),
		Length:   1 << 40,
		Verdict:  store.Refused,
		Problem:  "the signature does not match\x00\nsecond line",
		Form:     "php",
		Code:     "aB3",
		Label:    "a label",
		City:     "Créhen",
		Country:  "FR",
	}
}

func fullAnswer() store.Answer {
	return store.Answer{
		At:       noon.Add(time.Second),
		By:       "http://127.0.0.1:3000/hook?x=y",
		Status:   503,
		Header:   http.Header{"Retry-After": {"120"}},
		Body:     []byte("\x00down\xff"),
		Error:    "the answer was cut",
		Duration: 1234567 * time.Nanosecond,
	}
}

func forEachPlace(t *testing.T, test func(t *testing.T, path string)) {
	t.Run("file", func(t *testing.T) { test(t, file(t)) })
	t.Run("memory", func(t *testing.T) { test(t, ":memory:") })
}

// raw opens a database without the store.
func raw(t *testing.T, path string) *sql.DB {
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	return db
}

func TestEveryFieldComesBack(t *testing.T) {
	forEachPlace(t, func(t *testing.T, path string) {
		s := open(t, path, many)
		want := full()
		want.ID = add(t, s, want)
		assert.Equal(t, &want, get(t, s, want.ID))

		want.Answer = fullAnswer()
		require.NoError(t, s.SetAnswer(t.Context(), want.ID, want.Answer))
		assert.Equal(t, &want, get(t, s, want.ID))

		second := store.Answer{At: noon, Error: "connection refused"}
		assert.ErrorIs(t, s.SetAnswer(t.Context(), want.ID, second), store.ErrNotFound)
		assert.Equal(t, &want, get(t, s, want.ID), "nothing replaces the first answer")
	})
}

func TestAddKeepsTheAnswerThatIsThere(t *testing.T) {
	s := open(t, file(t), many)
	want := full()
	want.Answer = fullAnswer()
	want.ID = add(t, s, want)
	assert.Equal(t, &want, get(t, s, want.ID))

	want.Answer.At = time.Time{}
	want.ID = add(t, s, want)
	assert.Zero(t, get(t, s, want.ID).Answer, "without a time there is no answer")
}

func TestAddOfNothing(t *testing.T) {
	s := open(t, file(t), many)
	id := add(t, s, store.Delivery{})
	assert.Equal(t, &store.Delivery{ID: id}, get(t, s, id), "a nil header and body, and a zero time, stay that")

	id = add(t, s, store.Delivery{Header: http.Header{}, Body: []byte{}, Length: -1})
	assert.Equal(t, &store.Delivery{ID: id, Header: http.Header{}, Length: -1}, get(t, s, id), "an empty body is nil")
}

func TestTimesAreUTCToTheMicrosecond(t *testing.T) {
	s := open(t, file(t), many)
	local := noon.In(time.FixedZone("", 3600)).Add(999)
	id := add(t, s, store.Delivery{Received: local, Answer: store.Answer{At: local}})
	d := get(t, s, id)
	assert.Equal(t, noon, d.Received)
	assert.Equal(t, noon, d.Answer.At)
}

func TestOnlyTheBeginningOfALongAnswerIsKept(t *testing.T) {
	s := open(t, file(t), many)
	id := add(t, s, full())
	long := make([]byte, store.MaxAnswerBytes+1)
	require.NoError(t, s.SetAnswer(t.Context(), id, store.Answer{At: noon, Status: 200, Body: long}))
	assert.Len(t, get(t, s, id).Answer.Body, store.MaxAnswerBytes)
}

func TestAnAnswerNeedsItsTime(t *testing.T) {
	s := open(t, file(t), many)
	id := add(t, s, full())
	assert.ErrorContains(t, s.SetAnswer(t.Context(), id, store.Answer{Status: 200}), "set At")
}

func TestNotFound(t *testing.T) {
	s := open(t, file(t), many)
	_, err := s.Get(t.Context(), 7)
	assert.ErrorIs(t, err, store.ErrNotFound)
	assert.ErrorContains(t, err, "delivery 7")
	assert.ErrorIs(t, s.SetAnswer(t.Context(), 7, fullAnswer()), store.ErrNotFound)
}

func TestIDsGrowOverReopening(t *testing.T) {
	path := file(t)
	var last int64
	for range 3 {
		s, err := store.Open(path, 1)
		require.NoError(t, err)
		for range 3 {
			id := add(t, s, full())
			assert.Greater(t, id, last)
			last = id
		}
		require.NoError(t, s.Close())
	}
}

func TestRetention(t *testing.T) {
	forEachPlace(t, func(t *testing.T, path string) {
		s := open(t, path, 3)
		var ids []int64
		for range 10 {
			ids = append(ids, add(t, s, full()))
		}
		list, err := s.List(t.Context(), store.Filter{})
		require.NoError(t, err)
		assert.Equal(t, []int64{ids[9], ids[8], ids[7]}, idsOf(list))

		_, err = s.Get(t.Context(), ids[6])
		assert.ErrorIs(t, err, store.ErrNotFound)
		assert.ErrorIs(t, s.SetAnswer(t.Context(), ids[6], fullAnswer()), store.ErrNotFound)
	})
}

func TestOpeningDropsNothing(t *testing.T) {
	path := file(t)
	s := open(t, path, 5)
	for range 5 {
		add(t, s, full())
	}
	other := open(t, path, 1)
	answer(t, other, 1, 200)
	n, err := s.Count(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Equal(t, 5, n)

	add(t, other, full())
	n, err = s.Count(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Equal(t, 1, n)
}
