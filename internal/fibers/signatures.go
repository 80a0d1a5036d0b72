package fibers

import (
	"bytes"
	"math"

	"github.com/urlr-community/webhooks-go/core"
)

// A Header is the header of fasthttp's request.
type Header interface {
	VisitAll(f func(name, value []byte))
	RawHeaders() []byte
	ContentLength() int
}

// Signatures returns the values of the signature header, as strings of their own. It looks at every
// header, since Fiber's DisableHeaderNormalizing makes a look-up by name case-sensitive.
func Signatures(h Header) (values []string) {
	h.VisitAll(func(name, value []byte) {
		if isSignature(name) {
			// RFC 9110, section 5.5, also lets senders put tabs around a value; fasthttp leaves
			// them.
			values = append(values, string(bytes.Trim(value, " \t")))
		}
	})
	if h.ContentLength() > 0 {
		return values
	}
	return values[:min(len(values), signaturesBeforeTrailer(h.RawHeaders()))]
}

// signaturesBeforeTrailer returns how many signature headers came before the body, where that is
// chunked. fasthttp appends the fields of the trailer to the header.
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
		return math.MaxInt // whatever is there, other middleware has set
	}
	return received
}

func isSignature(name []byte) bool { return bytes.EqualFold(name, []byte(core.SignatureHeader)) }
