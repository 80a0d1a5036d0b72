package jsondoc

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/rand/v2"
)

// A name locates a member's name: in the text or, if it contains escape sequences, unescaped in the
// scanner's values.
type name struct {
	start, end uint32
	escaped    bool
}

// addName adds the current name to the innermost object.
func (s *Scanner) addName() {
	n := name{uint32(s.start + 1), uint32(s.at - 1), s.class&escape != 0} //nolint:gosec // see ErrTooLong
	if n.escaped {
		first := len(s.values)
		s.values = appendUnquoted(s.values, s.text[n.start:n.end], true) // keep different names different
		n.start, n.end = uint32(first), uint32(len(s.values))            //nolint:gosec // no longer than the text
	}
	s.names = append(s.names, n)
}

func (s *Scanner) textOf(n name) []byte {
	if n.escaped {
		return s.values[n.start:n.end]
	}
	return s.text[n.start:n.end]
}

// fewNames is the largest number of names compared pairwise. URLR's objects have at most 13.
const fewNames = 16

// hasDuplicate reports whether a name occurs twice in the innermost object, whose names start at
// index first. It takes time linear in their length.
func (s *Scanner) hasDuplicate(first int) bool {
	names := s.names[first:]
	switch {
	case len(names) < 2 || s.AllowDuplicateNames:
		return false
	case len(names) <= fewNames:
		return s.hasDuplicateOfFew(names)
	default:
		return s.hasDuplicateOfMany(names)
	}
}

// hasDuplicateOfFew compares a name with earlier ones only if one of them has the same sketch.
func (s *Scanner) hasDuplicateOfFew(names []name) bool {
	var seen uint64 // a bit for each sketch
	for i, n := range names {
		text := s.textOf(n)
		bit := uint64(1) << sketch(text)
		if seen&bit != 0 {
			for _, other := range names[:i] {
				if bytes.Equal(text, s.textOf(other)) {
					return true
				}
			}
		}
		seen |= bit
	}
	return false
}

// sketch returns a number below 64. Equal names have the same sketch. Different names rarely do,
// unless they are long and share both ends.
func sketch(name []byte) uint {
	x := uint64(len(name))
	if len(name) >= 8 {
		x += binary.LittleEndian.Uint64(name)*3 + binary.LittleEndian.Uint64(name[len(name)-8:])
	} else {
		for _, c := range name {
			x = x<<8 + uint64(c)
		}
	}
	return uint(x * sketchSeed >> 58)
}

// sketchSeed is random, so that a sender can't choose names with the same sketch.
var sketchSeed = rand.Uint64() | 1 //nolint:gosec // never revealed

// hasDuplicateOfMany uses a hash table with open addressing. Its seed is random, so that a sender
// can't choose names that collide.
func (s *Scanner) hasDuplicateOfMany(names []name) bool {
	mask := s.table.clear(len(names))
	for i, n := range names {
		text := s.textOf(n)
		hash := uint32(maphash.Bytes(s.table.seed, text)) //nolint:gosec // half of the hash suffices
		at := hash & mask
		for ; s.table.slots[at].index != 0; at = (at + 1) & mask {
			slot := s.table.slots[at]
			if slot.hash == hash && bytes.Equal(s.textOf(names[slot.index-1]), text) {
				return true
			}
		}
		s.table.slots[at] = slot{hash, uint32(i + 1)}
	}
	return false
}

// A nameTable is a hash table of names.
type nameTable struct {
	seed  maphash.Seed
	slots []slot
}

// A slot holds the hash of a name and the name's index plus one. The zero slot is empty.
type slot struct {
	hash  uint32
	index uint32
}

// clear empties the table and sizes it to be at most half full with n names. The number of slots is
// a power of two; clear returns the mask for slot indexes.
func (t *nameTable) clear(n int) (mask uint32) {
	if t.seed == (maphash.Seed{}) {
		t.seed = maphash.MakeSeed()
	}
	size := 1
	for size < 2*n {
		size *= 2
	}
	if size > cap(t.slots) {
		t.slots = make([]slot, size)
	}
	t.slots = t.slots[:size]
	clear(t.slots)
	return uint32(size - 1) //nolint:gosec // see ErrTooLong
}
