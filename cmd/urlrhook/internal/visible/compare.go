package visible

import (
	"bytes"
	"unicode/utf8"
)

// How many characters are shown of two bodies: equal ones before the first difference, and those
// after it.
const (
	diffBefore = 48
	diffAfter  = 200
)

// A Difference shows where two byte strings begin to differ.
type Difference struct {
	Offset           int // how many bytes are equal
	Received, Signed Excerpt
}

// An Excerpt is a part of a body.
type Excerpt struct {
	Cut, CutAfter bool // something is left out before, or after
	Spans         []Span
}

// Compare marks the bytes that differ. Its cost is bounded, because it compares excerpts of a fixed
// size.
func Compare(received, signed []byte) *Difference {
	offset, start := commonPrefix(received, signed)
	a, restA := characters(received[start:])
	b, restB := characters(signed[start:])
	d := &Difference{Offset: offset}
	d.Received = Excerpt{Cut: start > 0, CutAfter: restA}
	d.Signed = Excerpt{Cut: start > 0, CutAfter: restB}
	for _, s := range joinNear(dropEnd(align(a, b), restA || restB)) {
		d.Received.add(s.a, s.differs)
		d.Signed.add(s.b, s.differs)
	}
	return d
}

// CompareNames lists two sequences of names, and marks those that moved or that only one of them
// has. It takes time in proportion to the product of their lengths.
func CompareNames(received, signed []string) (markedReceived, markedSigned []Span) {
	for _, s := range align(byteStrings(received), byteStrings(signed)) {
		markedReceived = appendNames(markedReceived, s.a, s.differs)
		markedSigned = appendNames(markedSigned, s.b, s.differs)
	}
	return markedReceived, markedSigned
}

func byteStrings(all []string) [][]byte {
	converted := make([][]byte, len(all))
	for i, s := range all {
		converted[i] = []byte(s)
	}
	return converted
}

func appendNames(spans []Span, names [][]byte, marked bool) []Span {
	for _, name := range names {
		if len(spans) > 0 {
			spans = append(spans, Span{Text: ", "})
		}
		spans = append(spans, Span{Text: Line(string(name), 100), Marked: marked})
	}
	return spans
}

func (e *Excerpt) add(chars [][]byte, marked bool) {
	for _, s := range Spans(bytes.Join(chars, nil)) {
		s.Marked = marked
		e.Spans = append(e.Spans, s)
	}
}

// commonPrefix returns how many bytes are equal, and where the excerpts start, at a character of
// both.
func commonPrefix(a, b []byte) (offset, start int) {
	for offset < len(a) && offset < len(b) && a[offset] == b[offset] {
		offset++
	}
	start = offset
	for n := 0; n < diffBefore && start > 0; n++ {
		start--
		for back := 1; back < utf8.UTFMax && start > 0 && !utf8.RuneStart(a[start]); back++ {
			start--
		}
	}
	return offset, start
}

// characters splits the beginning of b into characters, and reports whether more follows.
func characters(b []byte) (chars [][]byte, more bool) {
	for len(b) > 0 && len(chars) < diffBefore+diffAfter {
		_, n := utf8.DecodeRune(b)
		chars, b = append(chars, b[:n]), b[n:]
	}
	return chars, len(b) > 0
}

// A stretch is a part of two texts that is equal, or differs.
type stretch struct {
	a, b    [][]byte
	differs bool
}

// align finds the longest common subsequence.
func align(a, b [][]byte) []stretch {
	common := commonLengths(a, b)
	var all []stretch
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && bytes.Equal(a[i], b[j]):
			all = extend(all, stretch{a[i : i+1], b[j : j+1], false})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			all = extend(all, stretch{a: a[i : i+1], differs: true})
			i++
		default:
			all = extend(all, stretch{b: b[j : j+1], differs: true})
			j++
		}
	}
	return all
}

// commonLengths returns the length of the longest common subsequence of a[i:] and b[j:] at [i][j].
func commonLengths(a, b [][]byte) [][]int {
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if bytes.Equal(a[i], b[j]) {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	return common
}

func extend(all []stretch, s stretch) []stretch {
	if last := len(all) - 1; last >= 0 && all[last].differs == s.differs {
		all[last].a = append(all[last].a[:len(all[last].a):len(all[last].a)], s.a...)
		all[last].b = append(all[last].b[:len(all[last].b):len(all[last].b)], s.b...)
		return all
	}
	return append(all, s)
}

// dropEnd removes a difference at the end of excerpts that were cut: one of them just ends earlier.
func dropEnd(all []stretch, wasCut bool) []stretch {
	if last := len(all) - 1; wasCut && last > 1 && all[last].differs {
		return all[:last]
	}
	return all
}

// joinNear marks a few equal characters between differences too: they are equal by chance, and
// scattered marks are hard to read.
func joinNear(all []stretch) []stretch {
	const chance = 3
	var joined []stretch
	for i, s := range all {
		if inner := i > 0 && i < len(all)-1; inner && len(s.a) <= chance {
			s.differs = true
		}
		joined = extend(joined, s)
	}
	return joined
}
