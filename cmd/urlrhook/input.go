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

// readAll is io.ReadAll that an interrupt ends.
func readAll(ctx context.Context, r io.Reader) (content []byte, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		content, err = io.ReadAll(r)
	}()
	select {
	case <-done:
		return content, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
