package diagnose

import (
	"bytes"
	"slices"
	"strings"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// layouts lists the layouts of JSON encoders.
var layouts = []struct {
	how string
	jsondoc.Layout
}{
	{"without whitespace", jsondoc.Layout{}},
	{"with a space after each comma and colon", jsondoc.Layout{Spaces: true}},
	{"indented by 2 spaces", jsondoc.Layout{Indent: "  "}},
	{"indented by 4 spaces", jsondoc.Layout{Indent: "    "}},
	{"indented by tabs", jsondoc.Layout{Indent: "\t"}},
}

// otherSpelling tries all spellings of one feature at a time.
func otherSpelling(f choice) func(body []byte, try try) {
	return func(body []byte, try try) {
		if !isJSON(body) {
			return
		}
		for _, s := range f {
			try("the body is written "+s.how, s.append(nil, body))
		}
	}
}

// otherLayout leaves strings unchanged. It differs from reencoded in that only one of the two sides
// has line breaks.
func otherLayout(body []byte, try try) {
	hasLines := bytes.ContainsAny(body, "\r\n")
	for _, l := range layouts {
		formatted := format(body, l.Layout)
		if formatted != nil && (hasLines || bytes.Contains(formatted, []byte("\n"))) &&
			tryWithNewline(try, "the body is written "+l.how, formatted) {
			return
		}
	}
}

func reencoded(body []byte, try try) {
	if isJSON(body) {
		tryRenderings(body, nil, try)
	}
	tryLayouts(body, nil, try)
}

func reorderedAndReencoded(body []byte, try try) {
	for _, o := range orderings(body) {
		tryLayouts(o.text, []string{o.how}, try)
	}
}

// tryLayouts writes a document in all layouts and renderings.
func tryLayouts(document []byte, how []string, try try) {
	for _, l := range layouts {
		l.Unescaped = true
		formatted := format(document, l.Layout)
		if formatted == nil || tryRenderings(formatted, append(slices.Clone(how), l.how), try) {
			return
		}
	}
}

func tryRenderings(document []byte, how []string, try try) (over bool) {
	var text []byte
	for _, r := range renderingsOf(document) {
		text = r.append(text[:0], document)
		if tryWithNewline(try, "the body is written "+strings.Join(append(slices.Clone(how), r.how...), ", "), text) {
			return true
		}
	}
	return false
}

// tryWithNewline also tries the newline that Go's json.Encoder, jq and most tools append.
func tryWithNewline(try try, how string, text []byte) (over bool) {
	return try(how, text) || try(how+" and a newline at the end", append(text, '\n'))
}
