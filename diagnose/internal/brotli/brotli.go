// Package brotli decompresses the format of RFC 7932, which the standard library does not support.
// Section numbers in its comments refer to that RFC.
package brotli

import "errors"

// maxTables limits the total size of all tables of a body, in entries, because a few bytes can
// describe large tables. Those of a block have a few thousand entries, and there may be a block for
// each KiB.
const maxTables = 1 << 24

var errCorrupt = errors.New("not brotli (RFC 7932)")

// Decode decompresses src up to a limit of bytes, because a few bytes can decompress to gigabytes.
func Decode(src []byte, limit int) (content []byte, err error) {
	d := decoder{bits: bitReader{src: src}, limit: limit, distances: [4]int{4, 11, 15, 16}}
	defer func() {
		if r := recover(); r != nil {
			fault, isFault := r.(corruption)
			if !isFault {
				panic(r)
			}
			content, err = nil, fault
		}
	}()
	d.window = d.bits.windowSize()
	for last := false; !last && len(d.out) < limit; {
		last = d.metaBlock()
	}
	require(len(d.out) >= limit || (d.bits.at+7)>>3 == len(src))
	return d.out[:min(len(d.out), limit)], nil
}

// A corruption unwinds the decoder.
type corruption struct{ error }

func require(condition bool) {
	if !condition {
		panic(corruption{errCorrupt})
	}
}

// A bitReader reads bits, the least significant bit of each byte first.
type bitReader struct {
	src    []byte
	at     int // in bits
	tables int // how many entries of tables were read
}

// table accounts for a table of n entries.
func (r *bitReader) table(n int) {
	r.tables += n
	require(r.tables <= maxTables)
}

func (r *bitReader) bit() int {
	require(r.at>>3 < len(r.src))
	b := int(r.src[r.at>>3]>>(r.at&7)) & 1
	r.at++
	return b
}

func (r *bitReader) read(n int) int {
	v := 0
	for i := range n {
		v |= r.bit() << i
	}
	return v
}

// bytes returns the next n bytes, starting at a byte boundary.
func (r *bitReader) bytes(n int) []byte {
	start := (r.at + 7) >> 3
	require(n <= len(r.src)-start)
	r.at = (start + n) << 3
	return r.src[start : start+n]
}

// windowSize reads how far back a distance may reach (section 9.1).
func (r *bitReader) windowSize() int {
	bits := 16
	if r.bit() == 1 {
		bits = 17
		if n := r.read(3); n > 0 {
			bits = 17 + n
		} else if n := r.read(3); n > 0 {
			require(n != 1)
			bits = 8 + n
		}
	}
	return 1<<bits - 16
}

// count reads a number from 1 to 256 (section 9.2).
func (r *bitReader) count() int {
	if r.bit() == 0 {
		return 1
	}
	n := r.read(3)
	return 1 + 1<<n + r.read(n)
}

// A span is a range of numbers: the smallest one, and how many bits select one of them.
type span struct{ base, extra int }

func (r *bitReader) in(s span) int { return s.base + r.read(s.extra) }
