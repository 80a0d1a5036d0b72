package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"
	"golang.org/x/term"
)

// mostStatus is the most lines of status that are shown.
const mostStatus = 8

// A statusScreen prints lines and, on a terminal that can redraw, keeps a few status lines below
// them.
type statusScreen struct {
	w     io.Writer
	size  func() (columns, rows int) // nil: it can't redraw
	drawn int                        // lines of status
}

func newScreen(w io.Writer) *statusScreen {
	s := &statusScreen{w: w}
	if file, ok := fileOf(w); ok && isTerminal(w) {
		s.size = func() (columns, rows int) {
			columns, rows, _ = term.GetSize(int(file.Fd())) // zero, if it has none
			return columns, rows
		}
	}
	return s
}

func (s *statusScreen) redraws() bool { return s.size != nil }

// print replaces the status by lines, and prints the new status below them.
func (s *statusScreen) print(lines, status []string) {
	var b strings.Builder
	if s.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", s.drawn) // go up and clear the rest
	}
	s.drawn = 0
	width := 0 // don't wrap lines in a pipe
	if s.redraws() {
		width, _ = s.size()
	}
	for _, line := range lines {
		b.WriteString(wrap(line, "          ", width) + "\n")
	}
	if s.redraws() {
		s.drawn = s.draw(&b, status)
	}
	if b.Len() > 0 {
		_, _ = s.w.Write([]byte(b.String())) // a closed terminal must not end listen
	}
}

// draw writes one terminal line for each line of status, and returns their number.
func (s *statusScreen) draw(b *strings.Builder, status []string) int {
	columns, rows := s.size()
	if columns <= 0 {
		columns = 80
	}
	most := mostStatus
	if rows > 0 {
		most = max(1, min(mostStatus, rows-2))
	}
	shown := status
	if len(status) > most {
		shown = append(
			append([]string(nil), status[:most-1]...),
			fmt.Sprintf("… and %d more without an answer", len(status)-most+1),
		)
	}
	for _, line := range shown {
		b.WriteString(color.New(color.Faint).Sprint(cut(line, columns-1)) + "\n")
	}
	return len(shown)
}
