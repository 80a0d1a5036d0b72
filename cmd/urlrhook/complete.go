package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// valuesOf returns the values of a flag that has only a few.
func valuesOf(name string) (values []string) {
	switch name {
	case "verdict":
		return []string{string(store.Authentic), string(store.Refused), string(store.Unchecked)}
	case "status":
		return []string{"2xx", "3xx", "4xx", "5xx", store.NoStatus, store.Failed, store.Replayed, store.Accepted}
	case "generation":
		for _, g := range urlrtest.Generations() {
			values = append(values, string(g))
		}
	}
	return values
}

// complete prints candidates for a shell, one per line, some with a description after a colon. The
// word being completed is among the arguments only if it is a flag.
func complete(ctx context.Context, cmd *cli.Command) {
	words := slices.DeleteFunc(
		slices.Clone(os.Args),
		func(word string) bool { return word == "--generate-shell-completion" },
	)
	last := words[len(words)-1]
	if flag, _, found := strings.Cut(last, "="); found && strings.HasPrefix(flag, "--") {
		for _, value := range valuesOf(strings.TrimPrefix(flag, "--")) {
			fmt.Fprintf(cmd.Root().Writer, "%s=%s\n", flag, value)
		}
		return
	}
	if takesValue(cmd, last) {
		for _, value := range valuesOf(strings.TrimLeft(last, "-")) {
			fmt.Fprintln(cmd.Root().Writer, value)
		}
		return // without values, the shell completes files
	}
	switch {
	case strings.HasPrefix(last, "-"):
		completeFlags(cmd, last)
	case strings.HasPrefix(cmd.ArgsUsage, "ID"):
		completeIDs(ctx, cmd, cmd.Root().Writer)
	default:
		cli.DefaultCompleteWithFlags(ctx, cmd)
	}
}

// completeFlags prints the flags that begin with the word.
func completeFlags(cmd *cli.Command, word string) {
	for _, f := range cmd.VisibleFlags() {
		name := "--" + f.Names()[0]
		doc, ok := f.(cli.DocGenerationFlag)
		if ok && strings.HasPrefix(name, word) {
			fmt.Fprintf(cmd.Root().Writer, "%s:%s\n", name, sentence(strings.ReplaceAll(doc.GetUsage(), "`", "")))
		}
	}
}

// takesValue reports whether a word is a flag that a value follows.
func takesValue(cmd *cli.Command, word string) bool {
	return slices.ContainsFunc(cmd.VisibleFlags(), func(f cli.Flag) bool {
		doc, ok := f.(cli.DocGenerationFlag)
		return ok && doc.TakesValue() && strings.HasPrefix(word, "-") &&
			slices.Contains(f.Names(), strings.TrimLeft(word, "-"))
	})
}

// completeIDs prints the IDs of the newest deliveries. It ignores errors: a shell can't show them.
func completeIDs(ctx context.Context, cmd *cli.Command, w io.Writer) {
	s, err := openToRead(cmd)
	if err != nil {
		return
	}
	defer func() { _ = s.Close() }()
	deliveries, err := s.List(ctx, store.Filter{})
	if err != nil {
		return
	}
	for _, d := range deliveries {
		fmt.Fprintf(w, "%d:%s %s\n", d.ID, verdictText(d.Verdict, d.Form), click(d.Code, d.Country))
	}
}
