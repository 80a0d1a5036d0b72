package diagnose

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// whereItBreaks says what a body is that is no JSON, and where it stops to be any.
func whereItBreaks(body []byte) string {
	what := "The body is no JSON. "
	for _, f := range formats {
		if f.pattern.Match(body) {
			what = "The body is no JSON, but " + f.what + ". "
			break
		}
	}
	return what + position(body)
}

// formats are what bodies are that are no JSON, as far as they can be recognized.
var formats = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"compressed with gzip, and cut off or compressed twice", regexp.MustCompile(`^\x1f\x8b`)},
	{"what JavaScript makes of an object that is used as a string", regexp.MustCompile(`^\s*"?\[object \w+\]`)},
	{"what Go's fmt prints for a map or a struct", regexp.MustCompile(`^\s*(map\[|&?\{[^"':=]*\}\s*$|&?[\w.]*\{\w+:)`)},
	{"what PHP's print_r or var_dump prints", regexp.MustCompile(`^\s*(Array\s*\(|array\s*\(|array\(\d+\) \{|object\(|stdClass Object)`)},
	{"what Java prints for a map or a record", regexp.MustCompile(`^\s*(\{|\w+\[)\w+=`)},
	{"an object that a language has printed", regexp.MustCompile(`^\s*[\w.]*[{(\[]\s*('\w+'|:?\w+)\s*(:|=>|=)`)},
	{"HTML or XML", regexp.MustCompile(`^\s*<[!?\w]`)},
	{"YAML", regexp.MustCompile(`^(---|\w+: .*\n)`)},
	{"a part of a form", regexp.MustCompile(`^\s*(--|[\w%.\[\]-]+=)`)},
}

// position tells where and why a scanner gives up, with the bytes around.
func position(body []byte) string {
	var s jsondoc.Scanner
	s.Reset(body)
	for {
		if kind := s.Next(); kind == jsondoc.Invalid || kind == jsondoc.End {
			break
		}
	}
	at := s.Offset()
	if errors.Is(s.Err(), jsondoc.ErrUTF8) {
		at = invalidUTF8(body)
	}
	if at >= len(bytes.TrimRight(body, " \t\r\n")) && errors.Is(s.Err(), jsondoc.ErrSyntax) {
		return fmt.Sprintf("It breaks off at its end, after %d bytes: %s.", len(body), around(body, len(body)))
	}
	return fmt.Sprintf("It goes wrong after %d bytes, %s: %s.", at, s.Err(), around(body, at))
}

func invalidUTF8(body []byte) int {
	for at := 0; at < len(body); {
		r, size := utf8.DecodeRune(body[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return len(body)
}

// around shows the bytes at a position, with an arrow between them.
func around(body []byte, at int) string {
	const enough = 20
	before, behind := body[max(0, at-enough):at], body[at:min(len(body), at+enough)]
	return fmt.Sprintf("%+q → %+q", before, behind)
}
