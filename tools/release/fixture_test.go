package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// files is what a repository has, by path.
type files map[string]string

// newFixture returns files of a repository with three published modules and one that is not.
func newFixture() files {
	return files{
		"go.mod":       "module github.com/example/hooks\n\ngo 1.26.0\n",
		"core/core.go": "package core\n\nfunc Greeting() string { return \"hello\" }\n",
		"LICENSE":      "Do what you like.\n",
		"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-11-26\n",
		"README.md": "# Hooks\n\n```go\ncore.Greeting()\n```\n\n```go\npackage main\n\nimport (\n\t\"github.com/example/hooks/core\"\n\t" +
			"\"github.com/example/hooks/ginurlr\"\n)\n\nfunc main() { println(core.Greeting(), ginurlr.Twice()) }\n```\n",
		"go.work": "go 1.26.0\n\nuse (\n\t.\n\t./cmd/hook\n\t./examples\n\t./ginurlr\n)\n",

		"ginurlr/go.mod": "module github.com/example/hooks/ginurlr\n\ngo 1.26.0\n\nreplace github.com/example/hooks => ../\n\n" +
			"require github.com/example/hooks v0.0.0\n",
		"ginurlr/gin.go": "package ginurlr\n\nimport \"github.com/example/hooks/core\"\n\nfunc Twice() string { return core.Greeting() + core.Greeting() }\n",

		"cmd/hook/go.mod": "module github.com/example/hooks/cmd/hook\n\ngo 1.26.0\n\nreplace (\n\tgithub.com/example/hooks => ../../\n\t" +
			"github.com/example/hooks/ginurlr => ../../ginurlr\n)\n\nrequire github.com/example/hooks/ginurlr v0.0.0\n\n" +
			"require github.com/example/hooks v0.0.0 // indirect\n",
		"cmd/hook/main.go": "package main\n\nimport (\n\t\"fmt\"\n\t\"runtime/debug\"\n\n\t\"github.com/example/hooks/ginurlr\"\n)\n\n" +
			"func main() {\n\tinfo, _ := debug.ReadBuildInfo()\n\tfmt.Println(ginurlr.Twice(), info.Main.Version)\n}\n",

		"examples/go.mod": "module github.com/example/hooks/examples\n\ngo 1.26.0\n\nreplace (\n\tgithub.com/example/hooks => ../\n\t" +
			"github.com/example/hooks/ginurlr => ../ginurlr\n)\n\nrequire github.com/example/hooks/ginurlr v0.0.0\n\n" +
			"require github.com/example/hooks v0.0.0 // indirect\n",
		"examples/main.go": "package main\n\nimport \"github.com/example/hooks/ginurlr\"\n\nfunc main() { println(ginurlr.Twice()) }\n",
	}
}

func (f files) write(t *testing.T, dir string) {
	t.Helper()
	for name, content := range f {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(content), 0o644))
	}
}

// commit makes a clone of which the files are the only commit.
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

// at returns the file of the revision.
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
