package diagnose

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is how deep a document may be nested to be written anew. Indenting a deep one would make it many times as long.
const maxDepth = 8

var errTooDeep = errors.New("nested too deeply")

// isJSON is as strict as package core: what it refuses is no event.
func isJSON(body []byte) bool { return jsontext.Value(body).IsValid() }

// format writes a document without white space and with the fewest escapes, unless the options say otherwise.
func format(body []byte, opts ...jsontext.Options) ([]byte, error) {
	if depthOf(body) > maxDepth {
		return nil, errTooDeep
	}
	return jsontext.AppendFormat(nil, body, append(opts, jsontext.AllowDuplicateNames(true))...)
}

// depthOf returns how deep arrays and objects are nested in a document, whatever it returns for what is not JSON.
func depthOf(document []byte) int {
	depth, deepest := 0, 0
	inString := false
	for i := 0; i < len(document); i++ {
		switch c := document[i]; {
		case c == '"':
			inString = !inString
		case inString && c == '\\':
			i++
		case !inString && (c == '{' || c == '['):
			depth++
			deepest = max(deepest, depth)
		case !inString && (c == '}' || c == ']'):
			depth--
		}
	}
	return deepest
}
