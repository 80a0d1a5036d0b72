package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isBlank reports whether a person sees nothing in a text: white space, NUL bytes, byte order marks,
// zero-width characters.
func isBlank(s string) bool {
	return !strings.ContainsFunc(strings.TrimPrefix(s, utf16Mark(s)), func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsControl(r) && !isZeroWidth(r)
	})
}

// isZeroWidth also reports byte order marks, and letters that are drawn as nothing.
func isZeroWidth(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// utf16Mark is the byte order mark that a text in UTF-16 begins with, or "".
func utf16Mark(s string) string {
	for _, mark := range []string{"\xff\xfe", "\xfe\xff"} {
		if strings.HasPrefix(s, mark) {
			return mark
		}
	}
	return ""
}

const byteOrderMark = "\ufeff"

// oddities says what a secret has in it that no secret of URLR has, in words that do not reveal it.
func oddities(secret string) (all []string) {
	add := func(found bool, what string) {
		if found {
			all = append(all, what)
		}
	}
	unmarked := strings.TrimPrefix(secret, byteOrderMark)
	trimmed := strings.TrimFunc(unmarked, unicode.IsSpace)
	hasLineEnd := strings.HasSuffix(unmarked, "\n") || strings.HasSuffix(unmarked, "\r")
	add(unmarked != secret, "a byte order mark in front of it")
	add(utf16Mark(secret) != "", "a UTF-16 byte order mark in front of it: save the file as UTF-8")
	add(hasLineEnd, "a newline at its end")
	add(strings.TrimRight(unmarked, "\r\n") != trimmed, "white space around it")
	add(isQuoted(trimmed), "quotes around it")
	add(strings.ContainsFunc(unmarked, isZeroWidth), "zero-width characters in it")
	add(utf16Mark(secret) == "" && strings.ContainsRune(secret, 0), "NUL bytes in it")
	return all
}

func isQuoted(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	last, n := utf8.DecodeLastRuneInString(s)
	closing := map[rune]rune{'"': '"', '\'': '\'', '`': '`', '“': '”', '‘': '’', '«': '»'}
	return len(s) > n && closing[first] == last && last != 0
}
