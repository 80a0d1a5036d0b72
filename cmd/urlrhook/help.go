package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
)

// helpColumns is the width of help, unless the terminal is narrower.
const helpColumns = 90

// printHelp prints the help of a command. It replaces cli's own, which aligns flags in columns, so
// that a narrow terminal breaks lines in the middle of words.
func printHelp(w io.Writer, _ string, data any) {
	cmd, ok := data.(*cli.Command)
	if !ok {
		return
	}
	width := columns(w)
	if width == 0 || width > helpColumns {
		width = helpColumns
	}
	h := &help{w, width}
	h.paragraph("", cmd.FullName()+": "+cmd.Usage)
	h.heading("USAGE")
	h.paragraph("   ", usageLine(cmd))
	h.description(cmd.Description)
	if commands := cmd.VisibleCommands(); len(commands) > 0 {
		h.heading("COMMANDS")
		for _, c := range commands {
			h.entry(c.Name, c.Usage)
		}
	}
	for _, category := range categories(cmd) {
		h.heading(strings.ToUpper(category))
		for _, f := range cmd.VisibleFlags() {
			if categoryOf(f) == category {
				h.flag(f)
			}
		}
	}
}

// A help writes help text of a given width.
type help struct {
	w     io.Writer
	width int
}

func (h *help) heading(text string) { fmt.Fprintf(h.w, "\n%s:\n", text) }

func (h *help) paragraph(indent, text string) { fmt.Fprintln(h.w, wrap(indent+text, indent, h.width)) }

// entry prints a name and, below it, what it means.
func (h *help) entry(name, meaning string) {
	fmt.Fprintln(h.w, "   "+name)
	h.paragraph("       ", sentence(meaning))
}

// sentence turns cli's descriptions of its own commands and flags into sentences.
func sentence(s string) string {
	if s != "" && !strings.HasSuffix(s, ".") {
		s = strings.ToUpper(s[:1]) + s[1:] + "."
	}
	return s
}

// description prints paragraphs, which end at an empty line, and examples, which are indented. It
// breaks a long example with backslashes, so that a shell still takes it.
func (h *help) description(text string) {
	var sentences []string
	end := func() {
		if len(sentences) > 0 {
			h.paragraph("", strings.Join(sentences, " "))
			sentences = nil
		}
	}
	if text != "" {
		fmt.Fprintln(h.w)
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		example, isExample := strings.CutPrefix(line, "   ")
		switch {
		case isExample:
			end()
			fmt.Fprintln(h.w, strings.ReplaceAll(wrap("   "+example, "      ", h.width-2), "\n", " \\\n"))
		case line == "":
			end()
			fmt.Fprintln(h.w)
		default:
			sentences = append(sentences, line)
		}
	}
	end()
}

func usageLine(cmd *cli.Command) string {
	line := cmd.FullName()
	if len(cmd.VisibleCommands()) > 0 {
		line += " COMMAND"
	}
	if len(cmd.VisibleFlags()) > 0 {
		line += " [OPTIONS]"
	}
	return strings.TrimSpace(line + " " + cmd.ArgsUsage)
}

const optionsCategory = "Options"

func categoryOf(f cli.Flag) string {
	if c, ok := f.(cli.CategorizableFlag); ok && c.GetCategory() != "" {
		return c.GetCategory()
	}
	return optionsCategory
}

// categories returns the categories of a command's flags, in the order of their definition.
func categories(cmd *cli.Command) (all []string) {
	for _, f := range cmd.VisibleFlags() {
		if c := categoryOf(f); !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// flag prints a flag. Its usage has the placeholder for its value in backquotes.
func (h *help) flag(f cli.Flag) {
	var names []string
	for _, name := range f.Names() {
		if len(name) > 1 {
			name = "-" + name
		}
		names = append(names, "-"+name)
	}
	title := strings.Join(names, ", ")
	doc, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return
	}
	usage := doc.GetUsage()
	if doc.TakesValue() {
		title += " " + placeholder(usage, doc.TypeName())
	}
	usage = strings.ReplaceAll(usage, "`", "")
	if text := defaultOf(f, doc); text != "" {
		usage += " Default: " + text + "."
	}
	if required, ok := f.(cli.RequiredFlag); ok && required.IsRequired() {
		usage += " Required."
	}
	h.entry(title, usage)
}

// placeholder returns what stands for a flag's value.
func placeholder(usage, typeName string) string {
	if _, after, found := strings.Cut(usage, "`"); found {
		name, _, _ := strings.Cut(after, "`")
		return name
	}
	if typeName == "duration" {
		return "DURATION"
	}
	return map[bool]string{true: "TEXT", false: "N"}[typeName == "string"]
}

// defaultOf returns a flag's default, or "" if there is none to show.
func defaultOf(f cli.Flag, doc cli.DocGenerationFlag) string {
	switch {
	case doc.GetDefaultText() != "":
		return strings.Trim(doc.GetDefaultText(), `"`)
	case !doc.TakesValue() || !doc.IsDefaultVisible() || f.IsSet():
		return ""
	default:
		return strings.Trim(doc.GetValue(), `"`)
	}
}
