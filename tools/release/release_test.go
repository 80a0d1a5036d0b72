package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTagsThisClone(t *testing.T) {
	clone := newFixture(t).commit(t)
	t.Chdir(string(clone))
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"-version", "v0.1.0", "-tag"}, &out))

	tags := []string{"cmd/hook/v0.1.0", "ginurlr/v0.1.0", "v0.1.0"}
	assert.Equal(t, tags, clone.tags(t))
	assert.Contains(t, out.String(), "git push --atomic origin HEAD v0.1.0 ginurlr/v0.1.0 cmd/hook/v0.1.0")
	for _, tag := range tags {
		goMod := clone.at(t, tag, "cmd/hook/go.mod")
		assert.NotContains(t, goMod, "replace")
		assert.Contains(t, goMod, "github.com/example/hooks/ginurlr v0.1.0")
		assert.Contains(t, goMod, "github.com/example/hooks v0.1.0 // indirect")
		assert.NotContains(t, clone.at(t, tag, "ginurlr/go.mod"), "replace")
		assert.Contains(t, clone.at(t, tag, "examples/go.mod"), "replace", "examples are not published")
		assert.Contains(t, clone.at(t, tag, "examples/go.mod"), "github.com/example/hooks/ginurlr v0.1.0")
	}
	after := clone.at(t, "HEAD", "ginurlr/go.mod")
	assert.Contains(t, after, "replace github.com/example/hooks => ../", "work goes on with the clone's own modules")
	assert.Contains(t, after, "require github.com/example/hooks v0.1.0")
	log, err := clone.git(t.Context(), "log", "--format=%s")
	require.NoError(t, err)
	assert.Equal(t, "After v0.1.0: modules replace one another again\nRelease v0.1.0\nstart", log)
	changed, err := clone.git(t.Context(), "status", "--porcelain")
	require.NoError(t, err)
	assert.Empty(t, changed)

	t.Run("and each module is tidy after it", func(t *testing.T) {
		user := offline(t)
		for _, dir := range []string{".", "ginurlr", "cmd/hook", "examples"} {
			_, err := user.run(t.Context(), filepath.Join(string(clone), dir), "go", "mod", "tidy", "-diff")
			assert.NoError(t, err, dir)
		}
	})
	t.Run("and the next version follows", func(t *testing.T) {
		changelog := strings.Replace(clone.at(t, "HEAD", "CHANGELOG.md"), "## [0.1.0]", "## [0.2.0]\n\n## [0.1.0]", 1)
		files{"CHANGELOG.md": changelog}.write(t, string(clone))
		require.NoError(t, clone.gitAll(t.Context(), []string{"commit", "-q", "-a", "-m", "more"}))
		require.NoError(t, run(t.Context(), []string{"-version", "v0.2.0", "-tag"}, io.Discard))
		assert.Contains(t, clone.at(t, "ginurlr/v0.2.0", "ginurlr/go.mod"), "hooks v0.2.0")
		assert.NotContains(t, clone.at(t, "ginurlr/v0.2.0", "ginurlr/go.sum"), "v0.1.0")
	})
}

// The checksums are those that the go command computes from the tags.
func TestChecksumsAreTheGoCommands(t *testing.T) {
	clone := newFixture(t).commit(t)
	_, err := clone.release(t.Context(), "v0.1.0")
	require.NoError(t, err)

	user := offline(t)
	user.env = append(user.env, "GOPROXY=direct", "GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=url."+string(clone)+".insteadOf", "GIT_CONFIG_VALUE_0=https://github.com/example/hooks")
	downloaded, err := user.run(t.Context(), user.dir, "go", "mod", "download", "-json",
		"github.com/example/hooks@v0.1.0", "github.com/example/hooks/ginurlr@v0.1.0")
	require.NoError(t, err)

	goSum := clone.at(t, "v0.1.0", "cmd/hook/go.sum")
	lines := strings.Split(goSum, "\n")
	require.Len(t, lines, 4, "two for each module that the command requires")
	for _, line := range lines {
		assert.Contains(t, downloaded, `"`+strings.Fields(line)[2]+`"`, line)
	}
}

func TestLeavesTheCloneAsItWas(t *testing.T) {
	for name, test := range map[string]struct {
		version  string
		spoil    func(t *testing.T, clone repository)
		expected string
	}{
		"changes that are not committed": {"v0.1.0", func(t *testing.T, clone repository) {
			files{"new.go": "package hooks\n"}.write(t, string(clone))
		}, "commit or stash"},
		"no section in the changelog": {"v0.1.1", func(*testing.T, repository) {}, `no section "## [0.1.1]"`},
		"not newer": {"v0.1.0", func(t *testing.T, clone repository) {
			require.NoError(t, clone.gitAll(t.Context(), []string{"tag", "v0.10.0"}))
		}, "not newer than the last release, v0.10.0"},
		"no branch": {"v0.1.0", func(t *testing.T, clone repository) {
			require.NoError(t, clone.gitAll(t.Context(), []string{"checkout", "-q", "--detach"}))
		}, "no branch"},
		"a tag of a module that is there, after others were made": {"v0.1.0", func(t *testing.T, clone repository) {
			require.NoError(t, clone.gitAll(t.Context(), []string{"tag", "ginurlr/v0.1.0"}))
		}, "already exists"},
	} {
		t.Run(name, func(t *testing.T) {
			clone := newFixture(t).commit(t)
			test.spoil(t, clone)
			t.Chdir(string(clone))
			head, err := clone.git(t.Context(), "rev-parse", "HEAD")
			require.NoError(t, err)
			tags := clone.tags(t)
			changed, err := clone.git(t.Context(), "status", "--porcelain")
			require.NoError(t, err)

			require.ErrorContains(t, run(t.Context(), []string{"-version", test.version, "-tag"}, io.Discard), test.expected)

			headAfter, err := clone.git(t.Context(), "rev-parse", "HEAD")
			require.NoError(t, err)
			assert.Equal(t, head, headAfter)
			assert.Equal(t, tags, clone.tags(t))
			changedAfter, err := clone.git(t.Context(), "status", "--porcelain")
			require.NoError(t, err)
			assert.Equal(t, changed, changedAfter)
		})
	}
}

func TestPlanChangesNothing(t *testing.T) {
	clone := newFixture(t).commit(t)
	t.Chdir(string(clone))
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"-version", "v0.2.0"}, &out))
	assert.Contains(t, out.String(), "tag ginurlr/v0.2.0\n"+
		"\trequire github.com/example/hooks v0.2.0\n"+
		"\tdrop the replacement of github.com/example/hooks\n")
	assert.Contains(t, out.String(), "not published: examples\n")
	assert.Contains(t, out.String(), `Not ready: CHANGELOG.md has no section "## [0.2.0]"`)
	assert.Empty(t, clone.tags(t))
	changed, err := clone.git(t.Context(), "status", "--porcelain")
	require.NoError(t, err)
	assert.Empty(t, changed)
}

func TestVersions(t *testing.T) {
	for version, expected := range map[string]string{
		"v0.1.0": "", "v1.2.3": "", "v1.0.0-rc.1": "",
		"": "missing", "0.1.0": "no version", "v0.1": "no version", "v1.0.0+build": "no version",
		"v0.0.0-20261126000000-b7c62bb00000": "no version", "v2.0.0": "should be v0 or v1",
	} {
		err := checkVersion(version)
		if expected == "" {
			assert.NoError(t, err, version)
		} else {
			assert.ErrorContains(t, err, expected, version)
		}
	}
}

// offline returns a user with no network and an empty module cache.
func offline(t *testing.T) *consumer {
	t.Helper()
	dir := t.TempDir()
	user := &consumer{dir: dir, version: "v0.1.0"}
	user.env = append(os.Environ(), "GOPROXY=off", "GOSUMDB=off", "GOWORK=off",
		"GOFLAGS=-modcacherw", "GOMODCACHE="+filepath.Join(dir, "modcache"))
	return user
}
