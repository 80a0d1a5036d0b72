package store_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

func assertMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, want, info.Mode().Perm(), "%s has mode %v", filepath.Base(path), info.Mode())
}

func skipOnWindows(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such names and modes")
	}
}

func TestFilesArePrivate(t *testing.T) {
	skipOnWindows(t)
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, "urlrhook.db")
	s := open(t, path, many)
	add(t, s, full())

	assertMode(t, filepath.Dir(dir), 0o700)
	assertMode(t, dir, 0o700)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		assertMode(t, path+suffix, 0o600)
	}
}

func TestAFileThatOthersCouldReadIsHidden(t *testing.T) {
	skipOnWindows(t)
	path := file(t)
	require.NoError(t, os.WriteFile(path, nil, 0o644))
	require.NoError(t, os.Chmod(path, 0o644))
	s := open(t, path, many)
	add(t, s, full())
	for _, suffix := range []string{"", "-wal", "-shm"} {
		assertMode(t, path+suffix, 0o600)
	}
}

func TestFilesBehindALinkArePrivate(t *testing.T) {
	skipOnWindows(t)
	path, link := file(t), file(t)
	require.NoError(t, os.WriteFile(path, nil, 0o644))
	require.NoError(t, os.Chmod(path, 0o644))
	require.NoError(t, os.Symlink(path, link))
	s := open(t, link, many)
	add(t, s, full())
	for _, suffix := range []string{"", "-wal", "-shm"} {
		assertMode(t, path+suffix, 0o600)
	}
}

func TestALinkToNothing(t *testing.T) {
	skipOnWindows(t)
	path, link := file(t), file(t)
	require.NoError(t, os.Symlink(path, link))
	_, err := store.Open(link, many)
	assert.ErrorContains(t, err, "symbolic link")
	assert.NoFileExists(t, path)
}

func TestCloseLeavesOneFile(t *testing.T) {
	path := file(t)
	s, err := store.Open(path, many)
	require.NoError(t, err)
	add(t, s, full())
	_, err = s.List(t.Context(), store.Filter{})
	require.NoError(t, err)
	require.NoError(t, s.Close())

	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, files, 1)
}

func TestPathsWithSpecialCharacters(t *testing.T) {
	skipOnWindows(t)
	for _, name := range []string{"a b", "a?mode=memory", "100%", "a#b", "é", "a%20b"} {
		path := filepath.Join(t.TempDir(), name)
		add(t, open(t, path, many), full())
		assert.FileExists(t, path)
	}
}

func TestAPathMayBeRelative(t *testing.T) {
	t.Chdir(t.TempDir())
	add(t, open(t, "x.db", many), full())
	assert.FileExists(t, "x.db")
}

func TestDatabasesInMemoryAreApart(t *testing.T) {
	a, b := open(t, ":memory:", many), open(t, ":memory:", many)
	add(t, a, full())
	n, err := b.Count(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Zero(t, n)
	assert.NoFileExists(t, ":memory:")
}

func TestKeepMustBePositive(t *testing.T) {
	for _, keep := range []int{0, -1} {
		_, err := store.Open(file(t), keep)
		assert.ErrorContains(t, err, "1 or more")
	}
}

func TestAFileThatIsNoDatabase(t *testing.T) {
	path := file(t)
	text := []byte("this is a letter, not a database, and it is long enough to have a header of one hundred bytes: dear reader, ...")
	require.NoError(t, os.WriteFile(path, text, 0o644))
	_, err := store.Open(path, many)
	assert.ErrorContains(t, err, path)
	assert.ErrorContains(t, err, "move it away")

	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, text, after)
}

func TestADamagedDatabase(t *testing.T) {
	path := file(t)
	s, err := store.Open(path, many)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := 100; i < len(content); i++ {
		content[i] = 0xa5
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))

	_, err = store.Open(path, many)
	assert.ErrorContains(t, err, path)
	assert.ErrorContains(t, err, "damaged")
}

func TestADirectoryIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	_, err := store.Open(dir, many)
	assert.ErrorContains(t, err, dir)
	assert.ErrorContains(t, err, "choose another")
}

func TestManyOpenANewFileAtOnce(t *testing.T) {
	path := file(t)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			s, err := store.Open(path, many)
			if !assert.NoError(t, err) {
				return
			}
			d := full()
			assert.NoError(t, s.Add(t.Context(), &d))
			assert.NoError(t, s.Close())
		})
	}
	wg.Wait()
	n, err := open(t, path, many).Count(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Equal(t, 10, n)
}
