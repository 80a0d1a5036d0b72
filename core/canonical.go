package core

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is how deep arrays and objects can be nested in a canonical form: PHP's json_decode reads no deeper by default.
const maxDepth = 511

// ErrNoCanonicalForm is what the errors of [Canonicalize] wrap.
var ErrNoCanonicalForm = errors.New("urlr: no canonical form")

var (
	errTooDeep    = fmt.Errorf("nested deeper than %d", maxDepth)
	errOverflow   = errors.New("a number overflows a double")
	errNULName    = errors.New("PHP refuses names that begin with U+0000")
	errArrayIndex = errors.New("JavaScript moves names that are array indices to the front")
)

// Canonicalize appends body in the given form to dst and returns the extended buffer. With [FormRaw] that is body itself,
// whatever it is. For the other forms, body must be one JSON value that all parsers read alike; otherwise the error wraps
// [ErrNoCanonicalForm], and dst is returned as it was. These have no canonical form:
//
//   - what is not JSON (RFC 8259), is not valid UTF-8, or has a lone surrogate or a duplicate name (RFC 7493, section 2)
//   - numbers that overflow a double, such as 1e400
//   - arrays and objects nested deeper than 511, as PHP's json_decode reads no deeper
//   - for [FormPHP], names that begin with U+0000, which json_decode refuses
//   - for [FormJS], names that are array indices, 0 to 4294967294, which JavaScript reorders (ECMA-262, sections 6.1.7
//     and 10.1.11.1)
func Canonicalize(dst, body []byte, form Form) ([]byte, error) {
	switch form {
	case FormRaw:
		return append(dst, body...), nil
	case FormPHP, FormJS:
		c := canonicalizers.Get().(*canonicalizer)
		defer canonicalizers.Put(c)
		c.run(body)
		out := c.form(form)
		if out.err != nil {
			return dst, fmt.Errorf("%w: %w", ErrNoCanonicalForm, out.err)
		}
		return append(dst, out.bytes...), nil
	default:
		return dst, fmt.Errorf("urlr: unknown form %d: use FormRaw, FormPHP or FormJS", form)
	}
}

var canonicalizers = sync.Pool{New: func() any { return new(canonicalizer) }}

// A canonicalizer writes both canonical forms of a body in one pass over its tokens.
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

func (c *canonicalizer) form(f Form) *output {
	if f == FormPHP {
		return &c.php
	}
	return &c.js
}

func (c *canonicalizer) run(body []byte) {
	c.php = output{bytes: c.php.bytes[:0]}
	c.js = output{bytes: c.js.bytes[:0]}
	c.tokens.reset(body)
	if err := c.writeValue(); err != nil {
		c.refuse(err)
	}
}

func (c *canonicalizer) refuse(err error) {
	c.php.err, c.js.err = err, err
}

// writeValue returns an error where neither form exists.
func (c *canonicalizer) writeValue() error {
	for {
		kind, literal, err := c.tokens.next()
		if err != nil {
			return err
		}
		if kind != '}' && kind != ']' {
			c.separate(':')
		}
		depth := c.tokens.decoder.StackDepth()
		switch kind {
		case '"':
			...
		}
		if depth == 0 {
			return c.tokens.end()
		}
	}
}
