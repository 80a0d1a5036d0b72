package brotli

import (
	"math/bits"
	"slices"
)

const maxCodeLen = 15

// A prefixCode holds the number of symbols with a code of each length, and the symbols in the order
// of their codes (section 3.2).
type prefixCode struct {
	counts  [maxCodeLen + 1]int
	symbols []int
}

func newPrefixCode(lengths []int) *prefixCode {
	var c prefixCode
	for length := 1; length <= maxCodeLen; length++ {
		for symbol, l := range lengths {
			if l == length {
				c.counts[length]++
				c.symbols = append(c.symbols, symbol)
			}
		}
	}
	return &c
}

// symbol reads a symbol. If there is only one, it takes no bits.
func (r *bitReader) symbol(c *prefixCode) int {
	if len(c.symbols) == 1 {
		return c.symbols[0]
	}
	code, first, index := 0, 0, 0
	for length := 1; length <= maxCodeLen; length++ {
		code |= r.bit()
		n := c.counts[length]
		if code < first+n {
			return c.symbols[index+code-first]
		}
		index += n
		first = (first + n) << 1
		code <<= 1
	}
	panic(corruption{errCorrupt})
}

// prefixCode reads the code of an alphabet (sections 3.4 and 3.5).
func (r *bitReader) prefixCode(alphabet int) *prefixCode {
	r.table(alphabet)
	skipped := r.read(2)
	if skipped == 1 {
		return r.simpleCode(alphabet)
	}
	return r.complexCode(alphabet, skipped)
}

func (r *bitReader) simpleCode(alphabet int) *prefixCode {
	symbols := make([]int, 1+r.read(2))
	for i := range symbols {
		symbols[i] = r.read(bits.Len(uint(alphabet - 1)))
		require(symbols[i] < alphabet && !slices.Contains(symbols[:i], symbols[i]))
	}
	lengths := [][]int{{1}, {1, 1}, {1, 2, 2}, {2, 2, 2, 2}}[len(symbols)-1]
	if len(symbols) == 4 && r.bit() == 1 {
		lengths = []int{1, 2, 3, 3}
	}
	all := make([]int, alphabet)
	for i, symbol := range symbols {
		all[symbol] = lengths[i]
	}
	return newPrefixCode(all)
}

// lengthOrder is the order in which the lengths of the code for code lengths come.
var lengthOrder = [...]int{1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15}

func (r *bitReader) complexCode(alphabet, skipped int) *prefixCode {
	var lengths [len(lengthOrder)]int
	space, used := 32, 0
	for _, symbol := range lengthOrder[skipped:] {
		length := r.lengthOfLength()
		lengths[symbol] = length
		if length > 0 {
			space -= 32 >> length
			used++
		}
		if space <= 0 {
			break
		}
	}
	require(space == 0 || used == 1)
	return newPrefixCode(r.lengths(alphabet, newPrefixCode(lengths[:])))
}

// lengthOfLength reads 0, 3, 4 or 2 in two bits (three for 2), 1 or 5 in four.
func (r *bitReader) lengthOfLength() int {
	if first := r.read(2); first != 3 {
		return [...]int{0, 4, 3}[first]
	}
	if r.bit() == 0 {
		return 2
	}
	return [...]int{1, 5}[r.bit()]
}

// lengths reads the lengths of the codes of an alphabet. Symbol 16 repeats the last length that is
// not 0, 17 repeats 0.
func (r *bitReader) lengths(alphabet int, code *prefixCode) []int {
	var lengths []int
	const full = 1 << maxCodeLen
	space, last, repeated, repeats := full, 8, -1, 0
	for len(lengths) < alphabet && space > 0 {
		symbol := r.symbol(code)
		if symbol <= maxCodeLen {
			repeats = 0
			lengths = append(lengths, symbol)
			if symbol > 0 {
				last = symbol
				space -= full >> symbol
			}
			continue
		}
		value, extra := last, symbol-14
		if symbol == 17 {
			value = 0
		}
		if value != repeated {
			repeated, repeats = value, 0
		}
		before := repeats
		if repeats > 0 {
			repeats = (repeats - 2) << extra
		}
		repeats += 3 + r.read(extra)
		n := repeats - before
		require(len(lengths)+n <= alphabet)
		lengths = append(lengths, slices.Repeat([]int{value}, n)...)
		if value > 0 {
			space -= n << (maxCodeLen - value)
		}
	}
	require(space == 0)
	return lengths
}
