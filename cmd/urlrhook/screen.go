package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/fatih/color"
	"golang.org/x/term"
)

// mostStatus is how many lines of status are shown at most.
const mostStatus = 8

// A statusScreen prints lines and, on a terminal that can redraw, keeps a few lines of status below
// them.
type statusScreen struct {
	w     io.Writer
	size  func() (columns, rows int) // nil: it can't redraw
	drawn int                        // lines of status
}

func newScreen(w io.Writer) *statusScreen {
	s := &statusScreen{w: w}
	if file, ok := w.(*os.File); ok && isTerminal(w) {
		s.size = func() (columns, rows int) {
			columns, rows, _ = term.GetSize(int(file.Fd())) // zero, if it has none
			return columns, rows
		}
	}
	return s
}

func (s *statusScreen) redraws() bool { return s.size != nil }

// print prints lines in place of the status, and the new status below them.
func (s *statusScreen) print(lines, status []string) {
	var b strings.Builder
	if s.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", s.drawn) // up, and clear what is below
	}
	s.drawn = 0
	width := 0 // what is piped is not broken
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
		_, _ = s.w.Write([]byte(b.String())) // a terminal that is gone is no reason to end
	}
}

// draw writes the status, a line of the terminal for each, and returns how many lines that are.
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
			fmt.Sprintf("… and %d more wait for their answers", len(status)-most+1),
		)
	}
	for _, line := range shown {
		b.WriteString(color.New(color.Faint).Sprint(cut(line, columns-1)) + "\n")
	}
	return len(shown)
}
