package adversary

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// names returns bodies with many distinct names, which a strict parser must check for duplicates.
func names() []Kind {
	long := strings.Repeat("n", 240)
	all := []Kind{
		{"names: shortest", object(numbered)},
		{"names: of the same length", object(fixed("", ""))},
		{"names: descending", object(func(i int) string { return fixed("", "")(36*36*36 - i) })},
		{"names: with the same prefix", object(fixed("common_prefix_of_names_", ""))},
		{"names: with a long prefix", object(fixed(long, ""))},
		{"names: with a long suffix", object(fixed("", long))},
		{"names: with the same ends", object(fixed("prefix__", "__suffix"))},
		{"names: growing", object(func(i int) string { return strings.Repeat("n", i+1) })},
		{"names: colliding in hashes times 31", object(spelled("Aa", "BB"))},
		{"names: colliding in hashes times 33", object(spelled("bB", "ac"))},
		{"names: colliding in sums", object(spelled("ab", "ba"))},
		{"names: colliding in FNV-1a", object(collidingFNV())},
		{"names: array indices", object(strconv.Itoa)},
		{"names: accents", object(func(i int) string { return "é" + numbered(i) })},
		{"names: U+0000", object(func(i int) string { return `\u0000` + numbered(i) })},
		{"names: escapes", object(func(i int) string { return `\u00e9\/` + numbered(i) })},
		{"names: escapes alone", object(func(i int) string { return escaped(fixed("", "")(i)) })},
		{"names: one long name", within(`{"`, "", `":0}`, cycle("n"))},
		{"names: one long name of escapes", within(`{"`, "", `":0}`, cycle(`\u00e9`))},
		{"names: the empty one, in each object", array(`{"":0}`)},
		{"names: in an object and in each of its members", within("{", ",", "}",
			func(i int) string { return `"` + numbered(i) + `":{"a":0}` })},
	}
	// around sizes at which parsers switch strategies
	for _, n := range []int{1, 2, 4, 8, 9, 16, 17, 32, 33, 64, 65, 128, 129, 256} {
		all = append(all, Kind{fmt.Sprintf("names: %d in each object", n), array(objectOf(n))})
	}
	return all
}

// fixed returns names of equal length between prefix and suffix.
func fixed(prefix, suffix string) func(i int) string {
	return func(i int) string {
		n := numbered(i)
		return prefix + strings.Repeat("0", 4-len(n)) + n + suffix
	}
}

// spelled returns names that spell the bits of i. They collide in a hash that cannot tell zero from
// one.
func spelled(zero, one string) func(i int) string {
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

// collidingFNV returns names whose FNV-1a hashes end in the same bits, so that they share a bucket.
func collidingFNV() func(i int) string {
	const bits = 1<<10 - 1
	var names []string
	candidate := 0
	return func(i int) string {
		for ; len(names) <= i; candidate++ {
			name := numbered(candidate)
			h := fnv.New32a()
			_, _ = h.Write([]byte(name)) // never fails
			if h.Sum32()&bits == 0 {
				names = append(names, name)
			}
		}
		return names[i]
	}
}

// escaped escapes each byte as \u00xx.
func escaped(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, `\u%04x`, c)
	}
	return b.String()
}
