package brotli

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"sync"
)

// compressedDictionary is the dictionary of appendix A: words of the web, shortest first.
//
//go:embed dictionary.gz
var compressedDictionary []byte

var dictionary = sync.OnceValue(func() []byte {
	r, err := gzip.NewReader(bytes.NewReader(compressedDictionary))
	if err != nil {
		panic(err)
	}
	words, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return words
})

// wordBits holds the number of words of each length, as a power of two. No word is shorter than 4
// bytes.
var wordBits = [...]int{0, 0, 0, 0, 10, 10, 11, 11, 10, 10, 10, 10, 10, 9, 9, 8, 7, 7, 8, 7, 7, 6, 6, 5, 5}

// appendWord appends the word of this length that a number stands for: its index and its transform.
func appendWord(dst []byte, length, number int) []byte {
	require(length < len(wordBits) && wordBits[length] > 0)
	bits := wordBits[length]
	start := number & (1<<bits - 1) * length
	for shorter, bits := range wordBits[:length] {
		if bits > 0 {
			start += shorter << bits
		}
	}
	require(number>>bits < len(transforms))
	return transforms[number>>bits].append(dst, dictionary()[start:start+length])
}
