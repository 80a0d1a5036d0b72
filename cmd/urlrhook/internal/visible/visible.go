// Package visible shows bytes that anyone may have sent: every byte is visible, and none controls a
// terminal or a page.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Span is a run of text with one look.
type Span struct {
	Text      string
	Invisible bool // Text is a sign for invisible bytes
	Marked    bool
	Kind      string // of a JSON token: "key", "string", "number" or "word"; "" for anything else
}

// Spans shows every byte. What is invisible, or would change how its neighbors look, becomes a
// sign.
func Spans(b []byte) []Span { return spansOf(b, glyph) }

// PrettySpans is like Spans, but keeps line ends, for an indented body.
func PrettySpans(b []byte) []Span {
	return spansOf(b, func(b []byte) (string, bool, int) {
		if b[0] == '\n' {
			return "\n", false, 1
		}
		return glyph(b)
	})
}

// maxSpans keeps a page light. The last span holds all the rest, visible or not.
const maxSpans = 4000

// spansOf joins equal looks, so that 64 KiB of NULs are one element rather than 65,536.
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

// glyph returns how to show the first character of b, whether that is a sign for something
// invisible, and its length in b.
func glyph(b []byte) (text string, invisible bool, n int) {
	r, n := utf8.DecodeRune(b)
	switch {
	case r == utf8.RuneError && n == 1:
		return fmt.Sprintf(`\x%02x`, b[0]), true, n
	case r == '\n':
		return "↵\n", true, n
	case r < ' ':
		return string('␀' + r), true, n // Unicode has a picture of each
	case r == 0x7f:
		return "␡", true, n
	case r == ' ' || unicode.IsGraphic(r) && !unicode.IsSpace(r):
		return string(r), false, n
	default: // including those that change the direction of text
		return fmt.Sprintf(`\u%04x`, r), true, n
	}
}

// Line returns one line of at most limit characters, all visible.
func Line(s string, limit int) string { return TextOf(LineSpans(s, limit)) }

// LineSpans is Line for a page, which must isolate signs from right-to-left text.
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

// Text shows every byte and keeps lines.
func Text(b []byte) string { return TextOf(Spans(b)) }

// TextOf returns the text of spans.
func TextOf(spans []Span) string {
	var text strings.Builder
	for _, s := range spans {
		text.WriteString(s.Text)
	}
	return text.String()
}

// Problem says in one line what is wrong with a delivery: why it was refused or, failing that, why
// it has no answer. It leaves out what to do about it.
func Problem(refusal, failure string) string {
	if refusal == "" {
		return Line(failure, 200)
	}
	brief, _, _ := strings.Cut(strings.TrimPrefix(refusal, "urlr: "), ":")
	return Line(brief, 200)
}
