package core

import (
	"errors"
	"fmt"
)

// maxDepth is how deep arrays and objects can be nested in a canonical form: PHP's json_decode reads no deeper by default.
const maxDepth = 511

// ErrNoCanonicalForm is what [Canonicalize] wraps for a body that has no such form.
var ErrNoCanonicalForm = errors.New("urlr: no canonical form")

var (
	errTooDeep    = fmt.Errorf("nested deeper than %d", maxDepth)
	errOverflow   = errors.New("a number overflows a double")
	errNULName    = errors.New("PHP refuses names that begin with U+0000")
	errArrayIndex = errors.New("JavaScript moves names that are array indices to the front")
)

// Canonicalize appends body in the given form to dst and returns the extended buffer. With [FormRaw] that is body itself,
// whatever it is. For the other forms body must be one JSON value that all parsers read alike; otherwise the error wraps
// [ErrNoCanonicalForm], and dst is returned as it was. These have no canonical form:
//
//   - what is not JSON (RFC 8259), is not valid UTF-8, or has a lone surrogate or a duplicate name (RFC 7493, section 2)
//   - numbers that overflow a double, such as 1e400
//   - arrays and objects nested deeper than 511, as PHP's json_decode reads no deeper
//   - for [FormPHP], names that begin with U+0000, which json_decode refuses
//   - for [FormJS], names that are array indices, 0 to 4294967294, which JavaScript reorders (ECMA-262, sections 6.1.7
//     and 10.1.11.1)
func Canonicalize(dst, body []byte, form Form) ([]byte, error) {
	if !form.valid() {
		return dst, fmt.Errorf("urlr: unknown form %d: use FormRaw, FormPHP or FormJS", form)
	}
	if form == FormRaw {
		return append(dst, body...), nil
	}
	d := newDocument(body)
	defer d.free()
	canonical, err := d.form(form)
	if err != nil {
		return dst, fmt.Errorf("%w: %w", ErrNoCanonicalForm, err)
	}
	return append(dst, canonical...), nil
}

// canonicalize writes both canonical forms in one pass: they differ in few places, and a body that matches neither must be
// cheap to refuse.
func (d *document) canonicalize() {
	php, js := d.php.bytes[:0], d.js.bytes[:0]
	d.php.err, d.js.err = nil, nil
	err := d.validate()
	z := tokenizer{text: d.body}
	for depth := 0; err == nil; {
		tok := z.next()
		if tok.separator != 0 {
			php, js = append(php, tok.separator), append(js, tok.separator)
		}
		switch literal := z.literal(tok); tok.kind {
		case '"', plainString:
			php, js = d.appendString(php, js, literal, tok.kind, z.isName(tok))
		case '0':
			php, js, err = appendNumber(php, js, literal)
		default: // a bracket, true, false, null
			php, js = append(php, literal...), append(js, literal...)
		}
		if depth += tok.nesting(); depth > maxDepth {
			err = errTooDeep
		}
		if depth == 0 {
			break
		}
	}
	d.php.bytes, d.js.bytes = php, js
	if err != nil {
		d.php.err, d.js.err = err, err
	}
}

// appendString appends a string to both forms, and notes where a name excludes one of them.
func (d *document) appendString(php, js, literal []byte, kind byte, isName bool) (_, _ []byte) {
	text := d.unquote(literal, kind)
	if isName {
		d.checkName(text)
	}
	if kind == plainString {
		return append(php, literal...), append(js, literal...)
	}
	return appendPHPString(php, text), appendJSString(js, text)
}

func (d *document) checkName(name []byte) {
	if len(name) > 0 && name[0] == 0 {
		d.php.err = errNULName
	}
	if isArrayIndex(name) {
		d.js.err = errArrayIndex
	}
}

func appendNumber(php, js, literal []byte) (_, _ []byte, err error) {
	if isShortInteger(literal) {
		return append(php, literal...), append(js, literal...), nil
	}
	n, err := parseNumber(literal)
	if err != nil {
		return php, js, err
	}
	return n.appendPHP(php), n.appendJS(js), nil
}

// isArrayIndex reports whether name is an integer from 0 to 2^32-2 in its canonical notation (ECMA-262, section 6.1.7).
func isArrayIndex(name []byte) bool {
	if len(name) == 0 || len(name) > len("4294967294") {
		return false
	}
	if name[0] == '0' {
		return len(name) == 1
	}
	var n uint64
	for _, c := range name {
		if c < '0' || c > '9' {
			return false
		}
		n = n*10 + uint64(c-'0')
	}
	return n <= 1<<32-2
}
