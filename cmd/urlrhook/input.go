package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"
)

// readInput reads a file, or standard input for "-".
func readInput(ctx context.Context, cmd *cli.Command, name string) ([]byte, error) {
	if name != "-" {
		return os.ReadFile(name) //nolint:gosec // the path is the user's choice
	}
	if file, ok := cmd.Root().Reader.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprintln(cmd.Root().ErrWriter, "Reading the body from the terminal: end it with Ctrl-D.")
	}
	return readAll(ctx, cmd.Root().Reader)
}

// readAll is io.ReadAll with a context.
func readAll(ctx context.Context, r io.Reader) ([]byte, error) {
	type result struct {
		content []byte
		err     error
	}
	done := make(chan result, 1)
	go func() {
		content, err := io.ReadAll(r)
		done <- result{content, err}
	}()
	select {
	case read := <-done:
		return read.content, read.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
