package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"
	"github.com/rivo/uniseg"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
	"github.com/urlr-community/webhooks-go/diagnose"
)

var bold = color.New(color.Bold).SprintFunc()

// printReport prints the report on a signature, and where the body begins to differ from what was
// signed. It leaves that out if the report lists keys: once keys have moved, all bytes differ.
func printReport(w io.Writer, body []byte, r diagnose.Report) {
	paint := color.New(color.Bold, color.FgRed)
	if r.Authentic {
		paint = color.New(color.Bold, color.FgGreen)
	}
	verdict, rest, _ := strings.Cut(r.String(), "\n")
	fmt.Fprintln(w, wrap(paint.Sprint(verdict), "", columns(w)))
	for line := range strings.Lines(rest) {
		title, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		fmt.Fprintln(w, wrap(bold(title)+":"+text, "       ", columns(w)))
	}
	if r.Signed == nil || r.KeysSigned != nil {
		return
	}
	d := visible.Compare(body, r.Signed)
	fmt.Fprintf(w, "\n%s, after %d equal bytes\n", bold("First difference"), d.Offset)
	printExcerpt(w, "received", d.Received, color.New(color.FgRed))
	printExcerpt(w, "signed  ", d.Signed, color.New(color.FgGreen))
}

// excerptWidth lets an excerpt's lines fit beside their titles, into 80 columns or a narrower
// terminal, so that the marks below stay where they belong.
func excerptWidth(w io.Writer) int {
	const standard, title, least = 78, 10, 10
	width := columns(w)
	if width == 0 || width > standard {
		width = standard
	}
	return max(width-title, least)
}

// A cell is a character on a screen.
type cell struct {
	character string
	marked    bool
}

// width is how many columns the character takes: two in many scripts of Asia.
func (c cell) width() int { return uniseg.StringWidth(c.character) }

func printExcerpt(w io.Writer, title string, e visible.Excerpt, paint *color.Color) {
	for cells := cellsOf(e); ; title = strings.Repeat(" ", len(title)) {
		line, rest := firstLine(cells, excerptWidth(w))
		var text, marks strings.Builder
		for _, c := range line {
			if c.marked {
				text.WriteString(paint.Sprint(c.character))
				marks.WriteString(strings.Repeat("^", c.width()))
			} else {
				text.WriteString(c.character)
				marks.WriteString(strings.Repeat(" ", c.width()))
			}
		}
		fmt.Fprintf(w, "%s  %s\n", title, text.String())
		if under := strings.TrimRight(marks.String(), " "); under != "" {
			fmt.Fprintf(w, "%*s  %s\n", len(title), "", paint.Sprint(under))
		}
		if cells = rest; len(cells) == 0 {
			return
		}
	}
}

// firstLine cuts off what fits into a line.
func firstLine(cells []cell, most int) (line, rest []cell) {
	width := 0
	for i, c := range cells {
		if width += c.width(); width > most {
			return cells[:i], cells[i:]
		}
	}
	return cells, nil
}

func cellsOf(e visible.Excerpt) (cells []cell) {
	if e.Cut {
		cells = append(cells, cell{"…", false})
	}
	for _, s := range e.Spans {
		for _, r := range strings.ReplaceAll(s.Text, "\n", "") { // a line end has its sign
			cells = append(cells, cell{string(r), s.Marked})
		}
	}
	if e.CutAfter {
		cells = append(cells, cell{"…", false})
	}
	return cells
}
