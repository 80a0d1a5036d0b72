package core

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

var errNotJSON = errors.New("not one JSON value in valid UTF-8 without lone surrogates and duplicate names (RFC 8259; RFC 7493, section 2)")

// validate is as strict as RFC 7493 (I-JSON): valid UTF-8, no lone surrogates, no duplicate names at any depth.
func validate(text []byte) error {
	if !jsontext.Value(text).IsValid() {
		return errNotJSON
	}
	return nil
}

// A token is a token of a JSON text, from start to end. It has four fields, since Go keeps no larger struct in registers: a fifth
// made verification a quarter slower.
type token struct {
	start, end int
	kind       byte // the first of its bytes, but '0' for any number, and plainString
	separator  byte // the ',' or ':' that precedes it, or 0
}

// plainString is the kind of a string that both canonical forms write as it is. Any other string has the kind '"'.
const plainString = 's'

func (t token) isString() bool { return t.kind == '"' || t.kind == plainString }

// nesting returns by how much a token makes the depth grow.
func (t token) nesting() int {
	switch t.kind {
	case '{', '[':
		return 1
	case '}', ']':
		return -1
	default:
		return 0
	}
}

// A tokenizer finds the tokens of a valid JSON text. A verification reads tokens up to three times: for the claim, the canonical
// forms and the event. A jsontext.Decoder would validate each time, which takes three times as long as finding the tokens of a text
// that is known to be valid; and that is easy (RFC 8259, section 2).
type tokenizer struct {
	text []byte
	at   int
}

// next returns the next token. There must be one.
func (z *tokenizer) next() token {
	var separator byte
	for {
		start := z.at
		kind := z.text[start]
		switch kind {
		case ' ', '\t', '\r', '\n':
			z.at++
			continue
		case ',', ':':
			separator = kind
			z.at++
			continue
		case '{', '}', '[', ']':
			z.at++
		case '"':
			z.at, kind = endOfString(z.text, start)
		case 'n', 't':
			z.at += len("null")
		case 'f':
			z.at += len("false")
		default:
			z.at, kind = endOfNumber(z.text, start), '0'
		}
		return token{start, z.at, kind, separator}
	}
}

func (z *tokenizer) literal(t token) []byte { return z.text[t.start:t.end] }

// isName reports whether t, the last token, names a member of an object.
func (z *tokenizer) isName(t token) bool {
	if t.separator == ':' {
		return false
	}
	for _, c := range z.text[t.end:] {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == ':'
		}
	}
	return false
}

// endOfString returns where the string that begins at i ends, and its kind.
func endOfString(b []byte, i int) (end int, kind byte) {
	i++
	for asIs[b[i]] {
		i++
	}
	if b[i] == '"' {
		return i + 1, plainString
	}
	for ; b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return i + 1, '"'
}

// endOfNumber returns where the number that begins at i ends.
func endOfNumber(b []byte, i int) int {
	for ; i < len(b); i++ {
		switch b[i] {
		case ',', ']', '}', ' ', '\t', '\r', '\n':
			return i
		}
	}
	return i
}
