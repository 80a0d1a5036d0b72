package jsondoc

import (
	"bytes"
	"math"
	"math/big"
	"strconv"
	"sync/atomic"
)

const (
	maxFastDigits = 19 // any 19 digits fit 64 bits
	// These are exponents of the first significant digit.
	minFastExponent = -307 // 1e-307 is normal
	minExponent     = -324 // smaller numbers round to zero: half the smallest double is 2.47e-324
	maxExponent     = 308  // the largest double is 1.8e308
)

// A decimal describes a number that is not yet converted.
type decimal struct {
	negative bool
	digits   int // the number of significant digits, without leading and trailing zeros; 0 for zero
	exponent int // of the first significant digit: the number is d.ddd × 10^exponent
}

// parseDecimal describes literal, which must be a valid number.
func parseDecimal(literal []byte) decimal {
	mantissa, exponent := literal, 0
	if i := bytes.IndexAny(literal, "eE"); i >= 0 {
		mantissa, exponent = literal[:i], parseExponent(literal[i+1:])
	}
	digits, negative := bytes.CutPrefix(mantissa, []byte("-"))
	d := decimal{negative: negative}
	point := bytes.IndexByte(digits, '.')
	if point < 0 {
		point = len(digits)
	}
	first, last := bytes.IndexAny(digits, "123456789"), bytes.LastIndexAny(digits, "123456789")
	if first < 0 {
		return d
	}
	d.digits, d.exponent = last-first+1, point-first-1
	if first < point && point < last {
		d.digits-- // the point
	}
	if first > point {
		d.exponent++ // it stands between the point and the digit
	}
	d.exponent += exponent
	return d
}

// parseExponent returns the value of an exponent, clamped to 24 bits, which exceed the exponents of
// doubles.
func parseExponent(text []byte) int {
	n, _ := strconv.ParseInt(string(text), 10, 24)
	return int(n)
}

func (d decimal) isZero() bool { return d.digits == 0 || d.exponent < minExponent }

// double returns the double nearest to the number, which may be infinite.
func (d decimal) double(literal []byte) float64 {
	if f, ok := d.fastDouble(literal); ok {
		return f
	}
	return d.exactDouble(literal)
}

// fastDouble returns the double nearest to the number, unless that is expensive to find: if the
// number is below 1e-307, or so close to halfway between two doubles that its first 19 digits don't
// decide.
func (d decimal) fastDouble(literal []byte) (f float64, ok bool) {
	switch {
	case d.isZero():
		return d.signed(0), true
	case d.exponent > maxExponent:
		return d.signed(math.Inf(1)), true
	case d.exponent < minFastExponent:
		return 0, false
	}
	integer, scale := d.leading(literal)
	f = scaled(integer, scale)
	return d.signed(f), d.digits <= maxFastDigits || f == scaled(integer+1, scale)
}

// leading returns the first 19 significant digits of literal. The magnitude of the number is
// integer × 10^scale or, if it has more digits, between that and (integer+1) × 10^scale.
func (d decimal) leading(literal []byte) (integer uint64, scale int) {
	d.digits, scale = min(d.digits, maxFastDigits), d.exponent-(min(d.digits, maxFastDigits)-1)
	for _, c := range d.significant(literal) {
		integer = 10*integer + uint64(c-'0')
	}
	return integer, scale
}

func (d decimal) signed(f float64) float64 {
	if d.negative {
		return -f
	}
	return f
}

// exactDouble returns the double nearest to a number that is neither zero nor too large. It
// multiplies or divides the significant digits, as an integer, by a power of ten, and keeps the
// first 64 bits of the result. If the result is inexact, it sets the last of these bits, so that
// rounding to 53 bits or fewer is correct.
func (d decimal) exactDouble(literal []byte) float64 {
	var digits, result big.Float
	if d.digits <= maxFastDigits {
		integer, _ := d.leading(literal)
		digits.SetUint64(integer)
	} else {
		var integer big.Int
		integer.SetString(string(d.significant(literal)), 10)
		digits.SetInt(&integer)
	}
	result.SetPrec(64).SetMode(big.ToZero)
	if scale := d.exponent - (d.digits - 1); scale < 0 {
		result.Quo(&digits, powerOfTen(-scale))
	} else {
		result.Mul(&digits, powerOfTen(scale))
	}
	if result.Acc() != big.Exact {
		setLastBit(&result)
	}
	f, _ := result.Float64()
	return d.signed(f)
}

// powers caches powers of ten. Computing one takes longer than the rest of a conversion.
var powers [maxDoubleDigits - minExponent]atomic.Pointer[big.Float]

// powerOfTen returns 10^n, which must not be modified.
func powerOfTen(n int) *big.Float {
	if power := powers[n].Load(); power != nil {
		return power
	}
	power := new(big.Float).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
	powers[n].Store(power)
	return power
}

// significant returns the significant digits of literal.
func (d decimal) significant(literal []byte) []byte {
	digits := make([]byte, 0, maxDoubleDigits)
	for _, c := range literal {
		if '1' <= c && c <= '9' || c == '0' && len(digits) > 0 {
			digits = append(digits, c)
		}
		if len(digits) == d.digits {
			break
		}
	}
	return digits
}

// setLastBit sets the last of the 64 bits of f, which is positive.
func setLastBit(f *big.Float) {
	exponent := f.MantExp(f) // f is now from 0.5 to 1
	bits, _ := f.SetMantExp(f, 64).Uint64()
	f.SetUint64(bits | 1)
	f.SetMantExp(f, exponent-64)
}
