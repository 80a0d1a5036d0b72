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

// A style is how a JSON encoder writes strings: the characters that encoders disagree on.
type style struct{ slash, beyondASCII, html escaping }

// How people recognise the styles, for the text of a finding.
var (
	slashNames       = map[escaping]string{plain: `slashes as /`, escaped: `slashes as \/`}
	beyondASCIINames = map[escaping]string{plain: `non-ASCII characters as é`, escaped: `non-ASCII characters as \u00e9`, upperCase: `non-ASCII characters as \u00E9`}
	htmlNames        = map[escaping]string{plain: `<, > and & as they are`, escaped: `<, > and & as \u003c`}
)

func slashEscapes(body []byte, try try) {
	for _, e := range []escaping{plain, escaped} {
		tryStyle(try, body, style{slash: e}, slashNames[e])
	}
}

func unicodeEscapes(body []byte, try try) {
	for _, e := range []escaping{plain, escaped, upperCase} {
		tryStyle(try, body, style{beyondASCII: e}, beyondASCIINames[e])
	}
}

func htmlEscapes(body []byte, try try) {
	for _, e := range []escaping{plain, escaped} {
		tryStyle(try, body, style{html: e}, htmlNames[e])
	}
}

func tryStyle(try try, body []byte, s style, name string) {
	if isJSON(body) {
		try("the body is written with "+name, s.append(nil, body))
	}
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
	e := s.of(r)
	switch {
	case e == asReceived:
		return append(dst, received...)
	case e == plain:
		return utf8.AppendRune(dst, r)
	case r == '/':
		return append(dst, `\/`...)
	}
	for _, unit := range utf16.AppendRune(nil, r) {
		dst = appendUnit(dst, unit, e == upperCase || s.beyondASCII == upperCase)
	}
	return dst
}

// of returns how the style writes r. What encoders agree on stays as it was received.
func (s style) of(r rune) escaping {
	switch {
	case r == '/':
		return s.slash
	case r == '<' || r == '>' || r == '&':
		return s.html
	case r >= utf8.RuneSelf && r != utf8.RuneError:
		return s.beyondASCII
	default:
		return asReceived
	}
}

func appendUnit(dst []byte, unit uint16, upper bool) []byte {
	digits := "0123456789abcdef"
	if upper {
		digits = "0123456789ABCDEF"
	}
	return append(dst, '\\', 'u', digits[unit>>12], digits[unit>>8&0xf], digits[unit>>4&0xf], digits[unit&0xf])
}

// next returns the character that text begins with, escaped or not, and how many bytes it takes. For an escape that every style
// keeps, such as \n, it returns utf8.RuneError.
func next(text []byte) (r rune, size int) {
	if text[0] != '\\' || len(text) < 2 {
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
	r, ok := unitOf(text)
	if !ok {
		return utf8.RuneError, 2
	}
	if !utf16.IsSurrogate(r) {
		return r, unitSize
	}
	low, _ := unitOf(text[unitSize:])
	if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
		return pair, 2 * unitSize
	}
	return utf8.RuneError, unitSize
}

func unitOf(text []byte) (unit rune, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}
