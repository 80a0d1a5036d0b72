package core

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

const lowerHex = "0123456789abcdef"

// isPlain reports whether a string literal is written the same in every form: printable ASCII, and nothing to escape.
func isPlain(literal []byte) bool {
	for _, c := range literal[1 : len(literal)-1] {
		if c < ' ' || c > '~' || c == '\\' || c == '/' {
			return false
		}
	}
	return true
}

func hasEscapes(literal []byte) bool { return bytes.IndexByte(literal, '\\') >= 0 }

// appendPHPString appends text as json_encode writes it: everything beyond ASCII escaped, as UTF-16.
func appendPHPString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for len(text) > 0 {
		if text[0] < utf8.RuneSelf {
			dst = appendASCII(dst, text[0])
			text = text[1:]
			continue
		}
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		if high, low := utf16.EncodeRune(r); r > 0xFFFF {
			dst = appendEscaped(appendEscaped(dst, high), low)
		} else {
			dst = appendEscaped(dst, r)
		}
	}
	return append(dst, '"')
}

// appendJSString appends text as JSON.stringify writes it (ECMA-262, section 25.5.2.3), with slashes escaped:
// everything beyond ASCII in UTF-8, also U+2028 and U+2029.
func appendJSString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for _, c := range text {
		if c < utf8.RuneSelf {
			dst = appendASCII(dst, c)
		} else {
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

func appendASCII(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\', '/':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	if c < ' ' {
		return appendEscaped(dst, rune(c))
	}
	return append(dst, c)
}

// appendEscaped appends one UTF-16 code unit as \uxxxx.
func appendEscaped(dst []byte, unit rune) []byte {
	return append(dst, '\\', 'u', lowerHex[unit>>12&0xF], lowerHex[unit>>8&0xF], lowerHex[unit>>4&0xF], lowerHex[unit&0xF])
}
