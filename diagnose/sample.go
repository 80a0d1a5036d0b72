package diagnose

import "bytes"

// isSample reports whether the body fails to be JSON only because of what is wrong with the sample
// in URLR's documentation. That has its names in double quotes; a body without any is an object
// that a programming language printed.
func isSample(body []byte) bool {
	inside, isObject := bytes.CutPrefix(bytes.TrimSpace(body), []byte("{"))
	return isObject && bytes.HasPrefix(bytes.TrimSpace(inside), []byte(`"`)) && isJSON(fixSample(body))
}

// sampleToJSON also tries null for 'null', which the documentation writes.
func sampleToJSON(body []byte, try try) {
	const how = "trailing commas are removed from the body and its single quotes are double ones"
	if isJSON(body) || !isSample(body) {
		return
	}
	fixed := fixSample(body)
	try(how, fixed)
	try(how+", and 'null' is null", bytes.ReplaceAll(fixed, []byte(`"null"`), []byte(`null`)))
}

// fixSample removes trailing commas and turns single quotes into double ones.
func fixSample(text []byte) []byte {
	fixed := make([]byte, 0, len(text)+16)
	var quote byte // of the string that c is in, or 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == '\\' && i+1 < len(text):
			fixed = append(fixed, c, text[i+1])
			i++
			continue
		case quote == 0 && (c == '"' || c == '\''):
			quote, c = c, '"'
		case c == quote:
			quote, c = 0, '"'
		case quote == '\'' && c == '"':
			fixed = append(fixed, '\\')
		case quote == 0 && c == ',' && isBeforeClosing(text[i+1:]):
			continue
		}
		fixed = append(fixed, c)
	}
	return fixed
}

// isBeforeClosing reports whether the next token closes an object or an array.
func isBeforeClosing(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && (rest[0] == '}' || rest[0] == ']')
}
