package visible

import (
	"bytes"
	"encoding/json"
)

const (
	maxPretty   = 64 << 10  // bytes of JSON
	maxIndented = 256 << 10 // longer than that, it is not pretty
)

// Pretty shows JSON with a line for each value. It returns nil for what is no JSON, or would take too
// much room.
func Pretty(body []byte) []Span {
	var indented bytes.Buffer
	body = bytes.TrimSpace(body)
	if len(body) > maxPretty || !json.Valid(body) || indentedSize(body) > maxIndented || json.Indent(&indented, body, "", "  ") != nil {
		return nil
	}
	return PrettySpans(indented.Bytes())
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
