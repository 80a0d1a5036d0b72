package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fatih/color"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		line, indent string
		width        int
		want         string
	}{
		{"one two three", "", 0, "one two three"},
		{"one two three", "", 13, "one two three"},
		{"one two three", "", 12, "one two\nthree"},
		{"one two three", "  ", 9, "one two\n  three"},
		{"one two three", "", 3, "one\ntwo\nthree"},
		{"a-very-long-word and more", "", 6, "a-very-long-word\nand\nmore"},
		{"東京 東京 東京", "", 9, "東京 東京\n東京"},
		{"\x1b[31mred words\x1b[0m end", "", 13, "\x1b[31mred words\x1b[0m end"},
		{"", "", 5, ""},
		{"   --flag", "   ", 4, "   --flag"},
	} {
		assert.Equal(t, test.want, wrap(test.line, test.indent, test.width), "%q in %d", test.line, test.width)
	}
}

func TestCut(t *testing.T) {
	assert.Equal(t, "short", cut("short", 5))
	assert.Equal(t, "shor…", cut("shorter", 5))
	assert.Equal(t, "東…", cut("東京東京", 4))
	assert.Equal(t, "東京東京", cut("東京東京", 8))
}

// On a narrow terminal, help breaks no word, and examples stay valid shell.
func TestHelpOnANarrowTerminal(t *testing.T) {
	t.Setenv("COLUMNS", "60")
	for _, command := range []string{"", "listen", "send", "replay", "check", "list", "show", "sign", "verify",
		"version"} {
		o := run(t, "", strings.Fields(command+" --help")...)
		require.NoError(t, o.err)
		assertFits(t, o.stdout, 60)
	}
	assert.Contains(t, run(t, "", "send", "--help").stdout,
		"   urlrhook send --to 8080/webhooks/urlr --count 1000 \\\n      --concurrency 16")
}

// Help is in whole sentences.
func TestHelpIsInSentences(t *testing.T) {
	for _, c := range newApp().Commands {
		assert.Regexp(t, `^[A-Z].*\.$`, c.Usage)
		for _, f := range c.Flags {
			usage := f.(interface{ GetUsage() string }).GetUsage()
			assert.Regexp(t, `^[A-Z].*\.$`, usage, "%s --%s", c.Name, f.Names()[0])
		}
	}
}

func TestTableFitsATerminal(t *testing.T) {
	red := color.New(color.FgRed)
	red.EnableColor()
	list := newTable("ID", "VERDICT", "FORM", "PROBLEM")
	list.add(field{text: "1"}, field{"refused", red}, field{}, field{"a signature that does not match", red})
	list.add(field{text: "12"}, field{text: "authentic"}, field{text: "raw"}, field{})
	for columns, want := range map[int]string{
		0:  "ID  VERDICT    FORM  PROBLEM\n1   refused          a signature that does not match\n12  authentic  raw\n",
		60: "ID  VERDICT    FORM  PROBLEM\n1   refused          a signature that does not match\n12  authentic  raw\n",
		45: "ID  VERDICT    FORM  PROBLEM\n1   refused          a signature that does\n                     not match\n12  authentic  raw\n",
		36: "ID  VERDICT    PROBLEM\n1   refused    a signature that does\n               not match\n12  authentic\n",
		30: "ID  VERDICT    PROBLEM\n1   refused\n    a signature that does not\n    match\n12  authentic\n",
	} {
		var b bytes.Buffer
		list.print(&b, columns, "FORM")
		assert.Equal(t, want, colors.ReplaceAllString(b.String(), ""), columns)
		assert.Contains(t, b.String(), "\x1b[31mrefused\x1b[0m", "the color is that of the word alone")
	}
}

// A report is wrapped, and its marks stay in place.
func TestReportOnANarrowTerminal(t *testing.T) {
	t.Setenv("COLUMNS", "60")
	const body = `{"link":{"code":"yBPhx"},"event":"link_clicked","city":"Cr\u00e9hen"}`
	o := run(t, body+"\n", "verify", "--signature", core.Sign(testSecret, []byte(body)))
	assert.Contains(t, o.stdout, "^\n")
	assertFits(t, o.stdout, 60)
}
