package diagnose

import (
	"bytes"
	"regexp"

	"github.com/urlr-community/webhooks-go/core"
)

// traces describes what encoders other than URLR's left in a document. It is empty if PHP may have
// written every byte.
func traces(body []byte, document *value) []string {
	var list []string
	for _, trace := range []string{
		traceOfLayout(body, document), traceOfOrder(body, document), traceOfHTML(body, document),
		traceOfUnicode(body), traceOfSlashes(body),
	} {
		if trace != "" {
			list = append(list, trace)
		}
	}
	php, err := core.Canonicalize(nil, body, core.FormPHP)
	if len(list) == 0 && (err != nil || !bytes.Equal(php, body)) {
		list = append(list, "PHP writes some of its characters or numbers in another way")
	}
	return list
}

func traceOfLayout(body []byte, document *value) string {
	switch {
	case len(document.append(nil)) == len(body):
		return ""
	case bytes.ContainsAny(body, "\n\r"):
		return "it has line breaks between its tokens"
	default:
		return "it has spaces between its tokens"
	}
}

func traceOfOrder(body []byte, document *value) string {
	switch {
	case isInURLROrder(document):
		return ""
	case document.isSorted(sortByName) && isByGo(body):
		return "its keys are sorted and <, > or & escaped as in \\u003c, as Go's encoding/json does with a map"
	case document.isSorted(sortByName):
		return "its keys are sorted, as Go's encoding/json does with a map, and other languages too"
	case document.isSorted(sortByLength):
		return "its keys are sorted by length, as PostgreSQL's jsonb and MySQL do"
	default:
		return "its keys are in another order than URLR's, as the fields of a struct or a class may be"
	}
}

var (
	htmlEscapesOfGo = regexp.MustCompile(`\\u00(3c|3e|26)`)
	htmlEscapes     = regexp.MustCompile(`\\u00(3[cCeE]|2[267])`)
	upperCaseUnit   = regexp.MustCompile(`\\u[0-9a-fA-F]{0,3}[A-F]`)
	plainSlash      = regexp.MustCompile(`[^\\]/`)
)

// isByGo reports whether a document escapes HTML as Go's encoding/json does, without whitespace.
func isByGo(body []byte) bool {
	return htmlEscapesOfGo.Match(body) && !bytes.ContainsAny(bytes.TrimSuffix(body, []byte("\n")), "\n\t")
}

func traceOfHTML(body []byte, document *value) string {
	isNamed := isByGo(body) && document.isSorted(sortByName) // by traceOfOrder
	if htmlEscapes.Match(body) && !isNamed {
		return `it escapes characters of HTML, such as < as \u003c`
	}
	return ""
}

func traceOfUnicode(body []byte) string {
	switch {
	case bytes.ContainsFunc(body, func(r rune) bool { return r >= 0x80 }):
		return `characters beyond ASCII are not escaped as \u00e9`
	case upperCaseUnit.Match(body):
		return `its escapes have upper-case digits, such as \u00E9`
	default:
		return ""
	}
}

func traceOfSlashes(body []byte) string {
	if plainSlash.Match(body) {
		return `slashes are not escaped as \/`
	}
	return ""
}
