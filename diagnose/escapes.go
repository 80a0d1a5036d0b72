package diagnose

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// An escaping is how a JSON encoder writes some characters of a string.
type escaping uint8

const (
	asReceived escaping = iota
	plain               // the character itself
	escaped             // \/ or \u00e9
	upperCase           // \u00E9
)

// A feature is a kind of characters that JSON encoders disagree on.
type feature uint8

const (
	slashes feature = iota
	beyondASCII
	htmlCharacters
	others // encoders agree
)

// A style is how a JSON encoder writes the characters of each feature.
type style [others]escaping

// spellings are what a feature can be written as, in words that people recognise.
var spellings = [others][]struct {
	as  escaping
	how string
}{
	slashes:        {{plain, `with slashes as /`}, {escaped, `with slashes as \/`}},
	beyondASCII:    {{plain, `with characters beyond ASCII as é`}, {escaped, `with characters beyond ASCII as \u00e9`}, {upperCase, `with characters beyond ASCII as \u00E9`}},
	htmlCharacters: {{plain, `with <, > and & as they are`}, {escaped, `with <, > and & as \u003c`}},
}

// otherSpelling changes one feature alone.
func otherSpelling(f feature) func(body []byte, try try) {
	return func(body []byte, try try) {
		if !isJSON(body) {
			return
		}
		for _, spelling := range spellings[f] {
			var s style
			s[f] = spelling.as
			try("the body is written "+spelling.how, s.append(nil, body))
		}
	}
}

func featureOf(r rune) feature {
	switch {
	case r == '/':
		return slashes
	case r == '<' || r == '>' || r == '&':
		return htmlCharacters
	case r >= utf8.RuneSelf && r != utf8.RuneError:
		return beyondASCII
	default:
		return others
	}
}

// has reports whether a JSON text has characters of a feature.
func has(text []byte, f feature) bool {
	for len(text) > 0 {
		r, size := next(text)
		if featureOf(r) == f {
			return true
		}
		text = text[size:]
	}
	return false
}

// append appends a JSON text in this style. It need not find the strings: what it changes is only in strings.
func (s style) append(dst, text []byte) []byte {
	for len(text) > 0 {
		r, size := next(text)
		dst = s.appendRune(dst, r, text[:size])
		text = text[size:]
	}
	return dst
}

// appendRune appends a character. Received is how it was written.
func (s style) appendRune(dst []byte, r rune, received []byte) []byte {
	e := asReceived
	if f := featureOf(r); f != others {
		e = s[f]
	}
	switch {
	case e == asReceived:
		return append(dst, received...)
	case e == plain:
		return utf8.AppendRune(dst, r)
	case r == '/':
		return append(dst, `\/`...)
	}
	high, low := utf16.EncodeRune(r)
	upper := s[beyondASCII] == upperCase
	if high == utf8.RuneError {
		return appendUnit(dst, r, upper)
	}
	return appendUnit(appendUnit(dst, high, upper), low, upper)
}

func appendUnit(dst []byte, unit rune, upper bool) []byte {
	digits := "0123456789abcdef"
	if upper {
		digits = "0123456789ABCDEF"
	}
	return append(dst, '\\', 'u', digits[unit>>12], digits[unit>>8&0xf], digits[unit>>4&0xf], digits[unit&0xf])
}

// next returns the character that a valid JSON text begins with, escaped or not, and how many bytes it takes. For an escape that
// every style keeps, such as \n, it returns utf8.RuneError.
func next(text []byte) (r rune, size int) {
	if text[0] != '\\' {
		return utf8.DecodeRune(text)
	}
	switch text[1] {
	case '/':
		return '/', 2
	case 'u':
		return nextUnits(text)
	default:
		return utf8.RuneError, 2
	}
}

// nextUnits reads \uxxxx, or two of them that are a surrogate pair.
func nextUnits(text []byte) (r rune, size int) {
	const unitSize = len(`\u0000`)
	r = unitOf(text[:unitSize])
	if utf16.IsSurrogate(r) {
		return utf16.DecodeRune(r, unitOf(text[unitSize:2*unitSize])), 2 * unitSize
	}
	return r, unitSize
}

func unitOf(escape []byte) rune {
	n, _ := strconv.ParseUint(string(escape[len(`\u`):]), 16, 16) // no error: the text is valid
	return rune(n)
}
