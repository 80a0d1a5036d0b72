package visible_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"yBPhx Créteil 東京":  "yBPhx Créteil 東京",
		"a\nb\tc":           "a↵b␉c",
		"\x1b[2J\x00\x7f":   "␛[2J␀␡",
		"\xff\xfe":          `\xff\xfe`,
		"\u202eabc":         `\u202eabc`, // turns the direction of writing
		"\u00a0\u200b":      `\u00a0\u200b`,
		"abcdefghijklmnopq": "abcdefghijklmnop…",
	} {
		assert.Equal(t, want, visible.Line(in, 16), in)
	}
	assert.Equal(t, "ab…", visible.Line("abc", 2))
	assert.Equal(t, "ab", visible.Line("ab", 2))
}

// Nothing that anyone sends can control a terminal.
func TestNothingControls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		for _, text := range []string{visible.Line(string(b), 1000), strings.ReplaceAll(visible.Text(b), "↵\n", "")} {
			if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }) {
				t.Fatalf("%q is shown as %q", b, text)
			}
		}
	})
}

// marked returns the text with marked parts in brackets.
func marked(e visible.Excerpt) string {
	var b strings.Builder
	for _, s := range e.Spans {
		if s.Marked {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		received, signed         string
		offset                   int
		wantReceived, wantSigned string
	}{
		{"body\n", "body", 4, "body[↵\n]", "body"},
		{"", "body", 0, "", "[body]"},
		{`"Créhen"`, `"Cr\u00e9hen"`, 3, `"Cr[é]hen"`, `"Cr[\u00e9]hen"`},
		{`{"b":1,"event":2}`, `{"event":2,"b":1}`, 2, "", ""},
	} {
		d := visible.Compare([]byte(test.received), []byte(test.signed))
		assert.Equal(t, test.offset, d.Offset, test.received)
		if test.wantReceived+test.wantSigned != "" {
			assert.Equal(t, test.wantReceived, marked(d.Received))
			assert.Equal(t, test.wantSigned, marked(d.Signed))
		}
	}
}

func TestCompareNames(t *testing.T) {
	received, signed := visible.CompareNames([]string{"link", "link.code", "city", "event", "\x00"},
		[]string{"event", "link", "link.code", "city"})
	assert.Equal(t, "link, link.code, city, [event], [␀]", marked(visible.Excerpt{Spans: received}))
	assert.Equal(t, "[event], link, link.code, city", marked(visible.Excerpt{Spans: signed}))
	received, signed = visible.CompareNames(nil, []string{"a"})
	assert.Empty(t, received)
	assert.Equal(t, "[a]", marked(visible.Excerpt{Spans: signed}))
}

// An excerpt contains marked and unmarked text in order. For large bodies, it is a bounded part
// around the first difference.
func TestExcerptsAreTheBodies(t *testing.T) {
	unmarked := func(e visible.Excerpt) string { return strings.NewReplacer("[", "", "]", "").Replace(marked(e)) }
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching(`[a-c]{0,40}`).Draw(t, "a"), rapid.StringMatching(`[a-c]{0,40}`).Draw(t, "b")
		d := visible.Compare([]byte(a), []byte(b))
		if unmarked(d.Received) != a || unmarked(d.Signed) != b {
			t.Fatalf("%q and %q are shown as %+v", a, b, d)
		}
	})
	long := strings.Repeat("x", 10_000)
	d := visible.Compare([]byte(long+"a"+long), []byte(long+"b"+long))
	assert.Equal(t, 10_000, d.Offset)
	assert.True(t, d.Received.Cut && d.Received.CutAfter)
	assert.Less(t, len(marked(d.Received)), 1000)
	assert.Contains(t, marked(d.Received), "[a]")
}

// No body can make a page contain many elements, and every body is shown to its end.
func TestSpansAreBounded(t *testing.T) {
	spans := visible.Spans([]byte(strings.Repeat("\x01a", 10_000)))
	assert.Len(t, spans, 4000)
	assert.Equal(t, strings.Repeat("␁a", 10_000), visible.Text([]byte(strings.Repeat("\x01a", 10_000))))
}

func TestProblem(t *testing.T) {
	assert.Equal(t, "signature mismatch", visible.Problem("urlr: signature mismatch: check the secret", "no route"))
	assert.Equal(t, "dial tcp: no route", visible.Problem("", "dial tcp: no route"))
	assert.Empty(t, visible.Problem("", ""))
}
