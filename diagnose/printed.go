package diagnose

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// fromPrintedObject parses an object as Python, JavaScript and Ruby print it: {'event': None}, {
// event: null }, {"event"=>nil}.
func fromPrintedObject(body []byte, try try) {
	if document := readPrinted(body); document != nil {
		try("the body, an object as a language prints it, is written as JSON", document)
	}
}

// readPrinted returns the JSON of a printed object, or nil for other text.
func readPrinted(body []byte) []byte {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) || isJSON(body) {
		return nil
	}
	var document []byte
	for text := string(body); text != ""; {
		token := printedToken.FindString(text)
		if token == "" {
			token = text[:1]
		}
		if isQuote(token) {
			return nil // an unterminated string: searching its end again and again would take long
		}
		rest := text[len(token):]
		document = appendPrinted(document, token, rest)
		text = rest
	}
	if !isJSON(document) {
		return nil
	}
	return document
}

// printedToken matches a string, Ruby's arrow or symbol, or a word: a name without quotes, or a
// constant.
var printedToken = regexp.MustCompile(
	`^(?s:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\x60(?:[^\x60\\]|\\.)*\x60|=>|:?[A-Za-z_$][A-Za-z_$0-9]*)`,
)

func isQuote(token string) bool { return token == "'" || token == `"` || token == "`" }

// constants maps the constants of programming languages to those of JSON.
var constants = map[string]string{
	"true": "true", "false": "false", "null": "null",
	"True": "true", "False": "false", "None": "null", "nil": "null", "undefined": "null",
}

// appendPrinted appends a token of a printed object as JSON.
func appendPrinted(dst []byte, token, rest string) []byte {
	constant, isConstant := constants[token]
	switch {
	case token == "=>":
		return append(dst, ':')
	case isQuote(token[:1]):
		return jsondoc.AppendQuoted(dst, bytes.ToValidUTF8(unescape(token[1:len(token)-1], false), []byte("\ufffd")))
	case isConstant:
		return append(dst, constant...)
	case printedWord.MatchString(token):
		return jsondoc.AppendQuoted(dst, []byte(strings.TrimPrefix(token, ":")))
	case token == "," && isBeforeClosing([]byte(rest)):
		return dst
	default:
		return append(dst, token...)
	}
}

var printedWord = regexp.MustCompile(`^:?[A-Za-z_$]`)
