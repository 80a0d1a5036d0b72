// Package hmackey checks secrets. Neither its results nor its errors contain any part of a secret.
package hmackey

import (
	"crypto/fips140"
	"errors"
	"strings"
	"unicode"
)

// minFIPSBytes is the minimum length of an HMAC key in FIPS 140-only mode (NIST SP 800-131A,
// section 10: 112 bits). With a shorter one, crypto/hmac panics.
const minFIPSBytes = 112 / 8

var errTooShortForFIPS = errors.New("secret is shorter than 14 bytes, which GODEBUG=fips140=only forbids")

// IsBlank reports whether s has no visible characters: it is empty, or consists of whitespace, NUL
// bytes and other control characters, byte order marks and zero-width characters. Such a secret is
// a mistake, and may be no secret at all: HMAC pads keys with NUL bytes, so a key of NUL bytes
// equals the empty key, which anyone can sign with.
func IsBlank(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, bomUTF16LE), bomUTF16BE)
	return strings.IndexFunc(s, isVisible) < 0
}

// Byte order marks.
const (
	bomUTF16LE = "\xff\xfe"
	bomUTF16BE = "\xfe\xff"
	bomUTF8    = "\ufeff"
)

func isVisible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) &&
		!unicode.Is(unicode.Variation_Selector, r) && r != brailleBlank
}

// brailleBlank is blank, although Unicode classifies it as neither whitespace nor ignorable.
const brailleBlank = '\u2800'

// Check returns an error if s can't be an HMAC key on this system.
func Check(s string) error {
	if fips140.Enforced() && len(s) < minFIPSBytes {
		return errTooShortForFIPS
	}
	return nil
}
