package fibers

import (
	"bytes"
	"math"

	"github.com/urlr-community/webhooks-go/core"
)

// A Header is the header of a fasthttp request.
type Header interface {
	VisitAll(f func(name, value []byte))
	RawHeaders() []byte
	ContentLength() int
}

// Signatures returns copies of the values of the signature header. It checks every header, since
// Fiber's DisableHeaderNormalizing makes a lookup by name case-sensitive.
func Signatures(h Header) (values []string) {
	h.VisitAll(func(name, value []byte) {
		if isSignature(name) {
			// RFC 9110, section 5.5, also allows tabs around a value. fasthttp doesn't trim them.
			values = append(values, string(bytes.Trim(value, " \t")))
		}
	})
	if h.ContentLength() > 0 {
		return values
	}
	return values[:min(len(values), signaturesBeforeTrailer(h.RawHeaders()))]
}

// signaturesBeforeTrailer returns the number of signature headers before a chunked body, and MaxInt
// for other bodies. fasthttp appends trailer fields to the header.
func signaturesBeforeTrailer(raw []byte) int {
	received, isChunked := 0, false
	for line := range bytes.Lines(raw) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		switch {
		case isSignature(name):
			received++
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			isChunked = true
		}
	}
	if !isChunked {
		return math.MaxInt // middleware may have set some
	}
	return received
}

func isSignature(name []byte) bool { return bytes.EqualFold(name, []byte(core.SignatureHeader)) }
