package core

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// SignatureHeader is the canonical name of the header that carries the signature.
const SignatureHeader = "X-Signature"

// A mac is an HMAC-SHA256 value.
type mac [sha256.Size]byte

// Sign returns the signature that URLR sends for body: its HMAC-SHA256, keyed with secret, in
// lower-case hexadecimal. With GODEBUG=fips140=only, Sign panics if the secret is shorter than 14
// bytes.
func Sign(secret string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

func parseSignature(signature string) (mac, error) {
	var m mac
	if signature == "" {
		return m, ErrNoSignature
	}
	var digits [2 * sha256.Size]byte // keeps the conversion off the heap
	if len(signature) != len(digits) {
		return m, ErrMalformedSignature
	}
	copy(digits[:], signature)
	if _, err := hex.Decode(m[:], digits[:]); err != nil {
		return m, ErrMalformedSignature
	}
	return m, nil
}

// soleSignature returns the only value of the signature header. URLR sends one; a second may be an
// attempt to make two parties check different values.
func soleSignature(values []string) (string, error) {
	switch len(values) {
	case 0:
		return "", ErrNoSignature
	case 1:
		return values[0], nil
	default:
		return "", ErrMalformedSignature
	}
}
