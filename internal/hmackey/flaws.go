package hmackey

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Flaws describes what was probably pasted along with a secret, such as "a newline at its end". It
// returns nil if there is nothing. A secret with a flaw works if the one in URLR has it too.
func Flaws(secret string) (flaws []string) {
	add := func(found bool, flaw string) {
		if found {
			flaws = append(flaws, flaw)
		}
	}
	unmarked := strings.TrimPrefix(secret, bomUTF8)
	trimmed := strings.TrimFunc(unmarked, unicode.IsSpace)
	isUTF16 := strings.HasPrefix(secret, bomUTF16LE) || strings.HasPrefix(secret, bomUTF16BE)
	add(unmarked != secret, "a byte order mark at its start")
	add(isUTF16, "a UTF-16 byte order mark at its start (save the file as UTF-8)")
	add(strings.HasSuffix(unmarked, "\n") || strings.HasSuffix(unmarked, "\r"), "a newline at its end")
	add(strings.TrimRight(unmarked, "\r\n") != trimmed, "whitespace around it")
	add(isQuoted(trimmed), "quotes around it")
	add(strings.ContainsFunc(unmarked, isZeroWidth), "zero-width characters in it")
	add(!isUTF16 && strings.ContainsRune(secret, 0), "NUL bytes in it")
	return flaws
}

func isZeroWidth(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

func isQuoted(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	last, n := utf8.DecodeLastRuneInString(s)
	closing := map[rune]rune{'"': '"', '\'': '\'', '`': '`', '“': '”', '‘': '’', '«': '»'}
	return len(s) > n && closing[first] == last && last != 0
}
