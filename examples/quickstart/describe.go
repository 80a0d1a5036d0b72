package main

import (
	"strings"
	"time"
	"unicode"

	"github.com/urlr-community/webhooks-go/core"
)

// describe returns a one-line, human-readable description.
func describe(e *core.Event) string {
	parts := []string{
		string(e.Type), e.Link.Code,
		join(", ", e.City, e.Region, e.Country), join(" on ", e.Browser, e.System),
	}
	if e.Referer != "" {
		parts = append(parts, "from "+e.Referer)
	}
	parts = append(parts, ifTrue(e.IsUnique, "unique"), ifTrue(e.IsQRCode, "by QR code"), ifTrue(e.IsBot, "by a bot"))
	if !e.Timestamp.IsZero() {
		parts = append(parts, "at "+e.Timestamp.Format(time.RFC3339))
	}
	return printable(join("  ", parts...))
}

func ifTrue(flag *bool, text string) string {
	if flag == nil || !*flag {
		return ""
	}
	return text
}

// join joins the parts that are not empty.
func join(separator string, parts ...string) string {
	var nonEmpty []string
	for _, part := range parts {
		if part != "" {
			nonEmpty = append(nonEmpty, part)
		}
	}
	return strings.Join(nonEmpty, separator)
}

// printable replaces characters that could control a terminal: visitors choose the referer.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
}
