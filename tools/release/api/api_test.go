package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/tools/release/internal/git"
)

const source = `// Package core greets.
package core

import "time"

// Loud is a volume.
const (
	Quiet Volume = iota
	Loud
	limit = 3
)

const Max = limit * 2

var ErrDeaf error

// Greet greets.
func Greet(name string, after time.Duration) (greeting string, err error) { return "", nil }

func hidden() {}

type Volume uint8

func (v Volume) String() string { return "" }

type Greeter struct {
	Name string ` + "`json:\"name\"`" + `
	Volume
	times int
}

func (g *Greeter) Greet(to ...string) {}
func (g *Greeter) hide()              {}

type Listener interface {
	error
	Listen(string) bool
	secret()
}

type Pair[K comparable, V any] struct{ Key K }

type Alias = Greeter

type Option func(*Greeter)
`

const expected = `package core // example.com/hooks/core

import "time"

const Loud Volume = 1
const Max = 6
const Quiet Volume = 0

var ErrDeaf error

func Greet(name string, after time.Duration) (greeting string, err error)

type Alias = Greeter

type Greeter struct {
	Name string "json:\"name\""
	Volume
	// unexported fields
}
func (*Greeter) Greet(to ...string)

type Listener interface {
	error
	Listen(string) bool
	// unexported methods
}

type Option func(*Greeter)

type Pair[K comparable, V any] struct {
	Key K
}

type Volume uint8
func (Volume) String() string
`

// fixture creates a repository with a public package, an internal one, a command and an unpublished
// module, and changes to it.
func fixture(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_AUTHOR_NAME": "a", "GIT_COMMITTER_NAME": "a",
		"GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_EMAIL": "a@example.com", "GOWORK": "",
	} {
		t.Setenv(name, value)
	}
	t.Chdir(t.TempDir())
	write(t, "go.mod", "module example.com/hooks\n\ngo 1.26.0\n")
	write(t, "go.work", "go 1.26.0\n\nuse (\n\t.\n\t./examples\n)\n")
	write(t, "core/core.go", source)
	write(t, "internal/secret/secret.go", "package secret\n\nfunc Secret() {}\n")
	write(t, "tool/main.go", "package main\n\nfunc main() {}\n")
	write(t, "examples/go.mod", "module example.com/hooks/examples\n\ngo 1.26.0\n")
	write(t, "examples/lib/lib.go", "package lib\n\nfunc Lib() {}\n")
	write(t, "CHANGELOG.md", "## [Unreleased]\n")
	commit(t)
}

func write(t *testing.T, name, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(content), 0o644))
}

func commit(t *testing.T) {
	t.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"commit", "-q", "--allow-empty", "-m", "more"}} {
		_, err := git.Run(t.Context(), ".", args...)
		require.NoError(t, err)
	}
}

// api runs the command and returns what it printed.
func api(t *testing.T, check bool) (string, error) {
	t.Helper()
	var out strings.Builder
	err := run(context.Background(), check, &out)
	return out.String(), err
}

func TestWritesWhatUsersCanImport(t *testing.T) {
	fixture(t)
	write(t, "docs/api/removed.txt", "package removed\n")
	_, err := api(t, true)
	require.ErrorContains(t, err, "docs/api/core.txt is missing")
	require.ErrorContains(t, err, "docs/api/removed.txt describes no package")

	_, err = api(t, false)
	require.NoError(t, err)
	entries, err := os.ReadDir("docs/api")
	require.NoError(t, err)
	require.Len(t, entries, 1, "neither commands, nor internal packages, nor modules that are not published")
	content, err := os.ReadFile("docs/api/core.txt")
	require.NoError(t, err)
	assert.Equal(t, expected, string(content))

	_, err = api(t, true)
	require.NoError(t, err)

	write(t, "core/core.go", strings.Replace(source, "func hidden()", "func Shown()", 1))
	_, err = api(t, true)
	require.ErrorContains(t, err, "docs/api/core.txt is out of date:12\n\t-\n\t+func Shown()")
}

func TestIncompatibleChanges(t *testing.T) {
	const before, after = "Greet(to ...string)", "Great(to ...string)"
	const unnamed = "must name `core.Greeter.Greet`"
	for name, test := range map[string]struct{ before, after, changelog, expected string }{
		"none":                {"", "", "", ""},
		"a compatible one":    {"func hidden()", "func Shown()", "", ""},
		"a method removed":    {before, after, "", unnamed},
		"named":               {before, after, "- `core.Greeter.Greet` is `Great` now.", ""},
		"named with its args": {before, after, "- `core.Greeter.Greet(to...)` is no more.", ""},
		"a longer name":       {before, after, "- `core.Greeter.Greeting` is no more.", unnamed},
		"named for the last":  {before, after, "## [0.1.0]\n\n- `core.Greeter.Greet` is new.", unnamed},
		"a function changed":  {"after time.Duration)", "after *time.Duration)", "", "must name `core.Greet`"},
		"a field removed":     {"Name string", "First string", "", "must name `core.Greeter.Name`"},
		"a constant's value":  {"limit * 2", "limit * 3", "", "must name `core.Max`"},
		"a package removed":   {"package core", "package main", "", "package core removed; CHANGELOG.md must name `core`"},
	} {
		t.Run(name, func(t *testing.T) {
			fixture(t)
			_, err := git.Run(t.Context(), ".", "tag", "v0.1.0")
			require.NoError(t, err)
			changed := strings.Replace(source, test.before, test.after, 1)
			if strings.HasPrefix(changed, "// Package core greets.\npackage main") {
				changed += "\nfunc main() {}\n"
			}
			write(t, "core/core.go", changed)
			write(t, "CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n"+test.changelog+"\n\n## [0.1.0]\n")
			commit(t)
			_, err = api(t, false)
			require.NoError(t, err)
			_, err = api(t, true)
			if test.expected == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.expected)
			}
		})
	}
}
