package diagnose

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/url"
	"strings"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// fromForm tries names too: a form parser takes a body without "=" for a name.
func fromForm(body []byte, try try) {
	text := string(body)
	for pair := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if tryUnescaped(try, "the value of one of its form fields is taken for the body", value) ||
			tryUnescaped(try, "the name of one of its form fields is taken for the body", name) {
			return
		}
	}
	tryUnescaped(try, "the body is percent-decoded", text)
}

// tryUnescaped tries "+" as a space, as in a form, and as itself, as in a URL.
func tryUnescaped(try try, how, text string) (over bool) {
	for _, unescape := range []func(string) (string, error){url.QueryUnescape, url.PathUnescape} {
		if unescaped, err := unescape(text); err == nil && unescaped != "" && try(how, []byte(unescaped)) {
			return true
		}
	}
	return false
}

// fromMultipart takes the boundary from the first line, since the content-type is not at hand.
func fromMultipart(body []byte, try try) {
	line, _, _ := bytes.Cut(bytes.TrimLeft(body, "\r\n"), []byte("\n"))
	boundary, found := strings.CutPrefix(strings.TrimRight(string(line), " \t\r"), "--")
	if !found || boundary == "" {
		return
	}
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := parts.NextPart()
		if err != nil {
			return
		}
		content, err := io.ReadAll(part)
		if err != nil || try("the content of one of its parts is taken for the body", content) {
			return
		}
	}
}

func fromBase64(body []byte, try try) {
	if decoded := decodeBase64(string(bytes.TrimSpace(body))); len(decoded) > 0 {
		try("the body is decoded from base64", decoded)
	}
}

// fromJSONString decodes twice if need be: what was encoded once too often was sometimes encoded twice too often.
func fromJSONString(body []byte, try try) {
	for range 2 {
		decoded, ok := unquoteJSON(body)
		if !ok || try("the body is decoded from a JSON string", decoded) {
			return
		}
		body = decoded
	}
}

// fromEnvelope tries the strings that another document has, also in base64, and the objects right inside of it.
func fromEnvelope(body []byte, try try) {
	const how = "one of the values inside of it is taken for the body"
	if !isJSON(body) {
		return
	}
	if document := parse(body); document != nil {
		for _, m := range document.members {
			if m.value.kind == jsondoc.ObjectStart && try(how, m.value.append(nil)) {
				return
			}
		}
	}
	var s jsondoc.Scanner
	s.Reset(body)
	for {
		kind := s.Next()
		isString := kind == jsondoc.String || kind == jsondoc.Name
		if kind == jsondoc.End || isString && tryString(try, how, string(s.Text())) {
			return
		}
	}
}

func tryString(try try, how, text string) (over bool) {
	if strings.HasPrefix(text, "{") {
		return try(how, []byte(text))
	}
	decoded := decodeBase64(text)
	return bytes.HasPrefix(decoded, []byte("{")) && try(how+", decoded from base64", decoded)
}
