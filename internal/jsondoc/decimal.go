package jsondoc

import (
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

// A decimal describes a number that is not yet converted: d.ddd × 10^exponent.
type decimal struct {
	negative bool
	digits   int    // the number of significant digits, without leading and trailing zeros; 0 for zero
	exponent int    // of the first significant digit
	leading  uint64 // the first 19 significant digits, or all if there are fewer
}

// parseDecimal describes literal, which must be a valid number.
func parseDecimal(literal []byte) decimal {
	d := decimal{exponent: -1}
	n := 0 // digits since the first significant one
	isFraction := false
	for i, c := range literal {
		switch {
		case c == '-':
			d.negative = true
		case c == '.':
			isFraction = true
		case c == 'e' || c == 'E':
			d.exponent += parseExponent(literal[i+1:])
			return d
		case n == 0 && c == '0':
			if isFraction {
				d.exponent--
			}
		default:
			if !isFraction {
				d.exponent++
			}
			if n++; c != '0' {
				d.append(n, c-'0')
			}
		}
	}
	return d
}

// append adds a nonzero digit, the nth significant one. All those that are missing before it are
// zeros.
func (d *decimal) append(n int, digit byte) {
	for missing := min(n, maxFastDigits) - min(d.digits, maxFastDigits); missing > 0; missing-- {
		d.leading *= 10
	}
	if n <= maxFastDigits {
		d.leading += uint64(digit)
	}
	d.digits = n
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
	if f, ok := d.fastDouble(); ok {
		return f
	}
	return d.exactDouble(literal)
}

// fastDouble returns the double nearest to the number, unless that is expensive to find: if the
// number is below 1e-307, or so close to halfway between two doubles that its first 19 digits don't
// decide.
func (d decimal) fastDouble() (f float64, ok bool) {
	switch {
	case d.isZero():
		return d.signed(0), true
	case d.exponent > maxExponent:
		return d.signed(math.Inf(1)), true
	case d.exponent < minFastExponent:
		return 0, false
	}
	scale := d.exponent - (min(d.digits, maxFastDigits) - 1)
	f = scaled(d.leading, scale)
	// With more digits, the magnitude is between leading × 10^scale and (leading+1) × 10^scale.
	return d.signed(f), d.digits <= maxFastDigits || f == scaled(d.leading+1, scale)
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
		digits.SetUint64(d.leading)
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
