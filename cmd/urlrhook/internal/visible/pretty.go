package visible

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxPretty   = 64 << 10  // bytes of JSON
	maxIndented = 256 << 10 // longer than that, it is not pretty
)

// Pretty shows JSON with a line for each value, and \u00e9 and \/ as é and /. It returns nil for
// what is no JSON, or would take too much room.
func Pretty(body []byte) []Span {
	var indented bytes.Buffer
	body = bytes.TrimSpace(body)
	if len(body) > maxPretty || !json.Valid(body) || indentedSize(body) > maxIndented ||
		json.Indent(&indented, body, "", "  ") != nil {
		return nil
	}
	return highlight(readable(indented.Bytes()))
}

var escape = regexp.MustCompile(`\\\\|\\/|(?:\\u[0-9a-fA-F]{4})+`)

// readable reads the escapes of JSON that PHP writes and people don't: \u00e9 and \/. It leaves those
// of what can't be seen, or has a meaning in JSON.
func readable(text []byte) []byte {
	return escape.ReplaceAllFunc(text, func(escaped []byte) []byte {
		var s string
		if escaped[1] == '\\' || json.Unmarshal(fmt.Appendf(nil, `"%s"`, escaped), &s) != nil {
			return escaped
		}
		if strings.ContainsFunc(
			s,
			func(r rune) bool { return !unicode.IsGraphic(r) || r == '"' || r == '\\' || r == utf8.RuneError },
		) {
			return escaped
		}
		return []byte(s)
	})
}

// indentedSize returns how long JSON gets by its indentation: a line for each value, bracket and
// brace, many times its size where they nest.
func indentedSize(body []byte) int {
	size, depth, inString := len(body), 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case inString && c == '\\':
			i++ // what it escapes may be a quote
		case c == '"':
			inString = !inString
		case inString:
		case c == '[' || c == '{':
			depth++
			size += 1 + 2*depth
		case c == ']' || c == '}':
			depth--
			size += 1 + 2*depth
		case c == ',':
			size += 1 + 2*depth
		}
	}
	return size
}
