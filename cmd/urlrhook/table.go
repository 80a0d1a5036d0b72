package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/rivo/uniseg"
)

// A table is a list of columns with the same number of fields.
type table []column

type column struct {
	title  string
	width  int
	fields []field
}

func newTable(titles ...string) table {
	t := make(table, len(titles))
	for i, title := range titles {
		t[i] = column{title: title, width: len(title)}
	}
	return t
}

// A field is a text and its color, which may be nil.
type field struct {
	text  string
	color *color.Color
}

func (f field) String() string {
	if f.color == nil {
		return f.text
	}
	return f.color.Sprint(f.text)
}

// add adds a row.
func (t table) add(fields ...field) {
	for i := range t {
		t[i].fields = append(t[i].fields, fields[i])
		t[i].width = max(t[i].width, uniseg.StringWidth(fields[i].text))
	}
}

const (
	gap        = "  "
	leastProse = 20 // the least width of the last column; with less, it goes below the others
)

// print prints the table. If it is wider than columns (0 means no limit), it leaves out the
// dispensable columns, one after the other. It wraps the last column, which is prose.
func (t table) print(w io.Writer, columns int, dispensable ...string) {
	isNarrow := func() bool { return columns > 0 && t.indent()+leastProse > columns }
	for _, title := range dispensable {
		if isNarrow() {
			t = slices.DeleteFunc(slices.Clone(t), func(c column) bool { return c.title == title })
		}
	}
	indent, isBelow := strings.Repeat(" ", t.indent()), isNarrow()
	if isBelow {
		indent = "    "
	}
	prose := t[len(t)-1]
	fmt.Fprintln(w, t.line(func(c column) field { return field{text: c.title} })+prose.title)
	for i, f := range prose.fields {
		line := t.line(func(c column) field { return c.fields[i] })
		if isBelow && f.text != "" {
			line = strings.TrimRight(line, " ") + "\n" + indent
		}
		f.text = strings.TrimPrefix(wrap(indent+f.text, indent, columns), indent)
		fmt.Fprintln(w, strings.TrimRight(line+f.String(), " "))
	}
}

// indent returns where the last column begins.
func (t table) indent() (indent int) {
	for _, c := range t[:len(t)-1] {
		indent += c.width + len(gap)
	}
	return indent
}

// line returns a row without its last column.
func (t table) line(of func(column) field) string {
	var b strings.Builder
	for _, c := range t[:len(t)-1] {
		f := of(c)
		b.WriteString(f.String() + strings.Repeat(" ", c.width-uniseg.StringWidth(f.text)) + gap)
	}
	return b.String()
}
