package brotli

// contextMap reads which prefix code belongs to each context (section 7.3), and how many codes
// there are.
func (r *bitReader) contextMap(size int) (codes []int, n int) {
	n = r.count()
	r.table(size)
	codes = make([]int, size)
	if n == 1 {
		return codes, n
	}
	maxRun := 0
	if r.bit() == 1 {
		maxRun = 1 + r.read(4)
	}
	code := r.prefixCode(n + maxRun)
	for i := 0; i < size; {
		switch symbol := r.symbol(code); {
		case symbol == 0:
			i++
		case symbol <= maxRun:
			i += 1<<symbol + r.read(symbol)
			require(i <= size)
		default:
			codes[i] = symbol - maxRun
			i++
		}
	}
	if r.bit() == 1 {
		moveToFront(codes)
	}
	return codes, n
}

// moveToFront undoes the transform of this name.
func moveToFront(codes []int) {
	var order [256]byte
	for i := range order {
		order[i] = byte(i)
	}
	for i, index := range codes {
		code := order[index]
		codes[i] = int(code)
		copy(order[1:index+1], order[:index])
		order[0] = code
	}
}

// contextOf returns the context of a literal, from the two bytes before it (section 7.1).
func contextOf(mode int, last, beforeLast byte) int {
	switch mode {
	case 0:
		return int(last & 0x3f)
	case 1:
		return int(last >> 2)
	case 2:
		return int(lastOfUTF8[last] | beforeLastOfUTF8(beforeLast))
	default:
		return magnitude(last)<<3 | magnitude(beforeLast)
	}
}

// lastOfUTF8 is Lut0 of the RFC.
var lastOfUTF8 = func() (table [256]byte) {
	copy(table[:], []byte{
		0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 0, 0, 4, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		8, 12, 16, 12, 12, 20, 12, 16, 24, 28, 12, 12, 32, 12, 36, 12,
		44, 44, 44, 44, 44, 44, 44, 44, 44, 44, 32, 32, 24, 40, 28, 12,
		12, 48, 52, 52, 52, 48, 52, 52, 52, 48, 52, 52, 52, 52, 52, 48,
		52, 52, 52, 52, 52, 48, 52, 52, 52, 52, 52, 24, 12, 28, 12, 12,
		12, 56, 60, 60, 60, 56, 60, 60, 60, 56, 60, 60, 60, 60, 60, 56,
		60, 60, 60, 60, 60, 56, 60, 60, 60, 60, 60, 24, 12, 28, 12, 0,
	})
	for c := 128; c < 256; c++ {
		table[c] = byte(c>>6&1<<1 | c&1)
	}
	return table
}()

// beforeLastOfUTF8 is Lut1 of the RFC.
func beforeLastOfUTF8(c byte) byte {
	switch {
	case c >= 0xe0, '0' <= c && c <= '9', 'A' <= c && c <= 'Z':
		return 2
	case 'a' <= c && c <= 'z':
		return 3
	case '!' <= c && c <= '~':
		return 1
	default:
		return 0
	}
}

// magnitude is Lut2 of the RFC, of a signed byte.
func magnitude(c byte) int {
	class := 0
	for _, least := range []byte{1, 16, 64, 128, 192, 240, 255} {
		if c >= least {
			class++
		}
	}
	return class
}
