package visible

import (
	"regexp"
)

// token matches a JSON token that gets a color: a string, a number, or true, false or null. The
// group is the colon after a key.
var token = regexp.MustCompile(`"(?:[^"\\]|\\.)*"(:?)|-?[0-9][0-9.eE+-]*|true|false|null`)

// highlight shows indented JSON, each token with its kind. It stops doing so at maxSpans, so that a
// page stays light.
func highlight(text []byte) []Span {
	var all []Span
	for len(all) < maxSpans {
		at := token.FindSubmatchIndex(text)
		if at == nil {
			break
		}
		all = append(all, PrettySpans(text[:at[0]])...)
		end, kind := at[1], kindOf(text[at[0]])
		if at[2] < at[3] {
			end, kind = at[2], "key" // without its colon
		}
		for _, s := range PrettySpans(text[at[0]:end]) {
			s.Kind = kind
			all = append(all, s)
		}
		text = text[end:]
	}
	return append(all, PrettySpans(text)...)
}

func kindOf(first byte) string {
	switch {
	case first == '"':
		return "string"
	case first == '-' || first >= '0' && first <= '9':
		return "number"
	default:
		return "word"
	}
}
