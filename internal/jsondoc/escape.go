package jsondoc

import (
	"unicode/utf16"
	"unicode/utf8"
)

// appendPHPString appends value as json_encode writes it: everything beyond ASCII escaped, as
// UTF-16.
func appendPHPString(dst, value []byte) []byte {
	dst = append(dst, '"')
	run := 0
	for i := 0; i < len(value); {
		c := value[i]
		if isPlain[c] {
			i++
			continue
		}
		dst = append(dst, value[run:i]...)
		if c < utf8.RuneSelf {
			dst = appendEscape(dst, c)
			i++
		} else {
			r, size := utf8.DecodeRune(value[i:])
			dst = appendCodeUnits(dst, r)
			i += size
		}
		run = i
	}
	return append(append(dst, value[run:]...), '"')
}

// appendJSString appends value as JSON.stringify writes it (ECMA-262, section 25.5.2.3) with slashes
// escaped: everything beyond ASCII in UTF-8, also U+2028 and U+2029.
func appendJSString(dst, value []byte) []byte {
	dst = append(dst, '"')
	run := 0
	for i, c := range value {
		if isPlain[c] || c >= utf8.RuneSelf {
			continue
		}
		dst = append(dst, value[run:i]...)
		dst = appendEscape(dst, c)
		run = i + 1
	}
	return append(append(dst, value[run:]...), '"')
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

func appendCodeUnits(dst []byte, r rune) []byte {
	if r <= 0xFFFF {
		return appendCodeUnit(dst, r)
	}
	high, low := utf16.EncodeRune(r)
	return appendCodeUnit(appendCodeUnit(dst, high), low)
}

// appendCodeUnit appends a UTF-16 code unit as \uxxxx.
func appendCodeUnit(dst []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[unit>>12&0xF], digits[unit>>8&0xF], digits[unit>>4&0xF], digits[unit&0xF])
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
