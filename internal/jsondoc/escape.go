package jsondoc

import (
	"unicode/utf16"
	"unicode/utf8"
)

// AppendPHPString appends value, which must be valid UTF-8, as json_encode writes it: everything
// beyond ASCII is escaped as UTF-16.
func AppendPHPString(dst, value []byte) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(value); {
		c := value[i]
		switch {
		case classes[c] == 0:
			dst = append(dst, c)
			i++
		case c < utf8.RuneSelf:
			dst = appendEscape(dst, c)
			i++
		case c < 0xE0: // decode the common two- and three-byte characters without a call
			dst = appendCodeUnit(dst, rune(c&0x1F)<<6|rune(value[i+1]&0x3F))
			i += 2
		case c < 0xF0:
			dst = appendCodeUnit(dst, rune(c&0x0F)<<12|rune(value[i+1]&0x3F)<<6|rune(value[i+2]&0x3F))
			i += 3
		default:
			r, size := utf8.DecodeRune(value[i:])
			high, low := utf16.EncodeRune(r)
			dst = appendCodeUnit(appendCodeUnit(dst, high), low)
			i += size
		}
	}
	return append(dst, '"')
}

// appendJSString appends value as JSON.stringify writes it (ECMA-262, section 25.5.2.3), with
// slashes escaped: everything beyond ASCII is UTF-8, including U+2028 and U+2029.
func appendJSString(dst, value []byte) []byte {
	dst = append(dst, '"')
	for _, c := range value {
		if classes[c]&^nonASCII == 0 {
			dst = append(dst, c)
		} else {
			dst = appendEscape(dst, c)
		}
	}
	return append(dst, '"')
}

// shortEscapes maps a byte to the character after the backslash in its two-character escape
// sequence, or 0.
var shortEscapes = [utf8.RuneSelf]byte{
	'"': '"', '\\': '\\', '/': '/', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't',
}

// appendEscape appends the escape sequence that PHP and JavaScript write for c.
func appendEscape(dst []byte, c byte) []byte {
	if short := shortEscapes[c]; short != 0 {
		return append(dst, '\\', short)
	}
	return appendCodeUnit(dst, rune(c))
}

// appendCodeUnit appends a UTF-16 code unit as \uxxxx.
func appendCodeUnit(dst []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[unit>>12&0xF], digits[unit>>8&0xF], digits[unit>>4&0xF], digits[unit&0xF])
}
