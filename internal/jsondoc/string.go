package jsondoc

import (
	"unicode/utf16"
	"unicode/utf8"
)

// A class says how the canonical forms write a byte. The class of a string is the union of the
// classes of its bytes.
type class uint8

const (
	slash         class = 1 << iota // both forms write it as "\/"
	nonASCII                        // the PHP form writes it as "\uxxxx"
	escapedUnit                     // "\uxxxx" for such a character; the JavaScript form writes UTF-8
	foreignEscape                   // an escape sequence that neither form uses
	escape                          // any other escape sequence; both forms use it
	ends                            // not part of a string: a quote or a control character
)

// The classes that a form rewrites. It copies all other strings.
const (
	rewrittenByPHP = slash | nonASCII | foreignEscape
	rewrittenByJS  = slash | escapedUnit | foreignEscape
	inOneFormOnly  = nonASCII | escapedUnit
)

// classes maps each byte to its class.
var classes = func() (table [256]class) {
	for c := range table {
		switch {
		case c < ' ' || c == '"':
			table[c] = ends
		case c == '\\':
			table[c] = escape
		case c == '/':
			table[c] = slash
		case c >= utf8.RuneSelf:
			table[c] = nonASCII
		}
	}
	return table
}()

// string scans a string or name.
func (s *Scanner) string(kind Kind) Kind {
	text, first, i := s.text, s.at+1, s.at+1
	var all class
	for i < len(text) {
		end := min(i+s.maxString, len(text))
		for ; i < end && classes[text[i]] < escape; i++ {
			all |= classes[text[i]]
		}
		switch {
		case i == end:
			if i-first >= s.maxString && all&^escape != 0 {
				s.at = i
				return s.fail(ErrRewritten)
			}
			continue
		case text[i] == '"':
			if all&nonASCII != 0 && !utf8.Valid(text[first:i]) {
				return s.fail(ErrUTF8)
			}
			s.class, s.at = all, i+1
			return kind
		case s.escapes == 0:
			s.at = i
			return s.fail(ErrRewritten)
		}
		s.escapes--
		n, c := s.escape(text[i:])
		if n == 0 {
			break
		}
		all |= c
		i += n
	}
	s.at = i
	return s.fail(s.stringError())
}

// stringError returns why a string ends before its quote.
func (s *Scanner) stringError() error {
	if s.LoneSurrogate && !s.AllowLoneSurrogates {
		return ErrLoneSurrogate
	}
	return ErrSyntax
}

// unescaped maps the second character of a two-character escape sequence to the character it
// represents.
var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape returns the length and class of the escape sequence at the start of b. The length is 0 if
// there is none, or if it is not allowed.
func (s *Scanner) escape(b []byte) (n int, c class) {
	if len(b) < len(`\n`) || b[0] != '\\' {
		return 0, 0
	}
	if unescaped[b[1]] != 0 {
		return len(`\n`), escape // both PHP and JavaScript write these
	}
	unit := codeUnit(b)
	if unit < 0 {
		return 0, 0
	}
	n, c = len(`\u00e9`), classOfUnit(unit, b)
	if !utf16.IsSurrogate(unit) {
		return n, c
	}
	low := b[n:]
	if utf16.DecodeRune(unit, codeUnit(low)) != utf8.RuneError {
		return 2 * n, c | classOfUnit(unit, low)
	}
	s.LoneSurrogate = true
	if !s.AllowLoneSurrogates {
		return 0, 0
	}
	return n, c
}

// classOfUnit returns the class of the escape sequence at the start of b, which represents unit.
func classOfUnit(unit rune, b []byte) class {
	c := escape
	if unit >= utf8.RuneSelf {
		c |= escapedUnit
	} else if unit >= ' ' || shortEscapes[unit] != 0 {
		c |= foreignEscape
	}
	for _, digit := range b[len(`\u`):len(`\u00e9`)] {
		if 'A' <= digit && digit <= 'F' {
			c |= foreignEscape
		}
	}
	return c
}

// codeUnit returns the UTF-16 code unit of the escape sequence \uxxxx at the start of b, or -1.
func codeUnit(b []byte) rune {
	if len(b) < len(`\u00e9`) || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	d0, d1, d2, d3 := hexDigits[b[2]], hexDigits[b[3]], hexDigits[b[4]], hexDigits[b[5]]
	if d0|d1|d2|d3 < 0 {
		return -1
	}
	return rune(d0)<<12 | rune(d1)<<8 | rune(d2)<<4 | rune(d3)
}

// hexDigits maps each hexadecimal digit to its value, and other bytes to -1.
var hexDigits = func() (table [256]int8) {
	for i := range table {
		table[i] = -1
	}
	for i, c := range []byte("0123456789") {
		table[c] = int8(i)
	}
	for i := range int8(6) {
		table['a'+i], table['A'+i] = 10+i, 10+i
	}
	return table
}()

// AppendUnquoted appends the value of a string to dst. content is the text between its quotes and
// must be valid. A lone surrogate becomes U+FFFD.
func AppendUnquoted(dst, content []byte) []byte { return appendUnquoted(dst, content, false) }

// appendUnquoted is like AppendUnquoted. If keepLone is set, it encodes lone surrogates like other
// characters (WTF-8), so that different strings have different values.
func appendUnquoted(dst, content []byte, keepLone bool) []byte {
	run := 0
	for i := 0; i < len(content); {
		if content[i] != '\\' {
			i++
			continue
		}
		if run < i {
			dst = append(dst, content[run:i]...)
		}
		if c := unescaped[content[i+1]]; c != 0 {
			dst = append(dst, c)
			i += len(`\n`)
		} else {
			r, size := unescapeUnits(content[i:])
			if keepLone && utf16.IsSurrogate(r) {
				dst = append(dst, 0xED, 0x80|byte(r>>6&0x3F), 0x80|byte(r&0x3F))
			} else {
				dst = utf8.AppendRune(dst, r) // U+FFFD for a lone surrogate
			}
			i += size
		}
		run = i
	}
	return append(dst, content[run:]...)
}

// unescapeUnits returns the character or lone surrogate that the escape sequences at the start of b
// represent, and their length: \uxxxx, or two of them for a surrogate pair.
func unescapeUnits(b []byte) (r rune, size int) {
	first := codeUnit(b)
	if !utf16.IsSurrogate(first) {
		return first, len(`\u00e9`)
	}
	r = utf16.DecodeRune(first, codeUnit(b[len(`\ud83d`):]))
	if r == utf8.RuneError {
		return first, len(`\ud83d`)
	}
	return r, len(`\ud83d\ude00`)
}
