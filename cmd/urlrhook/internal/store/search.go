package store

import (
	"database/sql/driver"
	"strconv"
	"strings"
	"unicode/utf16"

	"modernc.org/sqlite"
)

// containsFunction is an SQL function that reports whether a body contains a text, given in lower
// case. There is no index for it: scanning 10,000 bodies is fast enough to search while typing.
const containsFunction = "urlrhook_contains"

func init() {
	sqlite.MustRegisterDeterministicScalarFunction(
		containsFunction,
		2,
		func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			body, _ := args[0].([]byte)
			text, _ := args[1].(string)
			if contains(string(body), text) {
				return int64(1), nil
			}
			return int64(0), nil
		},
	)
}

func contains(body, text string) bool {
	body = strings.ToLower(body)
	return strings.Contains(body, text) || strings.Contains(strings.ToLower(readEscapes(body)), text)
}

// readEscapes decodes the escapes that PHP writes, such as \u00e9 and \/. It keeps others.
func readEscapes(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := readEscape(s[i:])
		if n == 0 {
			b.WriteByte(s[i])
			i++
			continue
		}
		b.WriteRune(r)
		i += n
	}
	return b.String()
}

// readEscape returns the character and the length of the escape that s begins with, or zeros.
func readEscape(s string) (r rune, n int) {
	if strings.HasPrefix(s, `\/`) {
		return '/', 2
	}
	const length = len(`\u00e9`)
	unit, ok := codeUnit(s)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(unit) {
		low, _ := codeUnit(s[length:])
		return utf16.DecodeRune(unit, low), 2 * length
	}
	return unit, length
}

// codeUnit decodes an escape like \u00e9.
func codeUnit(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}
