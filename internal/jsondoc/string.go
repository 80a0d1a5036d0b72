package jsondoc

import (
	"unicode/utf16"
	"unicode/utf8"
)

// isPlain tells which bytes of a string both canonical forms write as they stand: printable ASCII,
// except for those that PHP and the Node recipe escape.
var isPlain = func() (table [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		table[c] = c != '"' && c != '\\' && c != '/'
	}
	return table
}()

// string scans a string, or a name. It knows that the text is valid UTF-8.
func (s *Scanner) string(kind Kind) Kind {
	text, i := s.text, s.at+1
	s.escaped = false
	for i < len(text) && isPlain[text[i]] {
		i++
	}
	s.plain = i < len(text) && text[i] == '"'
	for i < len(text) {
		switch c := text[i]; {
		case isPlain[c] || c >= utf8.RuneSelf || c == '/':
			i++
		case c == '"':
			s.at = i + 1
			return kind
		case c == '\\':
			s.escaped = true
			n, lone := escapeLen(text[i:])
			if n == 0 {
				s.at = i
				return s.fail(ErrSyntax)
			}
			if lone {
				s.LoneSurrogate = true
				if !s.AllowLoneSurrogates {
					s.at = i
					return s.fail(ErrLoneSurrogate)
				}
			}
			i += n
		default: // a control character
			s.at = i
			return s.fail(ErrSyntax)
		}
	}
	s.at = i
	return s.fail(ErrSyntax)
}

// escapeLen returns how long the escape sequence is that b begins with, or 0 if there is none, and
// whether it is a surrogate without its other half.
func escapeLen(b []byte) (n int, lone bool) {
	if len(b) < 2 {
		return 0, false
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return len(`\n`), false
	case 'u':
		first := codeUnit(b)
		switch {
		case first < 0:
			return 0, false
		case !utf16.IsSurrogate(first):
			return len(`\u00e9`), false
		case utf16.DecodeRune(first, codeUnit(b[len(`\ud83d`):])) == utf8.RuneError:
			return len(`\ud83d`), true
		default:
			return len(`\ud83d\ude00`), false
		}
	default:
		return 0, false
	}
}

// codeUnit returns the UTF-16 code unit of the escape sequence \uxxxx that b begins with, or -1 if
// there is none.
func codeUnit(b []byte) rune {
	if len(b) < len(`\u00e9`) || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	var unit rune
	for _, c := range b[2:len(`\u00e9`)] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		unit = unit<<4 | rune(c)
	}
	return unit
}

// AppendUnquoted appends the value of a string, given what stands between its quotes, which must be
// valid. A lone surrogate becomes U+FFFD.
func AppendUnquoted(dst, content []byte) []byte {
	for i := 0; i < len(content); {
		run := i
		for i < len(content) && content[i] != '\\' {
			i++
		}
		dst = append(dst, content[run:i]...)
		if i == len(content) {
			break
		}
		switch c := content[i+1]; c {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r := codeUnit(content[i:])
			if utf16.IsSurrogate(r) {
				r = utf16.DecodeRune(r, codeUnit(content[i+len(`\ud83d`):]))
				if r != utf8.RuneError {
					i += len(`\ud83d`)
				}
			}
			dst = utf8.AppendRune(dst, r)
			i += len(`\ude00`) - len(`\n`)
		default: // a quote, a backslash, a slash
			dst = append(dst, c)
		}
		i += len(`\n`)
	}
	return dst
}
