package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRehearsal(t *testing.T) {
	for name, test := range map[string]struct {
		spoil    func(files)
		expected string // of the error
	}{
		"everything works": {func(files) {}, ""},
		"the README's program does not compile": {func(f files) {
			f["README.md"] = strings.Replace(f["README.md"], "ginurlr.Twice()", "ginurlr.Thrice()", 1)
		}, "undefined: ginurlr.Thrice"},
		"the README has no program": {func(f files) { f["README.md"] = "# Hooks\n" }, "README.md has no complete program"},
		"a file that a package needs is not committed": {func(f files) {
			f[".gitignore"] = "words.txt\n"
			f["core/words.txt"] = "hello"
			f["core/words.go"] = "package core\n\nimport _ \"embed\"\n\n//go:embed words.txt\nvar Words string\n"
		}, "words.txt: no matching files found"},
		"a module lacks a requirement": {func(f files) {
			needed := "require github.com/example/hooks v0.0.0 // indirect\n"
			f["cmd/hook/go.mod"] = strings.Replace(f["cmd/hook/go.mod"], needed, "", 1)
		}, "go mod tidy -diff"},
		"the command does not know its version": {func(f files) {
			f["cmd/hook/main.go"] = strings.Replace(f["cmd/hook/main.go"], "info.Main.Version", "info.GoVersion", 1)
		}, "hook does not say that it is v0.1.0"},
		"a published module requires one that is not": {func(f files) {
			f["ginurlr/go.mod"] += "\nrequire github.com/example/hooks/examples v0.0.0\n"
		}, "github.com/example/hooks/examples, which is not"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOPROXY", "off") // what is not at the proxy of the rehearsal is nowhere
			content := newFixture(t)
			test.spoil(content)
			clone := content.commit(t)
			t.Chdir(string(clone))
			var out strings.Builder
			err := run(t.Context(), []string{"-version", "v0.1.0", "-rehearse"}, &out)
			if test.expected == "" {
				require.NoError(t, err)
				assert.Contains(t, out.String(), "v0.1.0 works for its users")
			} else {
				require.ErrorContains(t, err, test.expected)
			}
			assert.Empty(t, clone.tags(t), "a rehearsal leaves the clone alone")
		})
	}
}

func TestProgramIn(t *testing.T) {
	for name, test := range map[string]struct{ markdown, expected string }{
		"none": {"# Title\n\n```go\nverify()\n```\n", ""},
		"the first": {
			"\n```go\nx()\n```\n```go\npackage main // 1\n```\n\n```go\npackage main // 2\n```\n",
			"package main // 1\n",
		},
		"not of Go":        {"\n```sh\npackage main\n```\n", ""},
		"that never ends":  {"\n```go\npackage main\n", ""},
		"another package":  {"\n```go\npackage hooks\n```\n", ""},
		"indented in text": {"see ```go\npackage main\n```\n", ""},
	} {
		assert.Equal(t, test.expected, programIn(test.markdown), name)
	}
}
