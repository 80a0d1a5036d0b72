// Package visible shows bytes that anybody may have sent: each of them can be seen, and none
// controls a terminal or a page.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Span is a run of text that looks the same.
type Span struct {
	Text      string
	Invisible bool // Text stands for what can't be seen
	Marked    bool
	Kind      string // of a JSON token: "key", "string", "number" or "word"; "" for anything else
}

// Spans shows every byte: what has no shape of its own, or would change that of its neighbours, gets a sign.
func Spans(b []byte) []Span { return spansOf(b, glyph) }

// PrettySpans shows line ends as line ends, for a body that was laid out for people.
func PrettySpans(b []byte) []Span {
	return spansOf(b, func(b []byte) (string, bool, int) {
		if b[0] == '\n' {
			return "\n", false, 1
		}
		return glyph(b)
	})
}

// maxSpans keeps a page light. What follows is in the last span, whether it can be seen or not.
const maxSpans = 4000

// spansOf joins what looks the same, so that 64 KiB of NUL are one element and not 65,536.
func spansOf(b []byte, glyph func([]byte) (string, bool, int)) []Span {
	var all []Span
	var run strings.Builder
	for len(b) > 0 {
		text, invisible, n := glyph(b)
		if last := len(all) - 1; last < 0 || all[last].Invisible != invisible && len(all) < maxSpans {
			all = endSpan(all, &run)
			all = append(all, Span{Invisible: invisible})
		}
		run.WriteString(text)
		b = b[n:]
	}
	return endSpan(all, &run)
}

func endSpan(all []Span, run *strings.Builder) []Span {
	if last := len(all) - 1; last >= 0 {
		all[last].Text = run.String()
		run.Reset()
	}
	return all
}

// glyph returns what the first character of b is shown as, whether that is a sign for something
// invisible, and its length in b.
func glyph(b []byte) (text string, invisible bool, n int) {
	r, n := utf8.DecodeRune(b)
	switch {
	case r == utf8.RuneError && n == 1:
		return fmt.Sprintf(`\x%02x`, b[0]), true, n
	case r == '\n':
		return "↵\n", true, n
	case r < ' ':
		return string('␀' + r), true, n // Unicode has a picture for each
	case r == 0x7f:
		return "␡", true, n
	case r == ' ' || unicode.IsGraphic(r) && !unicode.IsSpace(r):
		return string(r), false, n
	default: // among them those that turn the direction of writing
		return fmt.Sprintf(`\u%04x`, r), true, n
	}
}

// Line is for one line: nothing in it is invisible, and it has at most limit characters.
func Line(s string, limit int) string { return TextOf(LineSpans(s, limit)) }

// LineSpans is Line for a page, which has to keep signs apart from text that is written from right to left.
func LineSpans(s string, limit int) []Span {
	end := 0
	for n := 0; n < limit && end < len(s); n++ {
		_, length := utf8.DecodeRuneInString(s[end:])
		end += length
	}
	spans := spansOf([]byte(s[:end]), func(b []byte) (string, bool, int) {
		text, invisible, n := glyph(b)
		return strings.TrimSuffix(text, "\n"), invisible, n
	})
	if end < len(s) {
		spans = append(spans, Span{Text: "…"})
	}
	return spans
}

// Text shows every byte, and keeps lines.
func Text(b []byte) string { return TextOf(Spans(b)) }

// TextOf is what spans show, without their marks.
func TextOf(spans []Span) string {
	var text strings.Builder
	for _, s := range spans {
		text.WriteString(s.Text)
	}
	return text.String()
}

// Problem is for one line too: what is wrong with a delivery, that it was refused or else why it
// has no answer, without what to do about it.
func Problem(refusal, failure string) string {
	if refusal == "" {
		return Line(failure, 200)
	}
	brief, _, _ := strings.Cut(strings.TrimPrefix(refusal, "urlr: "), ":")
	return Line(brief, 200)
}
