package main

import (
	"strconv"
	"strings"
	"unicode"
)

// printable escapes what would control a terminal, since it may come from anybody.
func printable(s string) string {
	if !strings.ContainsFunc(s, isControl) {
		return strings.ToValidUTF8(s, `\ufffd`)
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, `\ufffd`) {
		if isControl(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isControl(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
