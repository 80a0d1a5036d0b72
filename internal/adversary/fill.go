package adversary

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"strings"
)

// A filler returns a body of exactly size bytes, or nil if its kind does not fit.
type filler func(size int) []byte

// fill returns head, as many elements as fit, whitespace as padding, and tail.
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
				return append(pad(b, size-len(tail)), tail...)
			}
			b = append(b, e...)
		}
	}
}

func pad(b []byte, size int) []byte {
	return append(b, bytes.Repeat([]byte(" "), size-len(b))...)
}

// A forged event carries its expensive part in an unknown field, so that it also gets read as an
// event.
const (
	event    = `{"event":"link_clicked","link":{"code":"yBPhx"},"x":`
	eventEnd = `}`
)

// within fills the unknown field of a forged event.
func within(open, separator, end string, element func(i int) string) filler {
	return fill(event+open, separator, end+eventEnd, element)
}

// array is an array that repeats elements in turn.
func array(elements ...string) filler { return within("[", ",", "]", cycle(elements...)) }

// text is one long string.
func text(characters ...string) filler { return within(`"`, "", `"`, cycle(characters...)) }

// object has a member for each name.
func object(name func(i int) string) filler { return within("{", ",", "}", member(name)) }

func member(name func(i int) string) func(i int) string {
	return func(i int) string { return `"` + name(i) + `":0` }
}

// objectOf returns an object of n members.
func objectOf(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = member(numbered)(i)
	}
	return "{" + strings.Join(members, ",") + "}"
}

// late is many small objects followed by tail.
func late(tail string) filler { return fill(event+"[", ",", tail, smallObject) }

func smallObject(i int) string {
	n := strconv.Itoa(i)
	return `{"id":` + n + `,"city":"Cr\u00e9hen/` + n + `","bot":false}`
}

// few is an array of n copies of element, padded with whitespace.
func few(n int, element string) filler {
	return func(size int) []byte {
		b := []byte(event + "[" + strings.Repeat(element+",", n-1) + element + "]" + eventEnd)
		if len(b) > size {
			return nil
		}
		return pad(b, size)
	}
}

// nested wraps element in depth pairs of brackets.
func nested(depth int, open, element, end string) string {
	return strings.Repeat(open, depth) + element + strings.Repeat(end, depth)
}

// deep repeats element inside depth pairs of brackets.
func deep(depth int, open, element, end string) filler {
	return within(strings.Repeat(open, depth)+"[", ",", "]"+strings.Repeat(end, depth), cycle(element))
}

// deepest nests as deep as the size allows, but no deeper than encoding/json accepts.
func deepest(open, element, end string) filler {
	return func(size int) []byte {
		depth := min((size-len(event)-len(element)-len(eventEnd))/len(open+end), 9_000)
		return pad([]byte(event+nested(depth, open, element, end)+eventEnd), size)
	}
}

func cycle(elements ...string) func(i int) string {
	return func(i int) string { return elements[i%len(elements)] }
}

// shuffled repeats elements in an order that defeats branch prediction but is the same in each run.
func shuffled(elements ...string) func(i int) string {
	r := random()
	return func(int) string { return elements[r.IntN(len(elements))] }
}

func random() *rand.Rand { return rand.New(rand.NewPCG(1, 1)) }

// numbered returns the shortest names: 0, 1, … z, 10, …
func numbered(i int) string { return strconv.FormatInt(int64(i), 36) }
