// Package hmackey tells usable secrets from others. Neither its results nor its messages contain any
// part of a secret.
package hmackey

import (
	"crypto/fips140"
	"errors"
	"strings"
	"unicode"
)

// minFIPSBytes is how long an HMAC key must be in FIPS 140-only mode (NIST SP 800-131A, section 10:
// 112 bits). With a shorter one, crypto/hmac panics.
const minFIPSBytes = 112 / 8

var errTooShortForFIPS = errors.New("a secret of fewer than 14 bytes: GODEBUG=fips140=only does not allow it as an HMAC key")

// IsBlank reports whether nothing of s is visible to a reader: it is empty, or only whitespace, NUL
// bytes and other control characters, byte order marks, or characters of no width. Such a secret is
// a mistake, and often no secret at all: HMAC pads keys with NUL bytes, so a key of them is the empty
// key, which anybody can sign with.
func IsBlank(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, bomUTF16LE), bomUTF16BE)
	return strings.IndexFunc(s, isVisible) < 0
}

// Byte order marks. That of UTF-8 is a character.
const (
	bomUTF16LE = "\xff\xfe"
	bomUTF16BE = "\xfe\xff"
	bomUTF8    = "\ufeff"
)

func isVisible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) &&
		!unicode.Is(unicode.Variation_Selector, r) && r != brailleBlank
}

// brailleBlank is blank, although Unicode calls it neither whitespace nor ignorable.
const brailleBlank = '\u2800'

// Check returns why s can't be the key of an HMAC on this system, or nil.
func Check(s string) error {
	if fips140.Enforced() && len(s) < minFIPSBytes {
		return errTooShortForFIPS
	}
	return nil
}
