package diagnose

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// whereItBreaks says what a body is if it is not JSON, and where it stops being JSON.
func whereItBreaks(body []byte) string {
	what := formatOf(body)
	if what != "" {
		what = ", but " + what
	}
	return "The body is not JSON" + what + ". " + position(body)
}

// position says where and why a scanner gives up, with the bytes around that position.
func position(body []byte) string {
	var s jsondoc.Scanner
	s.Reset(body)
	for kind := s.Next(); kind != jsondoc.Invalid && kind != jsondoc.End; {
		kind = s.Next()
	}
	at, err := s.Offset(), s.Err()
	if !utf8.Valid(body) {
		at, err = invalidUTF8(body), jsondoc.ErrUTF8
	}
	switch {
	case isCut(body[at:], err):
		return fmt.Sprintf("It breaks off after %d bytes: %s.", len(body), around(body, len(body)))
	case errors.Is(err, jsondoc.ErrSyntax):
		return fmt.Sprintf("It goes wrong after %d bytes: %s.", at, around(body, at))
	default:
		why, _, _ := strings.Cut(err.Error(), " (") // without the section of the RFC
		return fmt.Sprintf(
			"It goes wrong after %d bytes, with %s: %s.",
			at,
			strings.Replace(why, "not valid", "invalid", 1),
			around(body, at),
		)
	}
}

// cutToken matches the beginning of an escape sequence, a literal or a number.
var cutToken = regexp.MustCompile(`^(\\|\\u[0-9a-fA-F]{0,3}|t|tr|tru|f|fa|fal|fals|n|nu|nul|-)?\s*$`)

// isCut reports whether a body that fails for this reason could be the beginning of a valid one.
func isCut(rest []byte, err error) bool {
	if errors.Is(err, jsondoc.ErrUTF8) {
		return len(rest) > 0 && !utf8.FullRune(rest)
	}
	return errors.Is(err, jsondoc.ErrSyntax) && cutToken.Match(rest)
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
	switch {
	case len(before) == 0:
		return fmt.Sprintf("%q", behind)
	case len(behind) == 0:
		return fmt.Sprintf("%q", before)
	default:
		return fmt.Sprintf("%q → %q", before, behind)
	}
}
