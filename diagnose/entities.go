package diagnose

import (
	"bytes"
	"html"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// withoutEntities replaces HTML entities in the strings of a document, or in the whole body if they
// keep it from being a document. It tries twice, since text is sometimes escaped twice.
func withoutEntities(body []byte, try try) {
	const how = "HTML entities in the body, such as &amp;, are replaced"
	if !bytes.Contains(body, []byte("&")) {
		return
	}
	document := parse(body)
	if document != nil {
		body = document.append(nil)
	}
	for range 2 {
		var unescaped []byte
		if document == nil {
			unescaped = []byte(html.UnescapeString(string(body)))
		} else {
			document.walk(unescapeHTML)
			unescaped = document.append(nil)
		}
		if bytes.Equal(unescaped, body) || try(how, unescaped) {
			return
		}
		body = unescaped
	}
}

// unescapeHTML leaves a string without entities unchanged.
func unescapeHTML(v *value) {
	text := v.string()
	if unescaped := html.UnescapeString(text); unescaped != text {
		v.text = jsondoc.AppendQuoted(nil, []byte(unescaped))
	}
}
