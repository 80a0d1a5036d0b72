package hmackey_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/internal/hmackey"
)

func TestBlankSecrets(t *testing.T) {
	for _, s := range []string{
		"", " ", "\t\r\n", "\u00a0\u2003\u3000\u2028", "\x00", strings.Repeat("\x00", 32), "\ufeff", "\xff\xfe", "\xfe\xff\x00", "\ufeff \x00\n",
		"\u200b\u200c\u200d\u2060", "\u00ad", "\u180e", "\u034f", "\u3164", "\u115f\uffa0", "\ufe0f", "\U000e0100", "\u2800", "\x01\x7f\u0085",
	} {
		assert.True(t, hmackey.IsBlank(s), "%q", s)
	}
	for _, s := range []string{"a", " a", "\x00a", "\ufeffa", "é", "😀", "\x00\x00\xc3", "\u200b.", "-", "\x80"} {
		assert.False(t, hmackey.IsBlank(s), "%q", s)
	}
}

func TestFlaws(t *testing.T) {
	for s, want := range map[string]string{
		"":               "",
		"whsec_é+/=":     "",
		"it's":           "",
		"'":              "",
		"s\n":            "ends with a line break",
		"s\r\n":          "ends with a line break",
		`"s"`:            "is in quotes",
		`'s'`:            "is in quotes",
		"`s`":            "is in quotes",
		"\ufeffs":        "begins with a byte order mark",
		"\xff\xfes\x00":  "begins with a byte order mark",
		" s":             "contains whitespace or invisible characters",
		"s ":             "contains whitespace or invisible characters",
		"s\u200b":        "contains whitespace or invisible characters",
		"s\x00":          "contains whitespace or invisible characters",
		"two words":      "contains whitespace or invisible characters",
		"\u200d s\ufeff": "contains whitespace or invisible characters",
	} {
		assert.Equal(t, want, hmackey.Flaw(s), "%q", s)
	}
}
