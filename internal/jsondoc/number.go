package jsondoc

import "math"

// maxSafeDigits is the number of decimal digits that a double always preserves (IEEE 754 binary64,
// DBL_DIG).
const maxSafeDigits = 15

// notShort is the class of numbers other than integers of at most maxSafeDigits digits.
const notShort = slash

// number scans a number (RFC 8259, section 6). PHP and JavaScript write an integer of at most 15
// digits unchanged, unless it is -0.
func (s *Scanner) number(c byte) Kind {
	text, i := s.text, s.at
	if c == '-' {
		i++
	}
	first := i
	i = skipDigits(text, i)
	if i == first || text[first] == '0' && i > first+1 {
		return s.fail(ErrSyntax)
	}
	if i-first > maxSafeDigits || c == '-' && text[first] == '0' {
		s.class = notShort
	}
	if i < len(text) && text[i] == '.' {
		s.class = notShort
		fraction := i + 1
		if i = skipDigits(text, fraction); i == fraction {
			return s.fail(ErrSyntax)
		}
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		s.class = notShort
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		exponent := i
		if i = skipDigits(text, exponent); i == exponent {
			return s.fail(ErrSyntax)
		}
	}
	s.at = i
	return Number
}

// skipDigits returns the end of the digits that start at i.
func skipDigits(text []byte, i int) int {
	for i < len(text) && '0' <= text[i] && text[i] <= '9' {
		i++
	}
	return i
}

// maxSafeInteger is the largest integer that every JSON parser preserves (RFC 7493, section 2.2).
const maxSafeInteger = 1<<53 - 1

// Integer returns the value of the current number, and reports whether it is an integer from
// -(2^53-1) to 2^53-1. The notation doesn't matter: a gateway may turn 5 into 5.0. Like PHP and
// JavaScript, it reads the nearest double, so the value is the same for all forms of a document.
func (s *Scanner) Integer() (n int64, ok bool) {
	literal := s.Literal()
	if s.class != notShort {
		return parsePlain(literal), true
	}
	if len(literal) > maxDoubleBytes {
		return 0, false // such a document has no canonical form either
	}
	d := parseDecimal(literal)
	if d.digits > maxDoubleDigits {
		return 0, false
	}
	f := d.double(literal)
	if f != math.Trunc(f) || math.Abs(f) > maxSafeInteger {
		return 0, false
	}
	return int64(f), true
}

func parsePlain(literal []byte) (n int64) {
	for _, c := range literal {
		if c != '-' {
			n = n*10 + int64(c-'0')
		}
	}
	if literal[0] == '-' {
		return -n
	}
	return n
}
