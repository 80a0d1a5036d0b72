package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"
)

// refuseCommand returns the error for an unknown command, with a suggestion.
func refuseCommand(cmd *cli.Command, name string) error {
	var names []string
	for _, c := range cmd.VisibleCommands() {
		names = append(names, c.Name)
	}
	return fmt.Errorf("unknown command %q%s", name, orElse(nearest(name, names), "urlrhook --help"))
}

// showCommandHelp prints the help of a command.
func showCommandHelp(ctx context.Context, cmd *cli.Command, name string) error {
	if cmd.Command(name) == nil {
		return refuseCommand(cmd, name)
	}
	return cli.DefaultShowCommandHelp(ctx, cmd, name)
}

// explainUsageError returns a short error with a suggestion, in place of cli's full help.
func explainUsageError(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: ")
	if !unknown {
		return err
	}
	var names []string
	for _, f := range cmd.VisibleFlags() {
		names = append(names, "--"+f.Names()[0])
	}
	name = "--" + strings.TrimLeft(name, "-")
	return errors.New("unknown flag " + name + orElse(nearest(name, names), cmd.FullName()+" --help"))
}

// orElse returns the end of a message: the suggestion or, without one, where to look.
func orElse(suggestion, help string) string {
	if suggestion != "" {
		return fmt.Sprintf(": did you mean %s?", suggestion)
	}
	return fmt.Sprintf(": %s lists them", help)
}

// nearest returns the most similar name, or "" if none is similar.
func nearest(s string, names []string) (best string) {
	least := len(strings.TrimLeft(s, "-"))/3 + 1
	for _, name := range names {
		if isBeginning := len(s) > 3 && strings.HasPrefix(name, s); isBeginning {
			return name
		}
		if n := edits(s, name); n <= least && (best == "" || n < edits(s, best)) {
			best = name
		}
	}
	return best
}

// edits returns the Levenshtein distance: how many characters to add, remove or replace.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
