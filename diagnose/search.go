package diagnose

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"

	"github.com/urlr-community/webhooks-go/core"
)

// maxWork is how many bytes are hashed at most to find a cause in the body.
const maxWork = 64 << 20

// A search looks for the one change that makes a signature match.
type search struct {
	body       []byte
	forms      []variant // of body
	signature  string
	want       []byte // the MAC that signature stands for, nil if it is malformed
	secrets    []string
	configured int     // index of the secret that the receiver uses
	mac        macFunc // keyed with it
	work       int     // how many bytes may still be hashed
	exhausted  bool    // work was not enough
}

// A finding is a change that makes a signature match.
type finding struct {
	cause  Cause
	how    string    // completes "The signature matches if ..."
	form   core.Form // of the body, 0 if the body is not that of the delivery
	secret int       // index of the secret that matches, -1 if none is involved
	signed []byte    // the bytes signed, if the cause is in the body
}

// A macFunc returns the MAC of a body.
type macFunc func(body []byte) []byte

func newSearch(body []byte, signature string, secrets []string, configured int) *search {
	s := &search{
		body: body, signature: signature, secrets: secrets, configured: configured,
		mac: hmacFunc(sha256.New, secrets[configured]), work: maxWork,
	}
	if mac, err := hex.DecodeString(signature); err == nil && len(mac) == sha256.Size {
		s.want = mac
	}
	return s
}

// find returns nil if no single change makes the signature match. The cheapest are tried first.
func (s *search) find() *finding {
	if len(s.body) > MaxBodyBytes {
		s.exhausted = true
		return nil
	}
	s.forms = formsOf(s.body)
	for _, look := range []func() *finding{s.inSignature, s.inSecrets, s.inAlgorithm, s.inBody} {
		if f := look(); f != nil {
			return f
		}
	}
	return nil
}

// A variant is a body in one of the forms that verifiers accept.
type variant struct {
	form  core.Form
	bytes []byte
}

// formsOf returns the forms that body has and that differ, raw first.
func formsOf(body []byte) []variant {
	variants := []variant{{core.FormRaw, body}}
	for _, form := range []core.Form{core.FormPHP, core.FormJS} {
		canonical, err := core.Canonicalize(nil, body, form)
		isKnown := slices.ContainsFunc(variants, func(v variant) bool { return bytes.Equal(v.bytes, canonical) })
		if err == nil && !isKnown {
			variants = append(variants, variant{form, canonical})
		}
	}
	return variants
}

// match returns the variant with this MAC, or nil.
func match(variants []variant, mac macFunc, want []byte) *variant {
	for i := range variants {
		if hmac.Equal(mac(variants[i].bytes), want) {
			return &variants[i]
		}
	}
	return nil
}

// hmacFunc keys once for many bodies.
func hmacFunc(newHash func() hash.Hash, secret string) macFunc {
	h := hmac.New(newHash, []byte(secret))
	return func(body []byte) []byte {
		h.Reset()
		h.Write(body)
		return h.Sum(nil)
	}
}
