package core

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

var (
	errNotJSON  = errors.New("not one JSON value in valid UTF-8 without lone surrogates and duplicate names (RFC 7493, section 2)")
	errTrailing = errors.New("more than one JSON value")
)

// A token is a token of a JSON value.
type token struct {
	kind      jsontext.Kind
	separator byte   // ',' or ':' if one precedes it, otherwise 0
	literal   []byte // as it stands in the body
}

// tokens reads the tokens of one JSON value. It is as strict as RFC 7493 (I-JSON): valid UTF-8, no lone surrogates, no
// duplicate names at any depth.
type tokens struct {
	decoder jsontext.Decoder
	reader  bytes.Buffer // a Decoder reads a bytes.Buffer in place
	body    []byte
}

func (t *tokens) reset(body []byte) {
	t.body = body
	t.reader = *bytes.NewBuffer(body)
	t.decoder.Reset(&t.reader)
}

// next returns the next token. A ReadToken and a look at the body cost less than PeekKind and ReadValue, the decoder's own
// way to a literal.
func (t *tokens) next() (token, error) {
	start := t.decoder.InputOffset()
	read, err := t.decoder.ReadToken()
	if err != nil {
		return token{}, errNotJSON // the decoder's error quotes the body
	}
	tok := token{kind: read.Kind(), literal: t.body[start:t.decoder.InputOffset()]}
	for {
		switch c := tok.literal[0]; c {
		case ',', ':':
			tok.separator = c
		case ' ', '\t', '\r', '\n':
		default:
			return tok, nil
		}
		tok.literal = tok.literal[1:]
	}
}

func (t *tokens) depth() int { return t.decoder.StackDepth() }

// isName reports whether the token that was just read names a member of an object.
func (t *tokens) isName(tok token) bool {
	if tok.kind != '"' || tok.separator == ':' {
		return false
	}
	container, _ := t.decoder.StackIndex(t.decoder.StackDepth())
	return container == '{'
}

// end returns an error unless only white space follows.
func (t *tokens) end() error {
	if _, err := t.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}
