package jsondoc

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Limits on the cost of the numbers in a canonical form. Real bodies contain one number, an integer
// of ten digits. Converting a number takes as long as hashing a hundred bytes; a costly number, a
// thousand.
const (
	maxDoubles      = 8    // numbers other than integers of at most 15 digits
	maxCostly       = 2    // of these, numbers that decimal.fastDouble can't convert
	maxDoubleBytes  = 1024 // length of the literal of one of these
	maxDoubleDigits = 128  // significant digits, without leading and trailing zeros
)

// Errors for documents without a canonical form because of their numbers.
var (
	ErrOverflow   = errors.New("a number overflows a double")
	ErrDoubles    = fmt.Errorf("more than %d numbers other than integers of %d digits", maxDoubles, maxSafeDigits)
	ErrCostly     = fmt.Errorf("more than %d numbers below 1e-307 or halfway between two doubles", maxCostly)
	ErrLongNumber = fmt.Errorf("a number with over %d bytes or %d significant digits", maxDoubleBytes, maxDoubleDigits)
)

// A number is a JSON number as PHP and JavaScript read it: the double 0.digits × 10^point or, in
// PHP, possibly an int.
type number struct {
	negative bool // also for -0
	digits   []byte
	point    int
	integer  int64
	isInt    bool // PHP reads it as an int
	scratch  [maxNumberLen]byte
}

// newNumber returns the number for literal. double is the nearest double.
func newNumber(literal []byte, double float64) *number {
	n := &number{negative: math.Signbit(double)}
	n.digits, n.point = shortest(n.scratch[:0], math.Abs(double))
	if !bytes.ContainsAny(literal, ".eE") {
		i, err := strconv.ParseInt(string(literal), 10, 64)
		n.integer, n.isInt = i, err == nil
	}
	return n
}

// shortest appends to dst the fewest digits that identify f, which must not be negative. They
// represent 0.digits × 10^point.
func shortest(dst []byte, f float64) (digits []byte, point int) {
	text := strconv.AppendFloat(dst, f, 'e', -1, 64) // d.ddde±xx
	mark := bytes.IndexByte(text, 'e')
	exponent, _ := strconv.ParseInt(string(text[mark+1:]), 10, 32)
	fraction := bytes.TrimPrefix(text[1:mark], []byte("."))
	return text[:1+copy(text[1:], fraction)], int(exponent) + 1
}

// maxNumberLen is an upper bound on the length of a number in a form.
const maxNumberLen = 40

// appendJS appends Number::toString (ECMA-262, section 6.1.6.1.20), as JSON.stringify does.
func (n *number) appendJS(dst []byte) []byte {
	switch {
	case n.isZero():
		return append(dst, '0')
	case -6 < n.point && n.point <= 21:
		return n.appendFixed(n.appendSign(dst))
	default:
		dst = n.appendMantissa(n.appendSign(dst))
		return n.appendExponent(dst)
	}
}

// appendPHP appends the number as json_encode writes it with serialize_precision = -1: an int in
// full, a float with the fewest digits that identify it, in exponential notation below 1e-4 and
// from 1e17 (php_gcvt in PHP's main/snprintf.c, with a precision of 17).
func (n *number) appendPHP(dst []byte) []byte {
	switch {
	case n.isInt:
		return strconv.AppendInt(dst, n.integer, 10)
	case n.isZero() || -4 < n.point && n.point <= 17:
		return n.appendFixed(n.appendSign(dst))
	default:
		dst = n.appendMantissa(n.appendSign(dst))
		if len(n.digits) == 1 {
			dst = append(dst, ".0"...)
		}
		return n.appendExponent(dst)
	}
}

func (n *number) isZero() bool { return n.digits[0] == '0' }

func (n *number) appendSign(dst []byte) []byte {
	if n.negative {
		return append(dst, '-')
	}
	return dst
}

// appendFixed appends the magnitude without an exponent.
func (n *number) appendFixed(dst []byte) []byte {
	const zeros = "000000000000000000000"
	switch {
	case n.point <= 0:
		dst = append(append(dst, "0."...), zeros[:-n.point]...)
		return append(dst, n.digits...)
	case n.point < len(n.digits):
		dst = append(append(dst, n.digits[:n.point]...), '.')
		return append(dst, n.digits[n.point:]...)
	default:
		return append(append(dst, n.digits...), zeros[:n.point-len(n.digits)]...)
	}
}

// appendMantissa appends d.ddd, or d if there is only one digit.
func (n *number) appendMantissa(dst []byte) []byte {
	dst = append(dst, n.digits[0])
	if len(n.digits) > 1 {
		dst = append(append(dst, '.'), n.digits[1:]...)
	}
	return dst
}

// appendExponent appends e±xx.
func (n *number) appendExponent(dst []byte) []byte {
	exponent := n.point - 1
	dst = append(dst, 'e')
	if exponent > 0 {
		dst = append(dst, '+')
	}
	return strconv.AppendInt(dst, int64(exponent), 10)
}
