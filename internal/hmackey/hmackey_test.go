package hmackey_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/internal/hmackey"
)

func TestBlankSecrets(t *testing.T) {
	for _, s := range []string{
		"", " ", "\t\r\n", "\u00a0\u2003\u3000\u2028", "\x00", strings.Repeat("\x00", 32), "\ufeff",
		"\xff\xfe", "\xfe\xff\x00", "\ufeff \x00\n",
		"\u200b\u200c\u200d\u2060", "\u00ad", "\u180e", "\u034f", "\u3164", "\u115f\uffa0", "\ufe0f",
		"\U000e0100", "\u2800", "\x01\x7f\u0085",
	} {
		assert.True(t, hmackey.IsBlank(s), "%q", s)
	}
	for _, s := range []string{"a", " a", "\x00a", "\ufeffa", "é", "😀", "\x00\x00\xc3", "\u200b.", "-", "\x80"} {
		assert.False(t, hmackey.IsBlank(s), "%q", s)
	}
}

func TestFlaws(t *testing.T) {
	for s, want := range map[string]string{
		"":                  "",
		"whsec_é+/=":        "",
		"it's":              "",
		"'":                 "",
		"two words":         "",
		"s\n":               "a newline at its end",
		"s\r\n":             "a newline at its end",
		`"s"`:               "quotes around it",
		`'s'`:               "quotes around it",
		"`s`":               "quotes around it",
		"“s”":               "quotes around it",
		"\ufeffs":           "a byte order mark at its start",
		"\xff\xfes\x00":     "a UTF-16 byte order mark at its start (save the file as UTF-8)",
		" s":                "whitespace around it",
		"s\u00a0":           "whitespace around it",
		"s \n":              "a newline at its end, whitespace around it",
		"s\u200bt":          "zero-width characters in it",
		"s\x00":             "NUL bytes in it",
		"\ufeff\"s\u200b\"": "a byte order mark at its start, quotes around it, zero-width characters in it",
	} {
		assert.Equal(t, want, strings.Join(hmackey.Flaws(s), ", "), "%q", s)
	}
}
