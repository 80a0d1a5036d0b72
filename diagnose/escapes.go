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

// A feature is a group of characters on which JSON encoders disagree.
type feature uint8

const (
	slashes feature = iota
	beyondASCII
	lineSeparators // U+2028 and U+2029, which JavaScript did not allow in its strings
	tags           // < and >
	ampersands
	apostrophes
	quotes
	equalSigns
	plusSigns // and `
	others    // encoders agree
)

// A style is how a JSON encoder writes the characters of each feature.
type style [others]escaping

func featureOf(r rune) feature {
	switch r {
	case '/':
		return slashes
	case '<', '>':
		return tags
	case '&':
		return ampersands
	case '\'':
		return apostrophes
	case '"':
		return quotes
	case '=':
		return equalSigns
	case '+', '`':
		return plusSigns
	case '\u2028', '\u2029':
		return lineSeparators
	}
	if r >= utf8.RuneSelf && r != utf8.RuneError {
		return beyondASCII
	}
	return others
}

// featuresOf reports which features a JSON text has.
func featuresOf(text []byte) (has [others + 1]bool) {
	for len(text) > 0 {
		n := agreed(text)
		if text = text[n:]; len(text) == 0 {
			break
		}
		r, size := next(text)
		has[featureOf(r)] = true
		text = text[size:]
	}
	return has
}

// append appends a JSON text in this style. It need not locate the strings, because what it changes
// occurs only in strings.
func (s style) append(dst, text []byte) []byte {
	for len(text) > 0 {
		n := agreed(text)
		dst, text = append(dst, text[:n]...), text[n:]
		if len(text) == 0 {
			break
		}
		r, size := next(text)
		dst = s.appendRune(dst, r, text[:size])
		text = text[size:]
	}
	return dst
}

// agreed returns the number of bytes before the next one on which encoders may disagree.
func agreed(text []byte) int {
	n := 0
	for n < len(text) && text[n] < utf8.RuneSelf && !isSpecial[text[n]] {
		n++
	}
	return n
}

// isSpecial contains the bytes that begin a character of a feature. A plus sign can also be in a
// number, which a style then breaks, but URLR sends no such numbers.
var isSpecial = [utf8.RuneSelf]bool{
	'\\': true,
	'/':  true,
	'<':  true,
	'>':  true,
	'&':  true,
	'\'': true,
	'=':  true,
	'+':  true,
	'`':  true,
}

// appendRune appends a character. received is how it was written.
func (s style) appendRune(dst []byte, r rune, received []byte) []byte {
	e := asReceived
	if f := featureOf(r); f != others {
		e = s[f]
	}
	switch {
	case e == asReceived:
		return append(dst, received...)
	case e == plain && r == '"':
		return append(dst, `\"`...)
	case e == plain:
		return utf8.AppendRune(dst, r)
	case r == '/':
		return append(dst, `\/`...)
	}
	high, low := utf16.EncodeRune(r)
	upper := e == upperCase
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

// next returns the first character of a valid JSON text, escaped or not, and its length. For an
// escape that every style keeps, such as \n, it returns utf8.RuneError.
func next(text []byte) (r rune, size int) {
	if text[0] != '\\' {
		return utf8.DecodeRune(text)
	}
	switch text[1] {
	case '/', '"':
		return rune(text[1]), 2
	case 'u':
		return nextUnits(text)
	default:
		return utf8.RuneError, 2
	}
}

// nextUnits reads \uxxxx, or two of them that form a surrogate pair.
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
