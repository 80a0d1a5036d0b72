package core

import (
	"unicode/utf16"
	"unicode/utf8"
)

// asIs are the bytes that both canonical forms write as they are.
var asIs = func() (table [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		table[c] = c != '"' && c != '\\' && c != '/'
	}
	return table
}()

// appendPHPString appends text as json_encode writes it: everything beyond ASCII escaped, as UTF-16.
func appendPHPString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for len(text) > 0 {
		n := 0
		for n < len(text) && asIs[text[n]] {
			n++
		}
		dst, text = append(dst, text[:n]...), text[n:]
		if len(text) == 0 {
			break
		}
		if text[0] < utf8.RuneSelf {
			dst, text = appendEscape(dst, text[0]), text[1:]
			continue
		}
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		if r <= 0xFFFF {
			dst = appendCodeUnit(dst, r)
		} else {
			high, low := utf16.EncodeRune(r)
			dst = appendCodeUnit(appendCodeUnit(dst, high), low)
		}
	}
	return append(dst, '"')
}

// appendJSString appends text as JSON.stringify writes it (ECMA-262, section 25.5.2.3), with slashes escaped:
// everything beyond ASCII in UTF-8, also U+2028 and U+2029.
func appendJSString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for len(text) > 0 {
		n := 0
		for n < len(text) && (asIs[text[n]] || text[n] >= utf8.RuneSelf) {
			n++
		}
		dst, text = append(dst, text[:n]...), text[n:]
		if len(text) > 0 {
			dst, text = appendEscape(dst, text[0]), text[1:]
		}
	}
	return append(dst, '"')
}

// appendEscape appends the escape sequence that both engines write for c.
func appendEscape(dst []byte, c byte) []byte {
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
	default:
		return appendCodeUnit(dst, rune(c))
	}
}

// appendCodeUnit appends one UTF-16 code unit as \uxxxx.
func appendCodeUnit(dst []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[unit>>12&0xF], digits[unit>>8&0xF], digits[unit>>4&0xF], digits[unit&0xF])
}
