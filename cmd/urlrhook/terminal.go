package main

import (
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
	"golang.org/x/term"
)

// columns returns the width of a terminal, or 0 if w is none. COLUMNS overrides it.
func columns(w io.Writer) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	file, ok := fileOf(w)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// isTerminal reports whether w is a terminal that can redraw.
func isTerminal(w io.Writer) bool {
	file, ok := fileOf(w)
	return ok && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd()))
}

// colors matches what the package color writes.
var colors = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// widthOf returns how many columns a line takes.
func widthOf(line string) int { return uniseg.StringWidth(colors.ReplaceAllString(line, "")) }

// wrap breaks a line between words, so that each part has at most width columns; only a single word
// may be longer. Further lines begin with the indent. A width of 0 means no limit.
func wrap(line, indent string, width int) string {
	if width <= 0 || widthOf(line) <= width {
		return line
	}
	var all, current strings.Builder
	taken := 0
	for i, word := range strings.Split(line, " ") {
		n := widthOf(word)
		switch {
		case i == 0:
		case taken+1+n > width && taken > len(indent):
			all.WriteString(strings.TrimRight(current.String(), " ") + "\n")
			current.Reset()
			current.WriteString(indent)
			taken = len(indent)
		default:
			current.WriteByte(' ')
			taken++
		}
		current.WriteString(word)
		taken += n
	}
	return all.String() + current.String()
}

// countOf returns a number and its noun.
func countOf(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + several
}

// cut shortens a line to width columns, with an ellipsis.
func cut(line string, width int) string {
	if uniseg.StringWidth(line) <= width {
		return line
	}
	var kept strings.Builder
	taken := 0
	for characters := uniseg.NewGraphemes(line); characters.Next(); {
		if taken += characters.Width(); taken > width-1 {
			break
		}
		kept.WriteString(characters.Str())
	}
	return kept.String() + "…"
}
