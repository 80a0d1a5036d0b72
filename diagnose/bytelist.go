package diagnose

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

func fromHex(body []byte, try try) {
	digits := bytes.TrimPrefix(
		bytes.TrimPrefix(bytes.TrimSpace(body), []byte(`\x`)),
		[]byte("0x"),
	) // \x is PostgreSQL's
	if decoded, err := hex.DecodeString(string(digits)); err == nil && len(decoded) > 0 {
		try("the body is decoded from hexadecimal", decoded)
	}
}

// fromByteList tries a body that lists bytes, and objects inside another document that do.
func fromByteList(body []byte, try try) {
	const how = "the numbers in the body are taken for its bytes"
	if list := printedBytes(string(body)); list != nil {
		try(how, list)
	}
	document := parse(body)
	if document == nil {
		return
	}
	document.walk(func(v *value) {
		data := v.member("data")
		if data == nil {
			data = v
		}
		if list := bytesOf(data); list != nil {
			try(how, list)
		}
	})
}

// bytesOf returns the bytes listed by an array, or by an object in the way JavaScript writes a
// Uint8Array. It returns nil for anything else.
func bytesOf(v *value) []byte {
	var list []byte
	for _, m := range v.members {
		n, err := strconv.ParseUint(string(m.value.text), 10, 8)
		if m.value.kind != jsondoc.Number || err != nil {
			return nil
		}
		list = append(list, byte(n))
	}
	return list
}

// printedBytes parses bytes as programming languages print them: "[123 34]", "123,34", "<Buffer 7b
// 22>". It returns nil for other text.
func printedBytes(text string) []byte {
	base := 10
	text = strings.TrimSpace(text)
	if digits, found := strings.CutPrefix(text, "<Buffer"); found {
		text, base = digits, 16
	}
	var list []byte
	isSeparator := func(r rune) bool { return strings.ContainsRune(" ,\t\r\n", r) }
	for field := range strings.FieldsFuncSeq(strings.Trim(text, "[]{}<>()"), isSeparator) {
		n, err := strconv.ParseUint(field, base, 8)
		if err != nil {
			return nil
		}
		list = append(list, byte(n))
	}
	return list
}
