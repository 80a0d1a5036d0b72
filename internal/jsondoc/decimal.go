package jsondoc

import (
	"bytes"
	"math"
	"math/big"
	"strconv"
	"sync/atomic"
)

const (
	// maxFastDigits is how many significant digits always fit 64 bits. With as many,
	// strconv.ParseFloat converts a number quickly, unless it is about as small as the smallest
	// normal double. Then, and with more digits, it may take 300 times as long.
	maxFastDigits = 19
	// minFastExponent and the other exponents are those of the first significant digit.
	minFastExponent = -307 // 1e-307 is normal
	minExponent     = -324 // anything below 1e-324 rounds to zero, since half the smallest double is 2.47e-324
	maxExponent     = 308  // the largest double is 1.8e308
)

// A decimal describes a number before it is converted.
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

// parseExponent returns the value of an exponent. One that is too large for 24 bits, and so for any
// double, becomes the nearest number that is not.
func parseExponent(text []byte) int {
	n, _ := strconv.ParseInt(string(text), 10, 24)
	return int(n)
}

// isCostly reports whether the conversion may take much longer than usual. It does if the number is
// close to halfway between two doubles, which no number of at most 15 digits is.
func (d decimal) isCostly() bool {
	return d.needsExact() || d.digits > maxSafeDigits
}

// needsExact reports whether strconv.ParseFloat could take very long, so that exactDouble is used.
func (d decimal) needsExact() bool {
	return !d.isZero() && d.exponent <= maxExponent && (d.digits > maxFastDigits || d.exponent < minFastExponent)
}

func (d decimal) isZero() bool { return d.digits == 0 || d.exponent < minExponent }

// double returns the double nearest to the number, which may be infinite.
func (d decimal) double(literal []byte) float64 {
	switch {
	case d.isZero():
		return d.signed(0)
	case d.exponent > maxExponent:
		return d.signed(math.Inf(1))
	case d.needsExact():
		return d.signed(d.exactDouble(literal))
	default:
		f, _ := strconv.ParseFloat(string(literal), 64) // an error means that it is infinite
		return f
	}
}

func (d decimal) signed(f float64) float64 {
	if d.negative {
		return -f
	}
	return f
}

// exactDouble returns the double nearest to the magnitude of the number. It takes the significant
// digits as an integer and multiplies or divides that by a power of ten, keeping the first 64 bits of
// the result. If the result is not exact, the last of these bits is set, so that rounding to 53 bits
// or fewer goes the right way.
func (d decimal) exactDouble(literal []byte) float64 {
	var integer big.Int
	integer.SetString(string(d.significant(literal)), 10)
	digits := new(big.Float).SetInt(&integer)
	result := new(big.Float).SetPrec(64).SetMode(big.ToZero)
	if exponent := d.exponent - (d.digits - 1); exponent < 0 {
		result.Quo(digits, powerOfTen(-exponent))
	} else {
		result.Mul(digits, powerOfTen(exponent))
	}
	if result.Acc() != big.Exact {
		setLastBit(result)
	}
	f, _ := result.Float64()
	return f
}

// powers caches the powers of ten: computing one takes longer than the rest of a conversion.
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
	digits := make([]byte, 0, d.digits)
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
	exponent := f.MantExp(f) // from now on, f is from 0.5 to 1
	bits, _ := f.SetMantExp(f, 64).Uint64()
	f.SetUint64(bits | 1)
	f.SetMantExp(f, exponent-64)
}
