package core

import (
	"errors"
	"fmt"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
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
	c := canonicalizers.Get().(*canonicalizer)
	defer canonicalizers.Put(c)
	c.run(body)
	canonical, err := c.form(form)
	if err != nil {
		return dst, fmt.Errorf("%w: %w", ErrNoCanonicalForm, err)
	}
	return append(dst, canonical...), nil
}

var canonicalizers = sync.Pool{New: func() any { return new(canonicalizer) }}

// A canonicalizer writes both canonical forms of a body in one pass over its tokens. They differ in few places, and a body
// that matches neither must be cheap to refuse.
type canonicalizer struct {
	tokens  tokens
	text    []byte // the current string, unescaped
	php, js output
}

// An output is a canonical form, or the reason why there is none.
type output struct {
	bytes []byte
	err   error
}

func (c *canonicalizer) form(f Form) ([]byte, error) {
	out := &c.js
	if f == FormPHP {
		out = &c.php
	}
	return out.bytes, out.err
}

func (c *canonicalizer) run(body []byte) {
	c.php = output{bytes: c.php.bytes[:0]}
	c.js = output{bytes: c.js.bytes[:0]}
	c.tokens.reset(body)
	if err := c.writeValue(); err != nil {
		c.php.err, c.js.err = err, err
	}
}

// writeValue returns an error where neither form exists.
func (c *canonicalizer) writeValue() error {
	for {
		tok, err := c.tokens.next()
		if err != nil {
			return err
		}
		if tok.separator != 0 {
			c.write(tok.separator)
		}
		switch tok.kind {
		case '"':
			c.writeString(tok)
		case '0':
			err = c.writeNumber(tok.literal)
		default: // brackets, true, false, null
			c.write(tok.literal...)
		}
		if err != nil {
			return err
		}
		switch depth := c.tokens.depth(); {
		case depth > maxDepth:
			return errTooDeep
		case depth == 0:
			return c.tokens.end()
		}
	}
}

// write writes what both forms have in common.
func (c *canonicalizer) write(b ...byte) {
	c.php.bytes = append(c.php.bytes, b...)
	c.js.bytes = append(c.js.bytes, b...)
}

func (c *canonicalizer) writeString(tok token) {
	isName := c.tokens.isName(tok)
	if isPlain(tok.literal) {
		if isName && isArrayIndex(tok.literal[1:len(tok.literal)-1]) {
			c.js.err = errArrayIndex
		}
		c.write(tok.literal...)
		return
	}
	c.text, _ = jsontext.AppendUnquote(c.text[:0], tok.literal) // no error: the decoder has read it
	if isName {
		c.checkName(c.text)
	}
	c.php.bytes = appendPHPString(c.php.bytes, c.text)
	c.js.bytes = appendJSString(c.js.bytes, c.text)
}

func (c *canonicalizer) checkName(name []byte) {
	if len(name) > 0 && name[0] == 0 {
		c.php.err = errNULName
	}
	if isArrayIndex(name) {
		c.js.err = errArrayIndex
	}
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

func (c *canonicalizer) writeNumber(literal []byte) error {
	if isShortInteger(literal) {
		c.write(literal...)
		return nil
	}
	n, err := parseNumber(literal)
	if err != nil {
		return err
	}
	c.php.bytes = n.appendPHP(c.php.bytes)
	c.js.bytes = n.appendJS(c.js.bytes)
	return nil
}
