package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIsBlank(t *testing.T) {
	for _, blank := range []string{
		"", " ", "\t\r\n", "\x00", "\x00\x00\x00\x00", "\ufeff", "\ufeff\n", "\u200b", "\u200d\u2060", "\u00a0\u3000", "\u2028", "\u3164", "\u034f",
		"\xff\xfe", "\xff\xfe\x00\x00", " \x00\ufeff\u200b ",
	} {
		assert.True(t, isBlank(blank), "%+q", blank)
	}
	for _, seen := range []string{"x", " x", "\x00x", "\ufeffx", "\x80", "\xff\xfex\x00", "0", "é"} {
		assert.False(t, isBlank(seen), "%+q", seen)
	}
}

func TestOddities(t *testing.T) {
	for secret, want := range map[string][]string{
		"whsec":                   nil,
		"wh sec":                  nil,
		`wh"sec`:                  nil,
		`"`:                       nil,
		"'whsec":                  nil,
		"whsec\n":                 {"a newline at its end"},
		"whsec\r\n":               {"a newline at its end"},
		"whsec\r":                 {"a newline at its end"},
		" whsec":                  {"white space around it"},
		"whsec\t":                 {"white space around it"},
		"\u00a0whsec":             {"white space around it"},
		"whsec \n":                {"a newline at its end", "white space around it"},
		"\nwhsec":                 {"white space around it"},
		`"whsec"`:                 {"quotes around it"},
		"'whsec'":                 {"quotes around it"},
		"“whsec”":                 {"quotes around it"},
		"'whsec'\n":               {"a newline at its end", "quotes around it"},
		"\ufeffwhsec":             {"a byte order mark in front of it"},
		"\ufeff\"whsec\"":         {"a byte order mark in front of it", "quotes around it"},
		"wh\u200bsec":             {"zero-width characters in it"},
		"whsec\ufeff":             {"zero-width characters in it"},
		"\xff\xfew\x00h\x00":      {"a UTF-16 byte order mark in front of it: save the file as UTF-8"},
		"whsec\x00":               {"NUL bytes in it"},
		"\ufeff whsec\u200b\x00 ": {"a byte order mark in front of it", "white space around it", "zero-width characters in it", "NUL bytes in it"},
	} {
		assert.Equal(t, want, oddities(secret), "%+q", secret)
	}
}
