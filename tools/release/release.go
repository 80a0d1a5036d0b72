package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/urlr-community/webhooks-go/tools/release/internal/git"
	"github.com/urlr-community/webhooks-go/tools/release/internal/modules"
)

// A repository is a clone with a work tree, at its root folder.
type repository string

func (r repository) git(ctx context.Context, args ...string) (string, error) {
	return git.Run(ctx, string(r), args...)
}

// gitAll runs commands in turn until one fails.
func (r repository) gitAll(ctx context.Context, commands ...[]string) error {
	for _, args := range commands {
		if _, err := r.git(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// release adds two commits to the current branch: one for the tags, and one that restores the
// replace directives for work inside the repository. It returns the tags.
func (r repository) release(ctx context.Context, version string) ([]string, error) {
	if err := r.prepare(ctx, version); err != nil {
		return nil, err
	}
	if _, err := r.git(ctx, "commit", "-q", "-m", "Release "+version); err != nil {
		return nil, err
	}
	all, err := modules.Find(string(r))
	if err != nil {
		return nil, err
	}
	var tags []string
	for _, m := range all {
		if !m.Published() {
			continue
		}
		tag := m.Tag(version)
		if _, err := r.git(ctx, "tag", "-a", "-m", tag, tag); err != nil {
			return tags, err
		}
		tags = append(tags, tag)
	}
	return tags, r.reopen(ctx, version)
}

// reopen commits the go.mod and go.sum files as they were before the release, except for the
// required versions.
func (r repository) reopen(ctx context.Context, version string) error {
	if _, err := r.git(ctx, "revert", "--no-commit", "HEAD"); err != nil {
		return err
	}
	all, err := modules.Find(string(r))
	if err != nil {
		return err
	}
	for _, m := range all {
		if err := setRequires(m, all, version); err != nil {
			return err
		}
		if _, err := r.writeGoMod(m); err != nil {
			return err
		}
	}
	return r.gitAll(ctx,
		[]string{"add", "--update"},
		[]string{"commit", "-q", "-m", "After " + version + ": modules replace one another again"})
}

// tag releases in this clone. If it fails, it leaves the clone as it was.
func (r repository) tag(ctx context.Context, version string) ([]string, error) {
	if err := r.ready(ctx, version); err != nil {
		return nil, err
	}
	before, err := r.git(ctx, "rev-parse", "HEAD")
	if err != nil {
		return nil, err
	}
	tags, err := r.release(ctx, version)
	if err == nil {
		return tags, nil
	}
	undo := context.WithoutCancel(ctx)
	if _, undoing := r.git(undo, "reset", "-q", "--hard", before); undoing != nil {
		return nil, fmt.Errorf("%w\nand then: %w", err, undoing)
	}
	for _, tag := range tags {
		if _, undoing := r.git(undo, "tag", "-d", tag); undoing != nil {
			return nil, fmt.Errorf("%w\nand then: %w", err, undoing)
		}
	}
	return nil, err
}

// ready returns an error if the clone can't be released as it is.
func (r repository) ready(ctx context.Context, version string) error {
	changed, err := r.git(ctx, "status", "--porcelain")
	if err != nil {
		return err
	}
	if changed != "" {
		return fmt.Errorf("commit or stash first:\n%s", changed)
	}
	branch, err := r.git(ctx, "branch", "--show-current")
	if err != nil {
		return err
	}
	if branch == "" {
		return fmt.Errorf("no branch is checked out")
	}
	last, err := git.LastVersion(ctx, string(r))
	if err != nil {
		return err
	}
	if last != "" && semver.Compare(version, last) <= 0 {
		return fmt.Errorf("%s is not newer than the last release, %s", version, last)
	}
	changelog, err := os.ReadFile(string(r) + "/CHANGELOG.md")
	if err != nil {
		return err
	}
	heading := "## [" + strings.TrimPrefix(version, "v") + "]"
	if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(heading)).Match(changelog) {
		return fmt.Errorf("CHANGELOG.md has no section %q", heading)
	}
	return nil
}
