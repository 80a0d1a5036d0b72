package brotli

import "math"

// A decoder holds what outlives a meta-block.
type decoder struct {
	bits      bitReader
	out       []byte
	limit     int
	window    int
	distances [4]int // the last ones, the latest first
}

// metaBlock reads a meta-block (section 9.2) and reports whether it is the last.
func (d *decoder) metaBlock() (last bool) {
	r := &d.bits
	last = r.bit() == 1
	if last && r.bit() == 1 {
		return true // and empty
	}
	nibbles := 4 + r.read(2)
	if nibbles == 7 {
		d.skipMetadata()
		return last
	}
	length := 1 + r.read(4*nibbles)
	if !last && r.bit() == 1 {
		d.out = append(d.out, r.bytes(length)...)
		return false
	}
	d.compressed(length)
	return last
}

func (d *decoder) skipMetadata() {
	require(d.bits.bit() == 0)
	length := 0
	if n := d.bits.read(2); n > 0 {
		length = 1 + d.bits.read(8*n)
	}
	d.bits.bytes(length)
}

// The categories of blocks.
const (
	literals = iota
	commands
	distances
	categories
)

// A section is the blocks of a category in a meta-block (section 6).
type section struct {
	types         int // how many there are
	current, last int
	left          int // symbols in the current block
	typeCode      *prefixCode
	lengthCode    *prefixCode
}

func (r *bitReader) section() section {
	s := section{types: r.count(), last: 1, left: math.MaxInt}
	if s.types > 1 {
		s.typeCode = r.prefixCode(s.types + 2)
		s.lengthCode = r.prefixCode(len(blockLengths))
		s.left = r.in(blockLengths[r.symbol(s.lengthCode)])
	}
	return s
}

// next accounts for a symbol, and changes to the next block if the current one has no more.
func (s *section) next(r *bitReader) {
	if s.left == 0 {
		next := r.symbol(s.typeCode) - 2
		switch next {
		case -2:
			next = s.last
		case -1:
			next = (s.current + 1) % s.types
		}
		s.last, s.current = s.current, next
		s.left = r.in(blockLengths[r.symbol(s.lengthCode)])
	}
	s.left--
}

var blockLengths = [...]span{
	{1, 2}, {5, 2}, {9, 2}, {13, 2}, {17, 3}, {25, 3}, {33, 3},
	{41, 3}, {49, 4}, {65, 4}, {81, 4}, {97, 4}, {113, 5}, {145, 5},
	{177, 5}, {209, 5}, {241, 6}, {305, 6}, {369, 7}, {497, 8},
	{753, 9}, {1265, 10}, {2289, 11}, {4337, 12}, {8433, 13}, {16625, 24},
}

// A metaBlock holds the codes of a meta-block.
type metaBlock struct {
	sections      [categories]section
	postfix       int // bits
	direct        int // distances that have a symbol of their own
	modes         []int
	literalMap    []int
	distanceMap   []int
	literalCodes  []*prefixCode
	commandCodes  []*prefixCode
	distanceCodes []*prefixCode
}

func (r *bitReader) header() *metaBlock {
	var m metaBlock
	for i := range m.sections {
		m.sections[i] = r.section()
	}
	m.postfix = r.read(2)
	m.direct = r.read(4) << m.postfix
	for range m.sections[literals].types {
		m.modes = append(m.modes, r.read(2))
	}
	var literalTrees, distanceTrees int
	m.literalMap, literalTrees = r.contextMap(64 * m.sections[literals].types)
	m.distanceMap, distanceTrees = r.contextMap(4 * m.sections[distances].types)
	m.literalCodes = r.prefixCodes(literalTrees, 256)
	m.commandCodes = r.prefixCodes(m.sections[commands].types, 704)
	m.distanceCodes = r.prefixCodes(distanceTrees, 16+m.direct+48<<m.postfix)
	return &m
}

func (r *bitReader) prefixCodes(n, alphabet int) []*prefixCode {
	codes := make([]*prefixCode, n)
	for i := range codes {
		codes[i] = r.prefixCode(alphabet)
	}
	return codes
}
