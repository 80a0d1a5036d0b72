package jsondoc

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Limits to what the numbers of a canonical form may cost. Real bodies contain one number, an integer
// of ten digits. Converting a number takes as long as hashing a few hundred bytes; a costly number, a
// few thousand.
const (
	maxDoubles      = 10   // numbers that are not integers of at most 15 digits
	maxCostly       = 5    // of these, see decimal.isCostly
	maxDoubleBytes  = 1024 // of the literal of one of these
	maxDoubleDigits = 128  // significant digits, without leading and trailing zeros
)

// Why a document has no canonical form because of its numbers.
var (
	ErrOverflow   = errors.New("a number overflows a double")
	ErrDoubles    = fmt.Errorf("more than %d numbers that are not integers of at most %d digits", maxDoubles, maxSafeDigits)
	ErrCostly     = fmt.Errorf("more than %d numbers of more than %d significant digits or below 1e-307", maxCostly, maxSafeDigits)
	ErrLongNumber = fmt.Errorf("a number of more than %d bytes or %d significant digits", maxDoubleBytes, maxDoubleDigits)
)

// A number is what PHP and JavaScript make of a JSON number.
type number struct {
	double    float64
	integer   int64
	isInteger bool // PHP reads it as an int
}

// convert converts literal, which d describes.
func (d decimal) convert(literal []byte) (number, error) {
	n := number{double: d.double(literal)}
	if math.IsInf(n.double, 0) {
		return number{}, ErrOverflow
	}
	if !bytes.ContainsAny(literal, ".eE") {
		i, err := strconv.ParseInt(string(literal), 10, 64)
		n.integer, n.isInteger = i, err == nil
	}
	return n, nil
}

// maxNumberLen is longer than any number that they write.
const maxNumberLen = 40

// appendJS appends Number::toString (ECMA-262, section 6.1.6.1.20), as JSON.stringify does.
func (n number) appendJS(dst []byte) []byte {
	switch abs := math.Abs(n.double); {
	case abs == 0:
		return append(dst, '0')
	case abs >= 1e-6 && abs < 1e21:
		return strconv.AppendFloat(dst, n.double, 'f', -1, 64)
	default:
		mantissa, sign, exponent := n.scientific()
		return strconv.AppendInt(append(append(append(dst, mantissa...), 'e'), sign), exponent, 10)
	}
}

// appendPHP appends what json_encode writes with serialize_precision = -1: an int in full, a float
// with the fewest digits that identify it, in exponential notation below 1e-4 and from 1e17 (php_gcvt
// in PHP's main/snprintf.c, with a precision of 17).
func (n number) appendPHP(dst []byte) []byte {
	switch abs := math.Abs(n.double); {
	case n.isInteger:
		return strconv.AppendInt(dst, n.integer, 10)
	case abs == 0 || abs >= 1e-4 && abs < 1e17:
		return strconv.AppendFloat(dst, n.double, 'f', -1, 64)
	default:
		mantissa, sign, exponent := n.scientific()
		dst = append(dst, mantissa...)
		if !bytes.Contains(mantissa, []byte(".")) {
			dst = append(dst, ".0"...)
		}
		return strconv.AppendInt(append(dst, 'e', sign), exponent, 10)
	}
}

// scientific returns the parts of d.ddde±xx, with the fewest digits that identify the double.
func (n number) scientific() (mantissa []byte, sign byte, exponent int64) {
	text := strconv.AppendFloat(make([]byte, 0, maxNumberLen), n.double, 'e', -1, 64)
	mantissa, digits, _ := bytes.Cut(text, []byte("e"))
	exponent, _ = strconv.ParseInt(string(digits[1:]), 10, 64)
	return mantissa, digits[0], exponent
}
