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

// placeholder is not a URL, so that a command copied without one sends nothing.
const placeholder = "URL of your application"

// maskedUser matches a masked user and password, which can't be sent.
var maskedUser = regexp.MustCompile(`^(https?://)[^/?#@]*:xxxxx@`)

// curlTarget returns the first argument of the command.
func curlTarget(target string) string {
	if target == "" {
		return quote(placeholder)
	}
	return quote(maskedUser.ReplaceAllString(target, "$1"))
}

// curlHeaders are the headers that URLR sends. They include those that curl would add or change.
var curlHeaders = []string{"Content-Type", "X-Signature", "User-Agent", "Date"}

// curl returns a command for a POSIX shell that sends the same request.
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
	} else { // an argument can't hold the body
		before = "printf %s " + quote(base64.StdEncoding.EncodeToString(d.Body)) + " | base64 -d |\n"
		lines = append(lines, "--data-binary @-")
	}
	return before + strings.Join(lines, " \\\n  ")
}

func headerArguments(h http.Header, name string) []string {
	lower := strings.ToLower(name)
	values := h.Values(name)
	if len(values) == 0 && name != "X-Signature" && name != "Date" {
		return []string{lower + ":"} // keeps curl from adding its own
	}
	args := make([]string, len(values))
	for i, value := range values {
		args[i] = lower + ": " + value
		if value == "" {
			args[i] = lower + ";" // makes curl send an empty value
		}
	}
	return args
}

// isText reports whether the body can be an argument of curl. Linux allows 128 KiB, more than any
// body that is kept whole. A leading @ would name a file.
func isText(body []byte) bool {
	return !bytes.HasPrefix(body, []byte("@")) && isPlain(string(body))
}

// isPlain reports whether a page, the clipboard and a terminal keep and show all of s.
func isPlain(s string) bool {
	return utf8.ValidString(s) &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) && r != '\n' && r != '\t' })
}

// quote makes a string one word for a shell. It writes what a terminal or a web page would not keep
// as octal escapes.
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
