package jsondoc

import (
	"math"
	"math/bits"
	"strconv"
)

// maxPowerOfFive is the largest n for which 5^n fits 64 bits.
const maxPowerOfFive = 27

var powersOfFive = func() (table [maxPowerOfFive + 1]uint64) {
	table[0] = 1
	for i := range maxPowerOfFive {
		table[i+1] = 5 * table[i]
	}
	return table
}()

// scaled returns the double nearest to integer × 10^scale, which must be normal or infinite.
// integer must not be zero.
//
// strconv.ParseFloat is fast for 64-bit integers, unless the number is exactly halfway between two
// doubles (Mushtak and Lemire, Fast number parsing without fallback, 2023). Such a number has a
// scale from -4 to 23, so it never reaches ParseFloat.
func scaled(integer uint64, scale int) float64 {
	switch {
	case scale < -maxPowerOfFive || scale > maxPowerOfFive:
		literal := strconv.AppendUint(make([]byte, 0, maxNumberLen), integer, 10)
		literal = strconv.AppendInt(append(literal, 'e'), int64(scale), 10)
		f, _ := strconv.ParseFloat(string(literal), 64) // an error means infinity
		return f
	case scale < 0:
		mantissa, exponent := quotient(integer, powersOfFive[-scale])
		return math.Ldexp(float64(mantissa), exponent+scale)
	default:
		mantissa, exponent := product(integer, powersOfFive[scale])
		return math.Ldexp(float64(mantissa), exponent+scale)
	}
}

// product returns x × y as mantissa × 2^exponent. If it drops nonzero bits, it sets the last bit of
// the mantissa, so that rounding to 53 bits is correct.
func product(x, y uint64) (mantissa uint64, exponent int) {
	high, low := bits.Mul64(x, y)
	if high == 0 {
		return low, 0
	}
	shift := bits.LeadingZeros64(high)
	mantissa = high<<shift | low>>(64-shift)
	if low<<shift != 0 {
		mantissa |= 1
	}
	return mantissa, 64 - shift
}

// quotient returns x / y as mantissa × 2^exponent, with a mantissa of at least 63 bits. If there is
// a remainder, it sets the last bit of the mantissa.
func quotient(x, y uint64) (mantissa uint64, exponent int) {
	shiftX, shiftY := bits.LeadingZeros64(x), bits.LeadingZeros64(y)
	x, y = x<<shiftX, y<<shiftY
	mantissa, remainder := bits.Div64(x>>1, x<<63, y) // the dividend is x × 2^63
	if remainder != 0 {
		mantissa |= 1
	}
	return mantissa, shiftY - shiftX - 63
}
