package diagnose

import (
	"bytes"
	"strings"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// maxObjects limits the objects tried inside a document. An envelope has few.
const maxObjects = 256

// fromEnvelope tries the objects and the strings inside another document, the strings also decoded
// from base64, and those inside an envelope in a string.
func fromEnvelope(body []byte, try try) { openEnvelope(body, try, maxEnvelopes) }

// maxEnvelopes limits how deep envelopes are nested.
const maxEnvelopes = 3

func openEnvelope(body []byte, try try, envelopes int) (over bool) {
	if envelopes == 0 || !isJSON(body) {
		return false
	}
	return tryObjects(body, try) || tryStrings(body, try, envelopes)
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

func tryStrings(body []byte, try try, envelopes int) (over bool) {
	var s jsondoc.Scanner
	s.Reset(body)
	for {
		kind := s.Next()
		if kind == jsondoc.End {
			return false
		}
		if (kind == jsondoc.String || kind == jsondoc.Name) && tryString(try, string(s.Text()), envelopes) {
			return true
		}
	}
}

func tryString(try try, text string, envelopes int) (over bool) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return try(fromInside, []byte(text)) || openEnvelope([]byte(text), try, envelopes-1)
	}
	decoded := decodeBase64(text)
	return bytes.HasPrefix(decoded, []byte("{")) && try(fromInside+", decoded from base64", decoded)
}
