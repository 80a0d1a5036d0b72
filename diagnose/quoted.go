package diagnose

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fromPythonBytes parses b'…', also in a JSON string.
func fromPythonBytes(body []byte, try try) {
	if decoded, ok := unquoteJSON(body); ok {
		body = decoded
	}
	text, found := strings.CutPrefix(string(bytes.TrimSpace(body)), "b")
	if inner := unquote(text); found && inner != text {
		try("Python's b'' is removed from the body", unescape(inner, true))
	}
}

// withoutQuotes removes the quotes that a shell or a programming language left around the body, or
// those of a CSV field.
func withoutQuotes(body []byte, try try) {
	text := string(bytes.TrimSpace(body))
	inner := unquote(text)
	if inner == text {
		return
	}
	const how = "the quotes around the body are removed"
	if try(how, []byte(inner)) || try(how, unescape(inner, false)) {
		return
	}
	try("the body is read as a field of CSV", []byte(strings.ReplaceAll(inner, `""`, `"`)))
}

// withoutLogEscapes removes one or two levels of backslashes before quotes from a body that is not
// in quotes itself.
func withoutLogEscapes(body []byte, try try) {
	const how = `the backslashes before its quotes are removed`
	text := body
	for range 2 {
		if !bytes.Contains(text, []byte(`\"`)) || isJSON(text) {
			return
		}
		if try(how, bytes.ReplaceAll(text, []byte(`\"`), []byte(`"`))) {
			return
		}
		unescaped := unescape(string(text), false)
		if try(how, unescaped) {
			return
		}
		text = unescaped
	}
}

// unescape decodes the escape sequences of a string in Python, JavaScript, Ruby or JSON. \xe9 is a
// byte in bytes, and a character in text.
func unescape(text string, inBytes bool) []byte {
	var b []byte
	for i := 0; i < len(text); {
		if text[i] != '\\' || i+1 == len(text) {
			b = append(b, text[i])
			i++
			continue
		}
		c, size := escapeOf(text[i:])
		switch {
		case size == 0: // no escape sequence: the backslash stands for itself
			b = append(b, text[i])
			size = 1
		case inBytes && text[i+1] == 'x':
			b = append(b, byte(c)) //nolint:gosec // two digits
		default:
			b = utf8.AppendRune(b, c)
		}
		i += size
	}
	return b
}

// escapeOf returns the character of the escape sequence at the beginning of text, and its length.
// The length is 0 if there is no escape sequence.
func escapeOf(text string) (c rune, size int) {
	const short, means = `\'"` + "`" + `nrtbfva0`, `\'"` + "`" + "\n\r\t\b\f\v\a\x00"
	if i := strings.IndexByte(short, text[1]); i >= 0 {
		return rune(means[i]), 2
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[text[1]]
	if text[1] == '/' {
		return '/', 2
	}
	if digits == 0 || len(text) < 2+digits {
		return 0, 0
	}
	n, err := strconv.ParseUint(text[2:2+digits], 16, 31)
	if err != nil {
		return 0, 0
	}
	return rune(n), 2 + digits
}
