package core

import (
	"bytes"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// maxSafeDigits is how many decimal digits a double holds whatever they are (IEEE 754 binary64, DBL_DIG).
const maxSafeDigits = 15

// isShortInteger reports whether PHP, JavaScript and Go write the number exactly as it stands.
func isShortInteger(literal []byte) bool {
	digits, negative := bytes.CutPrefix(literal, []byte("-"))
	if len(digits) > maxSafeDigits || negative && digits[0] == '0' {
		return false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// A number is what PHP and JavaScript make of a JSON number.
type number struct {
	double    float64
	integer   int64
	isInteger bool // PHP reads it as an int
}

func parseNumber(literal []byte) (number, error) {
	text := string(literal)
	if !bytes.ContainsAny(literal, ".eE") {
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return number{double: float64(i), integer: i, isInteger: true}, nil
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil { // the syntax is right, so it is the range
		return number{}, errOverflow
	}
	return number{double: f}, nil
}

// appendJS appends Number::toString (ECMA-262, section 6.1.6.1.20), as JSON.stringify does.
func (n number) appendJS(dst []byte) []byte {
	if n.double == 0 {
		return append(dst, '0') // jsontext keeps the sign of -0
	}
	return append(dst, jsontext.Float(n.double).String()...)
}

// appendPHP appends what json_encode writes with serialize_precision = -1: an int in full, a float with the fewest digits
// that identify it, in exponential notation below 1e-4 and from 1e17 (php_gcvt in PHP's main/snprintf.c, with a precision of 17).
func (n number) appendPHP(dst []byte) []byte {
	if n.isInteger {
		return strconv.AppendInt(dst, n.integer, 10)
	}
	const precision = 17
	var scratch [32]byte
	scientific := strconv.AppendFloat(scratch[:0], n.double, 'e', -1, 64) // d.ddde±xx
	mantissa, exponentText, _ := bytes.Cut(scientific, []byte("e"))
	exponent, _ := strconv.Atoi(string(exponentText))
	if -4 <= exponent && exponent < precision || n.double == 0 {
		return strconv.AppendFloat(dst, n.double, 'f', -1, 64)
	}
	dst = append(dst, mantissa...)
	if !bytes.Contains(mantissa, []byte(".")) {
		dst = append(dst, ".0"...)
	}
	dst = append(dst, 'e', exponentText[0]) // Go pads the exponent to two digits, PHP does not
	return strconv.AppendInt(dst, int64(max(exponent, -exponent)), 10)
}
