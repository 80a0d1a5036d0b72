package diagnose

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"

	"github.com/urlr-community/webhooks-go/core"
)

// maxWork limits how many bytes are hashed to find a cause.
const maxWork = 256 << 20

// A search looks for the one change that makes a signature match.
type search struct {
	body       []byte
	forms      []variant // of body
	signature  string
	want       []byte    // the MAC in signature, nil if that is malformed
	readings   []reading // of signature
	secrets    []string
	configured int     // index of the secret that the receiver uses
	mac        macFunc // keyed with it
	work       int     // how many more bytes may be hashed
	exhausted  bool    // there was not enough work
}

// A finding is a change that makes a signature match.
type finding struct {
	cause  Cause
	how    string    // completes "The signature matches if ..."
	form   core.Form // of the body, once the cause is undone
	secret int       // index of the secret that matches, -1 if none is involved
	signed []byte    // the bytes signed, if the cause is in the body
}

// secretOf returns the index of the secret involved in a cause, or -1 if the signer used none.
func (s *search) secretOf(c Cause) int {
	if c == UnkeyedSHA256 || c == EmptySecret {
		return -1
	}
	return s.configured
}

// A macFunc returns the MAC of the concatenated parts of a text.
type macFunc func(parts ...[]byte) []byte

func newSearch(body []byte, signature string, secrets []string, configured int) *search {
	s := &search{
		body: body, signature: signature, secrets: secrets, configured: configured,
		mac: hmacFunc(sha256.New, secrets[configured]), work: maxWork, readings: readings(signature),
	}
	if mac, err := hex.DecodeString(signature); err == nil && len(mac) == sha256.Size {
		s.want = mac
	}
	return s
}

// find tries the cheapest changes first. It returns nil if no single change makes the signature
// match.
func (s *search) find() *finding {
	if len(s.body) > MaxBodyBytes {
		s.exhausted = true
		return nil
	}
	s.forms = formsOf(s.body)
	for _, look := range []func() *finding{s.inSignature, s.inSecrets, s.inAlgorithm, s.withTimestamp, s.inBody} {
		if f := look(); f != nil {
			return f
		}
	}
	return nil
}

// match returns the variant with this MAC, or nil.
func (s *search) match(variants []variant, mac macFunc, want []byte) *variant {
	for i := range variants {
		if !s.mayHash(variants[i].bytes) {
			return nil
		}
		if hmac.Equal(mac(variants[i].bytes), want) {
			return &variants[i]
		}
	}
	return nil
}

// mayHash subtracts the cost of hashing a body from the remaining work. It returns false if that is
// not enough.
func (s *search) mayHash(body []byte) bool {
	const overhead = 256 // a MAC of nothing costs as much as hashing this
	if s.work < len(body)+overhead {
		s.exhausted = true
		return false
	}
	s.work -= len(body) + overhead
	return true
}

// hmacFunc derives the key once for many bodies.
func hmacFunc(newHash func() hash.Hash, secret string) macFunc {
	h := hmac.New(newHash, []byte(secret))
	return func(parts ...[]byte) []byte {
		h.Reset()
		for _, part := range parts {
			h.Write(part)
		}
		return h.Sum(nil)
	}
}
