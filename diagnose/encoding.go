package diagnose

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// A layout is where a JSON encoder puts white space.
type layout struct {
	how string
	of  []jsontext.Options
}

var layouts = []layout{
	{"without white space", nil},
	{"with a space after each comma and colon", []jsontext.Options{jsontext.SpaceAfterComma(true), jsontext.SpaceAfterColon(true)}},
	{"indented by 2 spaces", []jsontext.Options{jsontext.WithIndent("  ")}},
	{"indented by 4 spaces", []jsontext.Options{jsontext.WithIndent("    ")}},
	{"indented by tabs", []jsontext.Options{jsontext.WithIndent("\t")}},
}

// A rendering is a style with its names.
type rendering struct {
	how string
	style
}

// renderings are all styles that leave nothing as received.
var renderings = func() (list []rendering) {
	for _, slash := range []escaping{plain, escaped} {
		for _, beyondASCII := range []escaping{plain, escaped, upperCase} {
			for _, html := range []escaping{plain, escaped} {
				how := slashNames[slash] + ", " + beyondASCIINames[beyondASCII] + ", " + htmlNames[html]
				list = append(list, rendering{how, style{slash, beyondASCII, html}})
			}
		}
	}
	return list
}()

// otherLayout keeps strings as they are. That one side has lines and the other has not is what distinguishes it from reencoded.
func otherLayout(body []byte, try try) {
	hasLines := bytes.ContainsAny(body, "\r\n")
	for _, l := range layouts {
		formatted, err := format(body, append(l.of[:len(l.of):len(l.of)], jsontext.PreserveRawStrings(true))...)
		if err == nil && (hasLines || bytes.Contains(formatted, []byte("\n"))) && tryWithNewline(try, "the body is written "+l.how, formatted) {
			return
		}
	}
}

func reencoded(body []byte, try try) {
	if isJSON(body) {
		tryRenderings(body, "the body is written with ", try)
	}
	tryLayouts(body, "", try)
}

func reorderedAndReencoded(body []byte, try try) {
	for _, o := range orderings(body) {
		tryLayouts(o.text, o.how+", ", try)
	}
}

// tryLayouts writes a document in all layouts and styles.
func tryLayouts(document []byte, how string, try try) {
	for _, l := range layouts {
		formatted, err := format(document, l.of...)
		if err != nil || tryRenderings(formatted, "the body is written "+l.how+", "+how+"with ", try) {
			return
		}
	}
}

func tryRenderings(document []byte, how string, try try) (over bool) {
	var text []byte
	for _, r := range renderings {
		text = r.append(text[:0], document)
		if tryWithNewline(try, how+r.how, text) {
			return true
		}
	}
	return false
}

// tryWithNewline also tries the newline with which Go's json.Encoder, jq and most tools end.
func tryWithNewline(try try, how string, text []byte) (over bool) {
	return try(how, text) || try(how+" and a newline at the end", concat(text, "\n"))
}
