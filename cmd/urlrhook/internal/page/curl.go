package page

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// placeholder is no address, so that a command which is copied without one sends nothing to anybody.
const placeholder = "URL of your application"

// maskedUser is what is left of a user and a password that are not shown. They can't be sent.
var maskedUser = regexp.MustCompile(`^(https?://)[^/?#@]*:xxxxx@`)

// curlTarget returns the first argument of the command.
func curlTarget(target string) string {
	if target == "" {
		return quote(placeholder)
	}
	return quote(maskedUser.ReplaceAllString(target, "$1"))
}

// curlHeaders are those that URLR sends. What curl would add or change on its own is among them.
var curlHeaders = []string{"Content-Type", "X-Signature", "User-Agent", "Date"}

// curl returns a command for a POSIX shell that sends the same bytes.
func curl(d *store.Delivery, target string) string {
	lines := []string{"curl --globoff " + curlTarget(target)}
	for _, name := range curlHeaders {
		for _, header := range headerArguments(d.Header, name) {
			lines = append(lines, "-H "+quote(header))
		}
	}
	var before string
	if isText(d.Body) {
		lines = append(lines, "--data-binary "+quote(string(d.Body)))
	} else { // an argument can't hold it
		before = "printf %s " + quote(base64.StdEncoding.EncodeToString(d.Body)) + " | base64 -d |\n"
		lines = append(lines, "--data-binary @-")
	}
	return before + strings.Join(lines, " \\\n  ")
}

func headerArguments(h http.Header, name string) []string {
	lower := strings.ToLower(name)
	values := h.Values(name)
	if len(values) == 0 && name != "X-Signature" && name != "Date" {
		return []string{lower + ":"} // that keeps curl from adding its own
	}
	args := make([]string, len(values))
	for i, value := range values {
		args[i] = lower + ": " + value
		if value == "" {
			args[i] = lower + ";" // so curl writes an empty value
		}
	}
	return args
}

// isText reports whether an argument of curl can be the body: Linux takes 128 KiB, and no larger
// body than 64 KiB is kept whole. One that begins with @ would name a file.
func isText(body []byte) bool {
	return !bytes.HasPrefix(body, []byte("@")) && isPlain(string(body))
}

// isPlain reports whether a page, the clipboard and a terminal keep s as it is, and show all of it.
func isPlain(s string) bool {
	return utf8.ValidString(s) &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) && r != '\n' && r != '\t' })
}

// quote makes a string one word of a shell. What a terminal or a web page would not keep is written
// as octal numbers.
func quote(s string) string {
	if isPlain(s) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		if c < ' ' || c >= 0x7f || strings.IndexByte(`'\%`, c) >= 0 {
			fmt.Fprintf(&b, `\%03o`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return `"$(printf '` + b.String() + `')"`
}
