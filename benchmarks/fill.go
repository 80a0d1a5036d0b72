package main

import (
	"bytes"
	"hash/fnv"
	"strconv"
	"strings"
)

// A filler makes a body of exactly size bytes, or nil if size is too small for its kind.
type filler func(size int) []byte

// fill returns head, as many elements as fit, white space, and tail.
func fill(head, separator, tail string, element func(i int) string) filler {
	return func(size int) []byte {
		b := append(make([]byte, 0, size), head...)
		for i := 0; ; i++ {
			e := element(i)
			if i > 0 {
				e = separator + e
			}
			if len(b)+len(e)+len(tail) > size {
				if i == 0 {
					return nil
				}
				break
			}
			b = append(b, e...)
		}
		return append(pad(b, size-len(tail)), tail...)
	}
}

func pad(b []byte, size int) []byte {
	return append(b, bytes.Repeat([]byte(" "), size-len(b))...)
}

// event is where a forged body has its expensive part: in an unknown member, so that it is read as an event too.
const (
	event    = `{"event":"link_clicked","link":{"code":"yBPhx"},"x":`
	eventEnd = `}`
)

// array repeats its elements in turn.
func array(elements ...string) filler { return fill(event+`[`, ",", `]`+eventEnd, cycle(elements...)) }

// text is one long string.
func text(characters ...string) filler {
	return fill(event+`"`, "", `"`+eventEnd, cycle(characters...))
}

// object has a member for each name.
func object(name func(i int) string) filler {
	return fill(event+`{`, ",", `}`+eventEnd, func(i int) string { return `"` + name(i) + `":0` })
}

// late is a body whose mistake is found at its end.
func late(tail string) filler { return fill(event+`[`, ",", tail, smallObject) }

func smallObject(i int) string {
	n := strconv.Itoa(i)
	return `{"id":` + n + `,"city":"Cr\u00e9hen/` + n + `","bot":false}`
}

// few is an event with at most n of the elements, and white space.
func few(n int, element string) filler {
	elements := strings.Repeat(element+",", n-1) + element
	return func(size int) []byte {
		b := []byte(event + `[` + elements + `]` + eventEnd)
		if len(b) > size {
			return nil
		}
		return pad(b, size)
	}
}

// nested opens and closes brackets depth times around each element.
func nested(depth int, open, element, end string) string {
	return strings.Repeat(open, depth) + element + strings.Repeat(end, depth)
}

// deep has its elements below depth brackets.
func deep(depth int, open string, elements []string, end string) filler {
	return fill(event+strings.Repeat(open, depth)+`[`, ",", `]`+strings.Repeat(end, depth)+eventEnd, cycle(elements...))
}

// deepest nests as deep as size allows, but no deeper than other parsers read.
func deepest(open, element, end string) filler {
	return func(size int) []byte {
		depth := min((size-len(event)-len(element)-len(eventEnd))/len(open+end), 9_000)
		return pad([]byte(event+nested(depth, open, element, end)+eventEnd), size)
	}
}

func cycle(elements ...string) func(i int) string {
	return func(i int) string { return elements[i%len(elements)] }
}

// numbered are names as short as can be: 0, 1, ... z, 10, ...
func numbered(i int) string { return strconv.FormatInt(int64(i), 36) }

// fixed returns the i-th of n names of the same length between a prefix and a suffix.
func fixed(prefix, suffix string) func(i int) string {
	return func(i int) string {
		n := numbered(i)
		return prefix + strings.Repeat("0", 4-len(n)) + n + suffix
	}
}

// colliding returns names that have the same sum under a hash that adds what each character says: pairs spells the bits of i.
func colliding(zero, one string) func(i int) string {
	return func(i int) string {
		var name strings.Builder
		for bit := range 14 {
			if i>>bit&1 == 0 {
				name.WriteString(zero)
			} else {
				name.WriteString(one)
			}
		}
		return name.String()
	}
}

// collidingFNV returns names whose FNV-1a has the same low bits: they meet in the same bucket of a table.
func collidingFNV() func(i int) string {
	const low = 1<<10 - 1
	var names []string
	candidate := 0
	return func(i int) string {
		for ; len(names) <= i; candidate++ {
			name := numbered(candidate)
			h := fnv.New32a()
			_, _ = h.Write([]byte(name)) // never fails
			if h.Sum32()&low == 0 {
				names = append(names, name)
			}
		}
		return names[i]
	}
}
