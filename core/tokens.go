package core

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

var (
	errNotJSON  = errors.New("not one JSON value in valid UTF-8 without duplicate names (RFC 7493)")
	errTrailing = errors.New("more than one JSON value")
)

// tokens reads the tokens of one JSON value. It is as strict as RFC 7493 (I-JSON): valid UTF-8, no lone surrogates, no
// duplicate names at any depth.
type tokens struct {
	decoder jsontext.Decoder
	reader  bytes.Buffer // which a Decoder reads in place
	body    []byte
}

func (t *tokens) reset(body []byte) {
	t.body = body
	t.reader = *bytes.NewBuffer(body)
	t.decoder.Reset(&t.reader)
}

// next returns the kind and the literal of the next token. A ReadToken and a look at the body cost less than PeekKind and
// ReadValue, the decoder's own way to a literal.
func (t *tokens) next() (jsontext.Kind, []byte, error) {
	start := t.decoder.InputOffset()
	token, err := t.decoder.ReadToken()
	if err != nil {
		return 0, nil, errNotJSON // the decoder's error quotes the body
	}
	literal := t.body[start:t.decoder.InputOffset()]
	for isSeparator(literal[0]) {
		literal = literal[1:]
	}
	return token.Kind(), literal, nil
}

func isSeparator(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', ',', ':':
		return true
	default:
		return false
	}
}

// end reports an error unless the value is complete and only white space follows.
func (t *tokens) end() error {
	if _, err := t.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}
