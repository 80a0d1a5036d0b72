package diagnose

import (
	"bytes"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// maxDepth is the deepest nesting of a document that is re-encoded. Indenting a deeper one would
// make it many times as long.
const maxDepth = 8

// isJSON is as strict as package core: what it rejects is not an event.
func isJSON(body []byte) bool { return jsondoc.Valid(body) }

// newScanner returns a scanner for documents that may be re-encoded.
func newScanner() *jsondoc.Scanner {
	return &jsondoc.Scanner{AllowDuplicateNames: true, Depth: maxDepth}
}

// format returns a document in a layout, or nil if the body is not a document or is nested too
// deeply.
func format(body []byte, l jsondoc.Layout) []byte {
	formatted, err := l.Append(make([]byte, 0, len(body)+len(body)/8), body, newScanner())
	if err != nil {
		return nil
	}
	return formatted
}

// unquoteJSON returns the value of a JSON string.
func unquoteJSON(text []byte) (value []byte, ok bool) {
	var s jsondoc.Scanner
	s.Reset(text)
	if s.Next() != jsondoc.String {
		return nil, false
	}
	value = bytes.Clone(s.Text())
	return value, s.Next() == jsondoc.End
}
