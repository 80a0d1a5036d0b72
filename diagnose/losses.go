package diagnose

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// losses describes what a document lost compared with those that URLR sends.
func losses(document *value) []string {
	event := document.member("event")
	if event == nil || event.kind != jsondoc.String {
		return []string{`it is not an event, which is an object with a string "event"`}
	}
	list := losesTypes(document)
	document.walk(func(v *value) {
		if loss := lossOfText(v.string()); loss != "" && !slices.Contains(list, loss) {
			list = append(list, loss)
		}
	})
	missing := missingIn(document)
	isRenamed := len(missing) <= len(undocumentedIn(document)) // by URLR, in a generation not yet documented
	if len(missing) > 0 && !isRenamed && event.string() == string(core.EventLinkClicked) {
		list = append(list, "it lacks "+inWords(firstOf(missing)))
	}
	return list
}

// losesTypes compares the types of members with the documented types.
func losesTypes(document *value) []string {
	var list []string
	for _, m := range document.members {
		if loss := lossOfType(m.name, &m.value); loss != "" {
			list = append(list, loss)
		}
	}
	if link := document.member("link"); link != nil && link.isObject() {
		for _, m := range link.members {
			if loss := lossOfLinkType(m.name, &m.value); loss != "" {
				list = append(list, loss)
			}
		}
	}
	return list
}

func lossOfType(name string, v *value) string {
	switch {
	case name == "link" && (!v.isObject() || len(v.members) == 0):
		return `"link" is ` + v.brief() + " instead of an object with members"
	case name == "timestamp" && !isInteger(v):
		return `"timestamp" is ` + v.brief() + " instead of an integer"
	case slices.Contains(flags, name) && v.kind != jsondoc.True && v.kind != jsondoc.False:
		return fmt.Sprintf("%q is %s instead of true or false", name, v.brief())
	case slices.Contains(nullable, name) && v.kind == jsondoc.String && isNullInWords(v.string()):
		return fmt.Sprintf("%q is the string %s instead of null", name, v.brief())
	case slices.Contains(nullable, name) && v.kind != jsondoc.String && v.kind != jsondoc.Null:
		return fmt.Sprintf("%q is %s instead of a string or null", name, v.brief())
	default:
		return ""
	}
}

func lossOfLinkType(name string, v *value) string {
	switch {
	case (name == "team" || name == "folder") && !isInteger(v) && v.kind != jsondoc.Null:
		return fmt.Sprintf(`"link.%s" is %s instead of an integer`, name, v.brief())
	case (name == "id" || name == "code") && v.kind != jsondoc.String:
		return fmt.Sprintf(`"link.%s" is %s instead of a string`, name, v.brief())
	default:
		return ""
	}
}

func isInteger(v *value) bool {
	return v.kind == jsondoc.Number && !strings.ContainsAny(string(v.text), ".eE")
}

// brief returns a short form of a value.
func (v *value) brief() string {
	const enough = 32
	switch {
	case v.isContainer() && len(v.members) == 0:
		return string(v.append(nil))
	case v.isObject():
		return "an object"
	case v.isContainer():
		return "an array"
	case len(v.text) > enough:
		return "a long value"
	case v.kind == jsondoc.String:
		return strconv.QuoteToGraphic(v.string())
	default:
		return string(v.text)
	}
}

var (
	mojibake      = regexp.MustCompile(`[ÂÃ][\x{80}-\x{bf}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ðŸ`)
	questionMark  = regexp.MustCompile(`\pL\?\pL`)
	masked        = regexp.MustCompile(`(?i)^\W*(\*{3,}|\[?(redacted|filtered|masked|removed|hidden)\]?)\W*$`)
	printedInside = regexp.MustCompile(`^(\[object Object\]|map\[.*|<.* object at 0x.*)$`)
)

// lossOfText describes what a string shows to be lost, without quoting the string.
func lossOfText(s string) string {
	switch {
	case strings.ContainsRune(s, unicode.ReplacementChar):
		return "characters were replaced with U+FFFD by something that decoded them in the wrong charset"
	case mojibake.MatchString(s):
		return "UTF-8 was decoded in another charset, which gives Ã© for é"
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Mn, r) && r < 0x370 }):
		return "accents are characters of their own (NFD), where people enter é as one character (NFC)"
	case !strings.Contains(s, "://") && questionMark.MatchString(s):
		return "question marks inside words stand for characters that were lost"
	case strings.HasSuffix(s, "…"), strings.HasSuffix(s, "..."):
		return "a string was cut off: it ends with an ellipsis"
	case masked.MatchString(s):
		return "a value was masked, as logs do"
	case printedInside.MatchString(s):
		return "an object was made a string"
	default:
		return ""
	}
}

// undocumentedIn returns the names of the members that are in no generation of URLR's bodies.
func undocumentedIn(document *value) []string {
	var names []string
	add := func(prefix string, members []member, documented []string) {
		for _, m := range members {
			if !slices.Contains(documented, m.name) {
				names = append(names, printable([]string{prefix + m.name}))
			}
		}
	}
	add("", document.members, urlrOrder)
	if link := document.member("link"); link != nil && link.isObject() {
		add("link.", link.members, urlrLinkOrder)
	}
	return names
}

// firstOf returns enough names for a sentence.
func firstOf(names []string) []string {
	const enough = 5
	if len(names) > enough {
		return append(slices.Clone(names[:enough]), fmt.Sprintf("%d more", len(names)-enough))
	}
	return names
}
