package diagnose

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
)

// percentDecoded leaves forms to fromForm.
func percentDecoded(body []byte, try try) {
	if bytes.Contains(body, []byte("%")) {
		tryUnescaped(try, "the body is percent-decoded", string(body))
	}
}

// fromForm also tries names, because form parsers treat a body without "=" as a name.
func fromForm(body []byte, try try) {
	for pair := range strings.SplitSeq(string(body), "&") {
		name, value, _ := strings.Cut(pair, "=")
		if tryUnescaped(try, "the value of one of its form fields is taken for the body", value) ||
			tryUnescaped(try, "the name of one of its form fields is taken for the body", name) {
			return
		}
	}
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

// fromMultipart takes the boundary from the first line, because the content type is not available.
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

// fromBase64 also accepts base64 in quotes, as Go's encoding/json writes a []byte, and in Python's
// b'…'.
func fromBase64(body []byte, try try) {
	text := string(bytes.TrimSpace(body))
	if inner := strings.TrimPrefix(text, "b"); inner != unquote(inner) {
		text = unquote(inner)
	}
	if decoded := decodeBase64(text); len(decoded) > 0 {
		try("the body is decoded from base64", decoded)
	}
}

// fromJSONString decodes up to twice, because bodies are sometimes encoded twice.
func fromJSONString(body []byte, try try) {
	for range 2 {
		decoded, ok := unquoteJSON(body)
		if !ok || try("the body is decoded from a JSON string", decoded) {
			return
		}
		body = decoded
	}
}
