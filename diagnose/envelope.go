package diagnose

import (
	"bytes"
	"strings"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// maxObjects is how many objects inside of a document are tried. An envelope has few.
const maxObjects = 256

// fromEnvelope tries the objects and the strings inside of another document, the strings also in base64.
func fromEnvelope(body []byte, try try) {
	if !isJSON(body) {
		return
	}
	if !tryObjects(body, try) {
		tryStrings(body, try)
	}
}

const fromInside = "one of the values inside of it is taken for the body"

func tryObjects(body []byte, try try) (over bool) {
	document := parse(body)
	if document == nil {
		return false
	}
	n := 0
	document.walk(func(v *value) {
		if v != document && v.isObject() && n < maxObjects && !over {
			n++
			over = try(fromInside, v.text)
		}
	})
	return over
}

func tryStrings(body []byte, try try) {
	var s jsondoc.Scanner
	s.Reset(body)
	for {
		kind := s.Next()
		isString := kind == jsondoc.String || kind == jsondoc.Name
		if kind == jsondoc.End || isString && tryString(try, string(s.Text())) {
			return
		}
	}
}

func tryString(try try, text string) (over bool) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return try(fromInside, []byte(text))
	}
	decoded := decodeBase64(text)
	return bytes.HasPrefix(decoded, []byte("{")) && try(fromInside+", decoded from base64", decoded)
}
