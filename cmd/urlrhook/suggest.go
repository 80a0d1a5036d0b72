package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"
)

// refuseCommand says that there is no such command, and which one may be meant.
func refuseCommand(cmd *cli.Command, name string) error {
	var names []string
	for _, c := range cmd.VisibleCommands() {
		names = append(names, c.Name)
	}
	return fmt.Errorf("there is no command %q%s", name, orElse(nearest(name, names), "urlrhook --help"))
}

// explainUsageError answers a mistake with what is wrong, not with all of the help.
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
	return errors.New("there is no flag " + name + orElse(nearest(name, names), cmd.FullName()+" --help"))
}

// orElse is the end of a message: what may be meant, or else where to look.
func orElse(suggestion, help string) string {
	if suggestion != "" {
		return fmt.Sprintf(": did you mean %s?", suggestion)
	}
	return fmt.Sprintf(": %s lists them", help)
}

// nearest returns the name that takes the fewest edits, or "" if none is near.
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

// edits is the Levenshtein distance: how many characters have to be added, removed or replaced.
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
