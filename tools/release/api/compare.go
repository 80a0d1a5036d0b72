package main

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/exp/apidiff"

	"github.com/urlr-community/webhooks-go/tools/release/internal/git"
)

// A breakage is an incompatible change and the name by which CHANGELOG.md must mention it.
type breakage struct{ name, change string }

// compareWithLast returns an error if the packages are incompatible with the last tagged version in
// a way that CHANGELOG.md does not name.
func compareWithLast(ctx context.Context, root string, now map[string]*types.Package, out io.Writer) error {
	last, err := git.LastVersion(ctx, root)
	if err != nil {
		return err
	}
	if last == "" {
		fmt.Fprintln(out, "no version is tagged: nothing to compare with")
		return nil
	}
	before, err := loadTag(ctx, root, last)
	if err != nil {
		return err
	}
	changelog, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md")) //nolint:gosec // a file of the repository
	if err != nil {
		return err
	}
	unreleased, _, _ := strings.Cut(string(changelog), "\n## ["+strings.TrimPrefix(last, "v")+"]")
	var unnamed []error
	for _, b := range breakages(before, now) {
		if named(unreleased, b.name) {
			fmt.Fprintf(out, "incompatible with %s, as CHANGELOG.md says: %s\n", last, b.change)
		} else {
			unnamed = append(unnamed,
				fmt.Errorf("incompatible with %s: %s; CHANGELOG.md must name `%s`", last, b.change, b.name))
		}
	}
	return errors.Join(unnamed...)
}

// loadTag type-checks the packages of the tag in a scratch clone.
func loadTag(ctx context.Context, root, tag string) (map[string]*types.Package, error) {
	scratch, err := os.MkdirTemp("", "api-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch) //nolint:errcheck // a temporary folder
	if _, err := git.Run(ctx, root, "clone", "-q", "--branch", tag, ".", scratch); err != nil {
		return nil, err
	}
	return load(ctx, scratch)
}

// breakages returns the incompatible changes, in the order of the packages.
func breakages(before, now map[string]*types.Package) []breakage {
	var names []string
	for name := range before {
		names = append(names, name)
	}
	slices.Sort(names)
	var found []breakage
	for _, name := range names {
		pkg, still := now[name]
		if !still {
			found = append(found, breakage{name, "package " + name + " removed"})
			continue
		}
		for _, change := range apidiff.Changes(before[name], pkg).Changes {
			if !change.Compatible {
				changed := path.Base(name) + "." + symbol(change.Message)
				found = append(found, breakage{changed, name + ": " + change.Message})
			}
		}
	}
	return found
}

// symbol returns the name at the beginning of apidiff's message: Guard.Shutdown of
// "(*Guard).Shutdown: removed".
func symbol(message string) string {
	name := message[:strings.IndexAny(message+":", ":,")]
	return strings.NewReplacer("(*", "", ")", "").Replace(name)
}

// named reports whether the text contains the name as code, alone or at the beginning.
func named(text, name string) bool {
	return regexp.MustCompile("`" + regexp.QuoteMeta(name) + `\b`).MatchString(text)
}
