package core

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

var errNotJSON = errors.New("not one JSON value in valid UTF-8 without lone surrogates and duplicate names (RFC 8259; RFC 7493, section 2)")

// A jsonText is a JSON value and where its tokens stand in it.
type jsonText struct {
	bytes  []byte
	tokens []token
	err    error // why there is none
}

// A token is a token of a jsonText. It has four fields, since Go keeps no larger struct in registers: a fifth made
// verification a quarter slower.
type token struct {
	start, end int
	kind       byte // the first of its bytes, but '0' for any number, and plainString
	separator  byte // the ',' or ':' that precedes it, or 0
}

// plainString is the kind of a string that both canonical forms write as it is. Any other string has the kind '"'.
const plainString = 's'

func (t token) isString() bool { return t.kind == '"' || t.kind == plainString }

// nesting returns by how much a token makes the depth grow.
func nesting(tok token) int {
	switch tok.kind {
	case '{', '[':
		return 1
	case '}', ']':
		return -1
	default:
		return 0
	}
}

func (t *jsonText) reset(b []byte) {
	t.bytes, t.tokens, t.err = b, t.tokens[:0], nil
}

// resetLike prepares t for the tokens of another text, written differently.
func (t *jsonText) resetLike(other *jsonText) {
	t.bytes, t.tokens, t.err = t.bytes[:0], append(t.tokens[:0], other.tokens...), nil
}

func (t *jsonText) literal(tok token) []byte { return t.bytes[tok.start:tok.end] }

// valueBytes returns how much all strings that are values of members have at most, unquoted.
func (t *jsonText) valueBytes() int {
	n := 0
	for _, tok := range t.tokens {
		if tok.isString() && tok.separator == ':' {
			n += tok.end - tok.start - len(`""`)
		}
	}
	return n
}

// isName reports whether the i-th token names a member of an object.
func (t *jsonText) isName(i int) bool {
	return i+1 < len(t.tokens) && t.tokens[i+1].separator == ':'
}

// scan validates the text and finds its tokens. It is as strict as RFC 7493 (I-JSON): valid UTF-8, no lone surrogates, no
// duplicate names at any depth.
func (t *jsonText) scan() error {
	if !jsontext.Value(t.bytes).IsValid() {
		return errNotJSON
	}
	t.tokenize()
	return nil
}

// tokenize finds the tokens of a text that jsontext has found valid. A jsontext.Decoder could hand them out one by one, but
// takes a quarter longer than both steps, and the tokens of a valid text are easy to find (RFC 8259, section 2).
func (t *jsonText) tokenize() {
	b, tokens := t.bytes, t.tokens[:0]
	var separator byte
	for i := 0; i < len(b); {
		tok := token{start: i, kind: b[i], separator: separator}
		switch tok.kind {
		case ' ', '\t', '\r', '\n':
			i++
			continue
		case ',', ':':
			separator = tok.kind
			i++
			continue
		case '{', '}', '[', ']':
			i++
		case '"':
			i, tok.kind = endOfString(b, i)
		case 'n', 't':
			i += len("null")
		case 'f':
			i += len("false")
		default:
			i, tok.kind = endOfNumber(b, i), '0'
		}
		tok.end = i
		tokens = append(tokens, tok)
		separator = 0
	}
	t.tokens = tokens
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
