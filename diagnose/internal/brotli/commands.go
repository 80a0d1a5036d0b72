package brotli

// compressed reads the commands of a meta-block that decompresses to so many bytes (section 9.3).
func (d *decoder) compressed(length int) {
	r := &d.bits
	m := r.header()
	end := len(d.out) + length
	for len(d.out) < end && len(d.out) < d.limit {
		commands := &m.sections[commands]
		commands.next(r)
		c := r.command(m.commandCodes[commands.current])
		require(c.literals <= end-len(d.out))
		for range c.literals {
			d.literal(m)
		}
		if len(d.out) == end {
			return
		}
		before, at := len(d.out), r.at
		d.copy(c.length, d.distance(m, c))
		require(len(d.out) <= end && (len(d.out) > before || r.at > at)) // or it would never end
	}
}

// A command inserts literals and then copies bytes (section 5).
type command struct {
	literals, length int
	isImplicit       bool // the distance is the last one
}

func (r *bitReader) command(code *prefixCode) command {
	symbol := r.symbol(code)
	cell := cells[symbol>>6]
	c := command{isImplicit: symbol < 128}
	insert, length := insertLengths[cell.insert+symbol>>3&7], copyLengths[cell.length+symbol&7]
	c.literals = r.in(insert)
	c.length = r.in(length)
	return c
}

// cells holds the first codes of insert and copy lengths for each 64 symbols.
var cells = [...]struct{ insert, length int }{
	{0, 0}, {0, 8}, {0, 0}, {0, 8}, {8, 0}, {8, 8}, {0, 16}, {16, 0}, {8, 16}, {16, 8}, {16, 16},
}

var insertLengths = [...]span{
	{0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}, {6, 1}, {8, 1},
	{10, 2}, {14, 2}, {18, 3}, {26, 3}, {34, 4}, {50, 4}, {66, 5}, {98, 5},
	{130, 6}, {194, 7}, {322, 8}, {578, 9}, {1090, 10}, {2114, 12}, {6210, 14}, {22594, 24},
}

var copyLengths = [...]span{
	{2, 0}, {3, 0}, {4, 0}, {5, 0}, {6, 0}, {7, 0}, {8, 0}, {9, 0},
	{10, 1}, {12, 1}, {14, 2}, {18, 2}, {22, 3}, {30, 3}, {38, 4}, {54, 4},
	{70, 5}, {102, 5}, {134, 6}, {198, 7}, {326, 8}, {582, 9}, {1094, 10}, {2118, 24},
}

func (d *decoder) literal(m *metaBlock) {
	s := &m.sections[literals]
	s.next(&d.bits)
	context := contextOf(m.modes[s.current], d.before(1), d.before(2))
	code := m.literalCodes[m.literalMap[64*s.current+context]]
	d.out = append(d.out, byte(d.bits.symbol(code))) //nolint:gosec // of 256 symbols
}

// before returns the nth last byte, or 0.
func (d *decoder) before(n int) byte {
	if n > len(d.out) {
		return 0
	}
	return d.out[len(d.out)-n]
}

// copy appends bytes from before, which may overlap, or a word of the dictionary.
func (d *decoder) copy(length, distance int) {
	reach := min(d.window, len(d.out))
	if distance > reach {
		d.out = appendWord(d.out, length, distance-reach-1)
		return
	}
	for n := 0; n < length && len(d.out) < d.limit; n++ {
		d.out = append(d.out, d.before(distance))
	}
}
