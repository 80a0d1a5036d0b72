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
	maxIndented = 256 << 10 // longer JSON is not shown pretty
)

// Pretty shows JSON indented, with \u00e9 and \/ as é and /, and the kinds of its tokens. It
// returns nil for anything but JSON, and for JSON that would take too much room.
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

// readable decodes the escapes that PHP writes, such as \u00e9 and \/. It keeps escapes of
// characters that are invisible or have a meaning in JSON.
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

// indentedSize returns the size of indented JSON. Deep nesting can multiply it.
func indentedSize(body []byte) int {
	size, depth, inString := len(body), 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case inString && c == '\\':
			i++ // it may escape a quote
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
