package jsondoc

import (
	"bytes"
	"hash/maphash"
)

// fewNames is up to how many names are compared with one another. URLR's objects have at most 13.
const fewNames = 16

// A nameTable finds duplicate names, in time that is linear in their length. It is a hash table with
// open addressing. Its seed is random, so nobody can choose names that collide.
type nameTable struct {
	seed  maphash.Seed
	slots []slot
}

// A slot has the hash of a name and its index plus one, so that the zero slot is an empty one.
type slot struct {
	hash  uint32
	index uint32
}

func (t *nameTable) hasDuplicate(names [][]byte) bool {
	if len(names) <= fewNames {
		return hasDuplicateOfFew(names)
	}
	mask := t.clear(len(names))
	for i, name := range names {
		hash := uint32(maphash.Bytes(t.seed, name))
		at := hash & mask
		for ; t.slots[at].index != 0; at = (at + 1) & mask {
			if t.slots[at].hash == hash && bytes.Equal(names[t.slots[at].index-1], name) {
				return true
			}
		}
		t.slots[at] = slot{hash, uint32(i + 1)}
	}
	return false
}

// clear makes an empty table for n names that is at most half full. It returns the mask of the
// indices of its slots, whose number is a power of two.
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
	return uint32(size - 1)
}

// hasDuplicateOfFew compares a name with those before it only if one of them has the same sketch.
func hasDuplicateOfFew(names [][]byte) bool {
	var seen uint64 // a bit for each sketch
	for i, name := range names {
		bit := uint64(1) << sketch(name)
		if seen&bit != 0 {
			for _, other := range names[:i] {
				if bytes.Equal(name, other) {
					return true
				}
			}
		}
		seen |= bit
	}
	return false
}

// sketch returns a number below 64 that is the same for equal names.
func sketch(name []byte) uint {
	n := uint(len(name))
	if n > 0 {
		n += uint(name[0])*5 + uint(name[n-1])*3
	}
	return n % 64
}
