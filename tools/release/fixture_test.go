package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// files are the files of a repository, by path.
type files map[string]string

// newFixture returns the files of testdata/repository.txtar.
func newFixture(t *testing.T) files {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "repository.txtar"))
	require.NoError(t, err)
	content := files{}
	for _, file := range archive.Files {
		content[file.Name] = string(file.Data)
	}
	return content
}

func (f files) write(t *testing.T, dir string) {
	t.Helper()
	for name, content := range f {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(content), 0o644))
	}
}

// commit creates a clone whose only commit contains the files.
func (f files) commit(t *testing.T) repository {
	t.Helper()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	for _, variable := range []string{"GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"} {
		t.Setenv(variable, "somebody")
	}
	for _, variable := range []string{"GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"} {
		t.Setenv(variable, "somebody@example.com")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	f.write(t, dir)
	clone := repository(dir)
	require.NoError(t, clone.gitAll(t.Context(),
		[]string{"init", "-q", "-b", "main"}, []string{"add", "."}, []string{"commit", "-q", "-m", "start"}))
	return clone
}

// at returns the file at the revision.
func (r repository) at(t *testing.T, revision, file string) string {
	t.Helper()
	content, err := r.git(t.Context(), "show", revision+":"+file)
	require.NoError(t, err)
	return content
}

// tags returns all tags, in order.
func (r repository) tags(t *testing.T) []string {
	t.Helper()
	tags, err := r.git(t.Context(), "tag", "--list")
	require.NoError(t, err)
	return strings.Fields(tags)
}
