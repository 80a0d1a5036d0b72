package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

func openToRead(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.OpenToRead(path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func TestOpenToRead(t *testing.T) {
	path := file(t)
	s, err := store.Open(path, many)
	require.NoError(t, err)
	id := add(t, s, full())

	beside := openToRead(t, path)
	assert.Equal(t, get(t, s, id), get(t, beside, id), "while it is written")
	require.NoError(t, s.Close())
	after := openToRead(t, path)
	assert.Equal(t, id, get(t, after, id).ID)
	d := full()
	assert.ErrorContains(t, after.Add(t.Context(), &d), "only for reading")
	assert.ErrorContains(t, after.AddReplay(t.Context(), &store.Replay{Delivery: id, Answer: fullAnswer()}),
		"only for reading")
	assert.ErrorContains(t, after.SetAnswer(t.Context(), id, store.Answer{At: time.Now()}), "only for reading")
}

func TestOpenToReadMakesNothing(t *testing.T) {
	path := file(t)
	_, err := store.OpenToRead(path)
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.NoFileExists(t, path)

	letter := filepath.Join(t.TempDir(), "letter")
	require.NoError(t, os.WriteFile(letter, []byte("this is a letter, not a database, and it is long enough to have a header of one hundred bytes: dear reader"), 0o600))
	_, err = store.OpenToRead(letter)
	assert.ErrorContains(t, err, "move it away")
}

// A database of an earlier version is upgraded first.
func TestOpenToReadAnEarlierVersion(t *testing.T) {
	path := file(t)
	db, err := store.OpenVersion(path, 1)
	require.NoError(t, err)
	_, err = db.Exec(fixtures[1])
	require.NoError(t, err)
	require.NoError(t, db.Close())
	assert.Equal(t, "abc", get(t, openToRead(t, path), 41).Code)
}
