package brotli

// distance reads how far back a command copies from (section 4), and remembers it unless it was the
// last one or leads to the dictionary.
func (d *decoder) distance(m *metaBlock, c command) int {
	if c.isImplicit {
		return d.distances[0]
	}
	r := &d.bits
	s := &m.sections[distances]
	s.next(r)
	context := min(c.length, 5) - 2
	symbol := r.symbol(m.distanceCodes[m.distanceMap[4*s.current+context]])
	if symbol == 0 {
		return d.distances[0]
	}
	distance := d.distanceOf(symbol, m)
	require(distance > 0)
	if distance <= min(d.window, len(d.out)) {
		d.distances = [4]int{distance, d.distances[0], d.distances[1], d.distances[2]}
	}
	return distance
}

func (d *decoder) distanceOf(symbol int, m *metaBlock) int {
	if symbol < len(recent) {
		return d.distances[recent[symbol].index] + recent[symbol].offset
	}
	symbol -= len(recent)
	if symbol < m.direct {
		return 1 + symbol
	}
	symbol -= m.direct
	extra := 1 + symbol>>(m.postfix+1)
	base := (2+symbol>>m.postfix&1)<<extra - 4
	low := symbol & (1<<m.postfix - 1)
	return (base+d.bits.read(extra))<<m.postfix + low + m.direct + 1
}

// recent holds the meaning of the first symbols: one of the last distances, or one near it.
var recent = [...]struct{ index, offset int }{
	{0, 0}, {1, 0}, {2, 0}, {3, 0}, {0, -1}, {0, 1}, {0, -2}, {0, 2},
	{0, -3}, {0, 3}, {1, -1}, {1, 1}, {1, -2}, {1, 2}, {1, -3}, {1, 3},
}
