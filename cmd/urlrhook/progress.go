package main

import (
	"io"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// newBar returns a progress bar of n steps, which is visible only on a terminal.
func newBar(w io.Writer, n int) *progressbar.ProgressBar {
	file, ok := fileOf(w)
	return progressbar.NewOptions(n,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetVisibility(n > 1 && ok && term.IsTerminal(int(file.Fd()))),
		progressbar.OptionSetDescription("Sending"),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionClearOnFinish(),
	)
}
